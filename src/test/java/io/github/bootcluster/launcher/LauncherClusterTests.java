package io.github.bootcluster.launcher;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What a launcher is in its own cluster. */
class LauncherClusterTests {

	private final LauncherCluster cluster = new LauncherCluster(new SupervisorFixture(1).allReady()::latest);

	@Test
	void launcherHasNoPlaceAndNeverLeads() {
		assertThat(this.cluster.snapshot().leader()).isNotNull();
		assertThat(this.cluster.isLeader()).isFalse();
		assertThat(this.cluster.slot()).isEmpty();
		assertThat(this.cluster.generation()).isEqualTo(1);
	}

	@Test
	void launcherCannotBeRecycled() {
		assertThatIllegalStateException().isThrownBy(this.cluster::recycle).withMessageContaining("LAUNCHER");
	}

}

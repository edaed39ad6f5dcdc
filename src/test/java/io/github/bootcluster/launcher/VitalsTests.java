package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.Set;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.control.JvmUsage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class VitalsTests {

	private static final WorkerId WORKER = WorkerId.of(1);

	private static final WorkerId OTHER = WorkerId.of(2);

	private final Vitals vitals = new Vitals();

	@Test
	void nothingIsKnownOfAWorkerThatNobodySpokeOf() {
		assertThat(this.vitals.of(WORKER)).isEmpty();
	}

	@Test
	void whatTheSystemAndTheJvmSayComesTogether() {
		this.vitals.measured(WORKER, 0, Duration.ZERO, 1000L);
		assertThat(this.vitals.of(WORKER)).contains(new WorkerVitals(null, 1000L, null, null, null, null, null));
		this.vitals.measured(WORKER, 1_000_000_000, Duration.ofMillis(500), 2000L);
		this.vitals.told(WORKER, new JvmUsage(10, null, 3, 250, 7));
		assertThat(this.vitals.of(WORKER)).contains(new WorkerVitals(0.5, 2000L, 10L, null, 3L, 0.25, 7));
		assertThat(this.vitals.of(OTHER)).isEmpty();
	}

	@Test
	void systemThatTellsNothingLeavesWhatTheJvmSays() {
		this.vitals.measured(WORKER, 0, null, null);
		this.vitals.told(WORKER, new JvmUsage(10, 20L, 3, 250, 7));
		assertThat(this.vitals.of(WORKER)).contains(new WorkerVitals(null, null, 10L, 20L, 3L, 0.25, 7));
	}

	@Test
	void deadAreForgotten() {
		this.vitals.measured(WORKER, 0, Duration.ZERO, 1000L);
		this.vitals.told(WORKER, new JvmUsage(10, 20L, 3, 250, 7));
		this.vitals.told(OTHER, new JvmUsage(10, 20L, 3, 250, 7));
		this.vitals.retain(Set.of(OTHER));
		assertThat(this.vitals.of(WORKER)).isEmpty();
		assertThat(this.vitals.of(OTHER)).isPresent();
	}

}

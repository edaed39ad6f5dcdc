package io.github.bootcluster.actuate;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/** Tests for {@link ClusterHealthIndicator}. */
class ClusterHealthIndicatorTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			DEGRADED, 0, 4, 1, DOWN
			DEGRADED, 1, 4, 1, UP
			DEGRADED, 2, 4, 3, DOWN
			DEGRADED, 3, 4, 3, UP
			# Scaled down below what is enough.
			RUNNING,  2, 2, 3, UP
			DEGRADED, 1, 2, 3, DOWN
			STOPPING, 4, 4, 1, OUT_OF_SERVICE
			""")
	void statusTellsWhetherEnoughWorkersAreReady(ClusterState state, int ready, int desired, int enough,
			String status) {
		ClusterSnapshot snapshot = mock(ClusterSnapshot.class);
		given(snapshot.state()).willReturn(state);
		given(snapshot.readyWorkers()).willReturn(ready);
		given(snapshot.desiredWorkers()).willReturn(desired);
		Cluster cluster = mock(Cluster.class);
		given(cluster.snapshot()).willReturn(snapshot);
		assertThat(new ClusterHealthIndicator(cluster, enough).health().getStatus().getCode()).isEqualTo(status);
	}

}

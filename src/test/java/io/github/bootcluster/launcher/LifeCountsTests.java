package io.github.bootcluster.launcher;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.ExitInfo.Cause;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.ReloadSnapshot;
import io.github.bootcluster.ReloadSnapshot.State;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerExited;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerStarted;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@link LifeCounts}. */
class LifeCountsTests {

	private final LifeCounts counts = new LifeCounts();

	@Test
	void everyReloadCountsOnceWhenItHasEnded() {
		tellOf(null);
		for (int i = 1; i <= 3; i++) {
			for (State state : List.of(State.STAGING, State.ROLLING, (i == 2) ? State.FAILED : State.SUCCEEDED)) {
				ReloadSnapshot reload = new ReloadSnapshot(i, state, "", Instant.ofEpochSecond(i), null, 1, 0, null,
						null);
				tellOf(reload);
				tellOf(reload);
			}
		}
		assertThat(this.counts.report().reloadsSucceeded()).isEqualTo(2);
		assertThat(this.counts.report().reloadsFailed()).isEqualTo(1);
	}

	private void tellOf(ReloadSnapshot reload) {
		this.counts.changed(new ClusterSnapshot(1, ClusterState.RUNNING, SchedulingPolicy.ROUND_ROBIN, 1, 1,
				LauncherSnapshot.ofThisProcess(), DispatcherSnapshot.none(0), "none", List.of(), reload, null));
	}

	@Test
	void startsAndExitsAreCountedBySlotAndCause() {
		for (long id : List.of(1L, 2L, 3L)) {
			this.counts.happened(new WorkerStarted(WorkerId.of(id), 1, 1, 100, Instant.EPOCH));
			this.counts.happened(new WorkerExited(1, 1, 100, new ExitInfo(WorkerId.of(id), 137, "SIGKILL", false,
					Instant.EPOCH, (id == 3) ? Cause.ASKED : Cause.SIGNAL, "")));
		}
		assertThat(this.counts.report().starts()).isEqualTo(Map.of(1, 3L));
		assertThat(this.counts.report().exits()).isEqualTo(Map.of(1, Map.of(Cause.SIGNAL, 2L, Cause.ASKED, 1L)));
	}

}

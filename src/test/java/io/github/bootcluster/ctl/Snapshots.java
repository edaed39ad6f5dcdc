package io.github.bootcluster.ctl;

import java.time.Instant;
import java.util.List;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.ReloadSnapshot;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;

/** A cluster that has seen a few things. */
final class Snapshots {

	static final Instant NOW = Instant.parse("2026-11-22T18:00:00Z");

	private Snapshots() {
	}

	static ClusterSnapshot cluster() {
		return cluster(null);
	}

	static ClusterSnapshot cluster(ReloadSnapshot reload) {
		return new ClusterSnapshot(10, ClusterState.DEGRADED, SchedulingPolicy.ROUND_ROBIN, 2, 3,
				new LauncherSnapshot(26861, NOW.minusSeconds(93_784), "17.0.15"),
				new DispatcherSnapshot(8080, 12, 3, 0, 1_234_567, 1, 2), "embedded-h2", workers(), reload,
				WorkerId.of(2));
	}

	static ReloadSnapshot reload(ReloadSnapshot.State state, int slotsDone, String reason) {
		return new ReloadSnapshot(3, state, "test", NOW, null, 4, slotsDone, reason, null);
	}

	private static List<WorkerSnapshot> workers() {
		ExitInfo killed = new ExitInfo(WorkerId.of(1), 137, "SIGKILL", false, NOW.minusSeconds(125),
				ExitInfo.Cause.SIGNAL, "ended by SIGKILL");
		ExitInfo replaced = new ExitInfo(WorkerId.of(4), 0, null, true, NOW.minusSeconds(7300), ExitInfo.Cause.ASKED,
				"exited with status 0");
		ExitInfo failed = new ExitInfo(WorkerId.of(9), 1, null, false, NOW.minusSeconds(1), ExitInfo.Cause.FAILURE,
				"exited with status 1");
		return List.of(worker(12, 1, 27069L, 36559, WorkerState.READY, 125, 1, null, killed),
				worker(2, 2, 26947L, 40443, WorkerState.READY, 93_000, 0, null, replaced),
				worker(9, 3, null, null, WorkerState.BACKOFF, 10, 17, NOW.plusSeconds(4), failed),
				worker(11, 0, 27100L, 40001, WorkerState.STANDBY, 60, 0, null, null));
	}

	private static WorkerSnapshot worker(long id, int slot, Long pid, Integer port, WorkerState state, long age,
			int restarts, Instant next, ExitInfo exit) {
		return new WorkerSnapshot(WorkerId.of(id), slot, 2, pid, port, state, NOW.minusSeconds(age), restarts, 1,
				500_000, 0, NOW, next, exit);
	}

}

package io.github.bootcluster.launcher;

import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ExitInfo.Cause;
import io.github.bootcluster.LifeReport;
import io.github.bootcluster.ReloadSnapshot;
import io.github.bootcluster.WorkerEvent;
import io.github.bootcluster.WorkerExited;
import io.github.bootcluster.WorkerStarted;
import org.jspecify.annotations.Nullable;

/**
 * Counts what becomes of processes. Told by the supervisor's thread, asked by any.
 */
final class LifeCounts {

	/** Guarded by this. */
	private final Map<Integer, Long> starts = new HashMap<>();

	/** Guarded by this. */
	private final Map<Integer, Map<Cause, Long>> exits = new HashMap<>();

	/** Guarded by this. */
	private long reloadsSucceeded;

	/** Guarded by this. */
	private long reloadsFailed;

	/** When the reload began that was counted last. Guarded by this. */
	private @Nullable Instant counted;

	synchronized void happened(WorkerEvent event) {
		if (event instanceof WorkerStarted) {
			this.starts.merge(event.slot(), 1L, Long::sum);
		}
		else if (event instanceof WorkerExited exited) {
			this.exits.computeIfAbsent(event.slot(), (added) -> new EnumMap<>(Cause.class))
				.merge(exited.exit().cause(), 1L, Long::sum);
		}
	}

	/** A reload is told of more than once; each counts when it has ended. */
	synchronized void changed(ClusterSnapshot snapshot) {
		ReloadSnapshot reload = snapshot.reload();
		if (reload != null && !reload.state().isUnderWay() && !reload.startedAt().equals(this.counted)) {
			this.counted = reload.startedAt();
			if (reload.state() == ReloadSnapshot.State.SUCCEEDED) {
				this.reloadsSucceeded++;
			}
			else {
				this.reloadsFailed++;
			}
		}
	}

	synchronized LifeReport report() {
		Map<Integer, Map<Cause, Long>> copy = new HashMap<>();
		this.exits.forEach((slot, causes) -> copy.put(slot, Map.copyOf(causes)));
		return new LifeReport(this.starts, copy, this.reloadsSucceeded, this.reloadsFailed);
	}

}

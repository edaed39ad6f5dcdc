package io.github.bootcluster;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One worker at one moment.
 *
 * @param id identity of the process
 * @param slot stable place in the cluster, from 1; {@value #NO_SLOT} for a worker that
 * stands by, and for those before and after it in its place
 * @param generation grows with every reload, from 1
 * @param pid process id, or {@code null} while no process exists
 * @param port port of its web server, or {@code null} while that is not known: one of its
 * own on loopback, or the public one with {@link SchedulingPolicy#NONE}
 * @param state where it is in its life
 * @param startedAt when the process was spawned
 * @param restarts how many workers this slot lost to crashes so far
 * @param inFlight requests it is working on
 * @param requests requests handed to it so far
 * @param failures of those, the ones it gave no complete answer to
 * @param heartbeatAt last sign of life, or {@code null} before the first
 * @param nextStartAt when the replacement starts, or {@code null} outside of
 * {@link WorkerState#BACKOFF}
 * @param lastExit how the latest process of this slot ended, or {@code null} if none did
 * @since 0.1.0
 */
public record WorkerSnapshot(WorkerId id, int slot, int generation, @Nullable Long pid, @Nullable Integer port,
		WorkerState state, Instant startedAt, int restarts, int inFlight, long requests, long failures,
		@Nullable Instant heartbeatAt, @Nullable Instant nextStartAt, @Nullable ExitInfo lastExit) {

	/** What stands for the slot of a worker that has none (yet). */
	public static final int NO_SLOT = 0;

	/** Whether requests may be sent to it. */
	public boolean isRoutable() {
		return this.state == WorkerState.READY && this.port != null;
	}

	/** The same worker with the counts of its traffic. */
	public WorkerSnapshot withTraffic(int inFlight, long requests, long failures) {
		return new WorkerSnapshot(this.id, this.slot, this.generation, this.pid, this.port, this.state, this.startedAt,
				this.restarts, inFlight, requests, failures, this.heartbeatAt, this.nextStartAt, this.lastExit);
	}

	/** The same worker with another last sign of life. */
	public WorkerSnapshot withHeartbeatAt(@Nullable Instant heartbeatAt) {
		return new WorkerSnapshot(this.id, this.slot, this.generation, this.pid, this.port, this.state, this.startedAt,
				this.restarts, this.inFlight, this.requests, this.failures, heartbeatAt, this.nextStartAt,
				this.lastExit);
	}

}

package io.github.bootcluster.launcher;

import java.time.Instant;

import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import org.jspecify.annotations.Nullable;

/**
 * A stable place for one worker after the other. Every field is owned by the supervisor's
 * thread.
 */
final class Slot {

	private final int number;

	private final Backoff backoff;

	/** The live worker, or {@code null} between two workers. */
	private @Nullable Worker worker;

	/** What is shown of the slot while it has no live worker. */
	private @Nullable WorkerSnapshot vacancy;

	private @Nullable Instant nextStartAt;

	private @Nullable ExitInfo lastExit;

	private int restarts;

	/** Whether its first worker got ready or ended. */
	private boolean firstResultKnown;

	Slot(int number, Backoff backoff) {
		this.number = number;
		this.backoff = backoff;
	}

	int number() {
		return this.number;
	}

	Backoff backoff() {
		return this.backoff;
	}

	@Nullable Worker worker() {
		return this.worker;
	}

	@Nullable Instant nextStartAt() {
		return this.nextStartAt;
	}

	@Nullable ExitInfo lastExit() {
		return this.lastExit;
	}

	boolean isFirstResultKnown() {
		return this.firstResultKnown;
	}

	void markFirstResult() {
		this.firstResultKnown = true;
	}

	void occupy(Worker worker) {
		this.worker = worker;
		this.vacancy = null;
		this.nextStartAt = null;
	}

	/** Its worker ended and is not replaced. */
	void leaveEmpty(WorkerSpec spec, Instant startedAt, ExitInfo exit) {
		this.lastExit = exit;
		this.nextStartAt = null;
		vacate(spec, startedAt, WorkerState.EXITED);
	}

	/** Its worker ended and is replaced at the given time. */
	void awaitNext(WorkerSpec spec, Instant startedAt, ExitInfo exit, Instant nextStartAt) {
		this.lastExit = exit;
		this.restarts++;
		this.nextStartAt = nextStartAt;
		vacate(spec, startedAt, WorkerState.BACKOFF);
	}

	/** Give up waiting for the next worker. */
	void giveUp() {
		this.nextStartAt = null;
		if (this.vacancy != null) {
			vacate(new WorkerSpec(this.vacancy.id(), this.number, this.vacancy.generation()), this.vacancy.startedAt(),
					WorkerState.EXITED);
		}
	}

	/** The slot as others see it, or {@code null} before its first worker. */
	@Nullable WorkerSnapshot snapshot() {
		Worker live = this.worker;
		if (live == null) {
			return this.vacancy;
		}
		return new WorkerSnapshot(live.spec().id(), this.number, live.spec().generation(), live.pid(), live.port(),
				live.state(), live.startedAt(), this.restarts, 0, 0, 0, live.heartbeatAt(), null, this.lastExit);
	}

	private void vacate(WorkerSpec spec, Instant startedAt, WorkerState state) {
		this.worker = null;
		this.vacancy = new WorkerSnapshot(spec.id(), this.number, spec.generation(), null, null, state, startedAt,
				this.restarts, 0, 0, 0, null, this.nextStartAt, this.lastExit);
	}

}

package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor's view of one live worker process. Every field is owned by the
 * supervisor's thread; every change of state goes through {@link #become}.
 */
final class Worker {

	private WorkerSpec spec;

	private Slot slot;

	private final long pid;

	private final Instant startedAt;

	private final Allowance allowance;

	private WorkerState state = WorkerState.STARTING;

	private Ending ending = Ending.NONE;

	/** When the present state has lasted too long; {@code null} for no limit. */
	private @Nullable Instant deadline;

	/** Whether the launcher asked for the end: Node's exitedAfterDisconnect. */
	private boolean expected;

	/** Why the launcher ended a worker that it did not want to end. */
	private @Nullable String fault;

	private boolean accepting;

	private @Nullable Integer port;

	/** When its application first accepted traffic. */
	private @Nullable Instant acceptedAt;

	private @Nullable Instant readyAt;

	private @Nullable Instant heartbeatAt;

	/** When it was found to have been silent for too long. */
	private @Nullable Instant hungAt;

	/** Requests it has had, as last measured. */
	private long requests;

	/** Bytes it takes, as last measured; 0 where that is not known. */
	private long residentMemory;

	Worker(WorkerSpec spec, Slot slot, long pid, Instant startedAt, Duration startTimeout, Allowance allowance) {
		this.spec = spec;
		this.slot = slot;
		this.pid = pid;
		this.startedAt = startedAt;
		this.allowance = allowance;
		this.deadline = startedAt.plus(startTimeout);
	}

	WorkerSpec spec() {
		return this.spec;
	}

	WorkerId id() {
		return this.spec.id();
	}

	Slot slot() {
		return this.slot;
	}

	long pid() {
		return this.pid;
	}

	Instant startedAt() {
		return this.startedAt;
	}

	WorkerState state() {
		return this.state;
	}

	Ending ending() {
		return this.ending;
	}

	@Nullable Integer port() {
		return this.port;
	}

	boolean isInRotation() {
		return this.state == WorkerState.READY;
	}

	boolean isStandby() {
		return this.state == WorkerState.STANDBY;
	}

	boolean isAccepting() {
		return this.accepting;
	}

	boolean isExpected() {
		return this.expected;
	}

	@Nullable String fault() {
		return this.fault;
	}

	@Nullable Instant heartbeatAt() {
		return this.heartbeatAt;
	}

	@Nullable Instant deadline() {
		return this.deadline;
	}

	/**
	 * When it was heard last, or {@code null} while it need not speak: before it accepts
	 * traffic its deadline is that of the start, and once it is told to end that of the
	 * end.
	 */
	@Nullable Instant lastSign() {
		boolean mustSpeak = switch (this.state) {
			case WARMING, READY, STANDBY, PAUSED, DRAINED -> true;
			// Somebody waits for its answers.
			case DRAINING -> this.ending == Ending.FINISHES_REQUESTS && hasBeenReady();
			case STARTING, EXITED, BACKOFF -> false;
		};
		if (!mustSpeak) {
			return null;
		}
		// That it accepts traffic is a sign, too: it may be the first one in a while.
		return Stream.of(this.heartbeatAt, this.acceptedAt)
			.filter(Objects::nonNull)
			.max(Comparator.naturalOrder())
			.orElse(null);
	}

	/** Whether it has come to. */
	boolean hasSpokenSinceItHung() {
		return this.hungAt != null && this.heartbeatAt != null && !this.heartbeatAt.isBefore(this.hungAt);
	}

	boolean isOverdue(Instant now) {
		return this.deadline != null && !now.isBefore(this.deadline);
	}

	/** Whether it is, or was, in rotation, or stood by for that. */
	boolean hasBeenReady() {
		return this.readyAt != null;
	}

	/** When its application first accepted traffic, or {@code null} if it never did. */
	@Nullable Instant acceptedAt() {
		return this.acceptedAt;
	}

	/**
	 * How long it had been ready for its present place before now, zero if it never was.
	 */
	Duration readyFor(Instant now) {
		return (this.readyAt != null) ? Duration.between(this.readyAt, now) : Duration.ZERO;
	}

	void listensAt(int port) {
		this.port = port;
	}

	void accepts(boolean accepting) {
		this.accepting = accepting;
	}

	void sawHeartbeat(Instant now) {
		this.heartbeatAt = now;
	}

	void measured(long requests, long residentMemory) {
		this.requests = requests;
		this.residentMemory = residentMemory;
	}

	/** When its time is up, or {@code null} if it has no end. */
	@Nullable Instant endOfLife() {
		return this.allowance.endOfLife(this.startedAt);
	}

	/** Why it should be recycled, or {@code null} if it should not. */
	@Nullable String whyRecycle(Instant now) {
		return this.allowance.exceeded(this.startedAt, now, this.requests, this.residentMemory);
	}

	/** It accepts traffic, and is warmed up first. */
	void becomeWarming(Instant now, Instant deadline) {
		become(WorkerState.WARMING);
		this.acceptedAt = now;
		this.deadline = deadline;
	}

	void becomeReady(Instant now) {
		become(WorkerState.READY);
		markReady(now);
	}

	/** It could serve, and waits until a slot needs it. */
	void becomeStandby(Instant now) {
		become(WorkerState.STANDBY);
		markReady(now);
	}

	/**
	 * It stood by, and serves in a slot from now on: how long it does is counted anew,
	 * for the slot's sake.
	 */
	void take(Slot slot, Instant now) {
		if (!isStandby()) {
			throw new IllegalStateException("%s does not stand by, but is %s".formatted(this, this.state));
		}
		become(WorkerState.READY);
		this.slot = slot;
		this.spec = this.spec.inSlot(slot.number());
		this.readyAt = now;
	}

	/** It was in rotation, and may be so again whenever it likes. */
	void becomePaused() {
		become(WorkerState.PAUSED);
		this.deadline = null;
	}

	/** It has yet to get ready, for which somebody may be waiting. */
	void becomePaused(Instant deadline) {
		become(WorkerState.PAUSED);
		this.deadline = deadline;
	}

	/** Out of rotation, and kept, at an operator's wish. */
	void becomeDrained() {
		become(WorkerState.DRAINED);
	}

	void becomeDraining(Instant deadline) {
		become(WorkerState.DRAINING);
		this.ending = Ending.FINISHES_REQUESTS;
		this.deadline = deadline;
	}

	/** Out of rotation since it seems to be dying by itself. */
	void becomeVanishing(Instant deadline) {
		become(WorkerState.DRAINING);
		this.ending = Ending.VANISHES;
		this.deadline = deadline;
	}

	/** Out of rotation since it does not speak: may it say why. */
	void becomeHung(Instant now, Instant deadline) {
		if (this.state != WorkerState.DRAINING) {
			become(WorkerState.DRAINING);
		}
		this.ending = Ending.DUMPS_THREADS;
		this.hungAt = now;
		this.deadline = deadline;
	}

	void markExpected() {
		this.expected = true;
	}

	void markFaulty(String fault) {
		if (this.fault == null) {
			this.fault = fault;
		}
	}

	void markShuttingDown(Instant deadline) {
		this.ending = Ending.SHUTS_DOWN;
		this.deadline = deadline;
	}

	void markKilled() {
		this.ending = Ending.KILLED;
		this.deadline = null;
	}

	/**
	 * The worker as others see it.
	 * @param restarts how many workers its slot lost so far
	 */
	WorkerSnapshot snapshot(int restarts, @Nullable ExitInfo lastExit) {
		return new WorkerSnapshot(id(), this.spec.slot(), this.spec.generation(), this.pid, this.port, this.state,
				this.startedAt, restarts, 0, 0, 0, this.heartbeatAt, null, lastExit);
	}

	@Override
	public String toString() {
		return "Worker %s (%s, pid %d)".formatted(id(), this.slot, this.pid);
	}

	private void markReady(Instant now) {
		this.deadline = null;
		if (this.acceptedAt == null) {
			this.acceptedAt = now;
		}
		if (this.readyAt == null) {
			this.readyAt = now;
		}
	}

	private void become(WorkerState next) {
		boolean legal = switch (this.state) {
			case STARTING -> next == WorkerState.WARMING || next == WorkerState.READY || next == WorkerState.STANDBY
					|| next == WorkerState.DRAINING;
			case WARMING -> next == WorkerState.READY || next == WorkerState.STANDBY || next == WorkerState.PAUSED
					|| next == WorkerState.DRAINING;
			case STANDBY -> next == WorkerState.READY || next == WorkerState.PAUSED || next == WorkerState.DRAINING;
			case READY -> next == WorkerState.PAUSED || next == WorkerState.DRAINED || next == WorkerState.DRAINING;
			case PAUSED -> next == WorkerState.READY || next == WorkerState.STANDBY || next == WorkerState.DRAINED
					|| next == WorkerState.DRAINING;
			case DRAINED -> next == WorkerState.READY || next == WorkerState.PAUSED || next == WorkerState.DRAINING;
			case DRAINING, EXITED, BACKOFF -> false;
		};
		if (!legal) {
			throw new IllegalStateException(
					"Worker %s cannot go from %s to %s".formatted(this.spec.id(), this.state, next));
		}
		this.state = next;
	}

	/** How far the end of a worker that is {@link WorkerState#DRAINING} has come. */
	enum Ending {

		/** Not begun. */
		NONE,

		/**
		 * Gets no more requests; the dispatcher reports when the last one is answered.
		 */
		FINISHES_REQUESTS,

		/** Gave no sign of life: is writing down what its threads do, if it can. */
		DUMPS_THREADS,

		/** Lost its control connection: its exit should follow at once. */
		VANISHES,

		/** Was asked to end. */
		SHUTS_DOWN,

		/** Was killed; only its exit is missing. */
		KILLED

	}

}

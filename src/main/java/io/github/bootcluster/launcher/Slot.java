package io.github.bootcluster.launcher;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.launcher.Replacement.Phase;
import org.jspecify.annotations.Nullable;

/**
 * A stable place for one worker after the other: a slot of the cluster, or the seat of a
 * worker that stands by until a slot needs it, which has no number. While its worker is
 * being replaced there is a second one, which starts or ends; no more than one of them is
 * ever in rotation. Every field is owned by the supervisor's thread.
 */
final class Slot {

	private final int number;

	private final Backoff backoff;

	/** The one that serves, will serve or did, or {@code null} between two workers. */
	private @Nullable Worker worker;

	/** The worker it had last, while it has none. */
	private @Nullable Vacancy vacancy;

	/** Whether the last worker it had as its own had been ready. */
	private boolean served;

	/** Of its next worker, or {@code null} if it waits for none. */
	private @Nullable Start next;

	/** Under way, or {@code null} if none is. */
	private @Nullable Replacement replacement;

	private @Nullable ExitInfo lastExit;

	private int restarts;

	/** What became of its first worker. */
	private FirstResult firstResult = FirstResult.UNKNOWN;

	/** How its first worker died, or {@code null} if that got ready. */
	private @Nullable ExitInfo firstFailure;

	/** Whether the cluster still has this slot. */
	private boolean removed;

	Slot(int number, Backoff backoff) {
		this.number = number;
		this.backoff = backoff;
	}

	/** From 1, or {@link WorkerSnapshot#NO_SLOT} for a seat. */
	int number() {
		return this.number;
	}

	/** Whether its worker only stands by. */
	boolean isSeat() {
		return this.number == WorkerSnapshot.NO_SLOT;
	}

	Backoff backoff() {
		return this.backoff;
	}

	@Nullable Worker worker() {
		return this.worker;
	}

	@Nullable Replacement replacement() {
		return this.replacement;
	}

	/** When its next worker is due, unless a replacement brings one. */
	@Nullable Instant nextStartAt() {
		boolean broughtOtherwise = this.replacement != null && this.replacement.phase().isUndecided();
		return broughtOtherwise ? null : dueAt();
	}

	/** Until when it meant to have none, or {@code null} if it has one or needs none. */
	@Nullable Instant dueAt() {
		return (this.next != null) ? this.next.dueAt() : null;
	}

	/** Whether it lacks a worker, and for as long as it meant to. */
	boolean isDue(Instant now) {
		return this.next != null && !now.isBefore(this.next.dueAt());
	}

	/**
	 * When its next worker may be started if it is needed badly.
	 * @throws IllegalStateException if it waits for none
	 */
	Instant earliestStartAt() {
		if (this.next == null) {
			throw new IllegalStateException("%s waits for no worker".formatted(this));
		}
		return this.next.earliest();
	}

	/** Whether one that stands by may step in where nobody serves. */
	boolean couldUseAStandby() {
		return this.worker == null && this.next != null;
	}

	/**
	 * Whether it has lost its worker while the next one starts in its place, and may have
	 * one meanwhile once that is due. Not if it gave its worker up for that one.
	 */
	boolean isBereftOfItsOutgoing() {
		return this.worker == null && this.replacement != null && this.replacement.phase() == Phase.STARTING
				&& this.lastExit != null && !this.lastExit.expected() && this.next != null;
	}

	@Nullable ExitInfo lastExit() {
		return this.lastExit;
	}

	int restarts() {
		return this.restarts;
	}

	/** Whether its first worker got ready or died. */
	boolean isFirstResultKnown() {
		return this.firstResult != FirstResult.UNKNOWN;
	}

	/** How its first worker died; {@code null} if it got ready, or nothing is known. */
	@Nullable ExitInfo firstFailure() {
		return this.firstFailure;
	}

	void markReady() {
		if (this.firstResult == FirstResult.UNKNOWN) {
			this.firstResult = FirstResult.READY;
		}
	}

	void markDied(ExitInfo exit) {
		if (this.firstResult == FirstResult.UNKNOWN) {
			this.firstResult = FirstResult.DIED;
			this.firstFailure = exit;
		}
	}

	/** Whether its last worker had been ready; starts that fail at once do not count. */
	boolean hasServed() {
		return this.served;
	}

	void rememberWhetherItServed(Worker last) {
		this.served = last.hasBeenReady();
	}

	boolean isRemoved() {
		return this.removed;
	}

	void markRemoved() {
		this.removed = true;
	}

	/** The last worker of the slot that died, whether or not it was the serving one. */
	void noteExit(ExitInfo exit) {
		this.lastExit = exit;
	}

	void begin(Replacement replacement) {
		if (this.replacement != null) {
			throw new IllegalStateException("Slot " + this.number + " has a replacement under way");
		}
		this.replacement = replacement;
	}

	void endReplacement() {
		this.replacement = null;
	}

	/** From now on this is the worker of the slot. */
	void occupy(Worker worker) {
		this.worker = worker;
		this.vacancy = null;
		this.next = null;
	}

	/**
	 * Its worker has gone elsewhere, or it never had one: the next is due at the given
	 * time.
	 */
	void awaitNext(Instant nextStartAt) {
		this.worker = null;
		this.vacancy = null;
		this.next = new Start(nextStartAt, nextStartAt);
	}

	/** Its worker ended and is not replaced. */
	void leaveEmpty(WorkerSpec spec, Instant startedAt) {
		this.next = null;
		vacate(spec, startedAt, WorkerState.EXITED);
	}

	/** Its worker ended as asked and is replaced at the given time. */
	void awaitNext(WorkerSpec spec, Instant startedAt, Instant nextStartAt) {
		this.next = new Start(nextStartAt, nextStartAt);
		vacate(spec, startedAt, WorkerState.BACKOFF);
	}

	/**
	 * Its worker was lost and is replaced at the given time, or as early as at the other
	 * one if it is needed badly.
	 */
	void awaitNextAfterLoss(WorkerSpec spec, Instant startedAt, Instant nextStartAt, Instant earliest) {
		this.restarts++;
		this.next = new Start(nextStartAt, earliest);
		vacate(spec, startedAt, WorkerState.BACKOFF);
	}

	/** Give up waiting for the next worker. */
	void giveUp() {
		this.next = null;
		if (this.vacancy != null) {
			vacate(this.vacancy.spec(), this.vacancy.startedAt(), WorkerState.EXITED);
		}
	}

	/**
	 * Whether it is known by that id: of its live worker, or of its last if none lives.
	 */
	boolean isKnownAs(WorkerId id) {
		return (this.worker != null) ? this.worker.id().equals(id)
				: (this.vacancy != null && this.vacancy.spec().id().equals(id));
	}

	/**
	 * The slot as others see it: its worker, then the one that starts in its place.
	 * @param hurriedStartAt when its next worker is started at the latest, if that is not
	 * when it is due
	 */
	List<WorkerSnapshot> snapshots(@Nullable Instant hurriedStartAt) {
		List<WorkerSnapshot> snapshots = new ArrayList<>(2);
		Worker incoming = (this.replacement != null) ? this.replacement.incoming() : null;
		if (this.worker != null) {
			snapshots.add(this.worker.snapshot(this.restarts, this.lastExit));
		}
		else if (this.vacancy != null && incoming == null) {
			snapshots.add(snapshot(this.vacancy, hurriedStartAt));
		}
		if (incoming != null) {
			snapshots.add(incoming.snapshot(this.restarts, this.lastExit));
		}
		return snapshots;
	}

	/** What messages call the place with that number. */
	static String nameOf(int number) {
		return (number == WorkerSnapshot.NO_SLOT) ? "standby" : "slot " + number;
	}

	@Override
	public String toString() {
		return nameOf(this.number);
	}

	private void vacate(WorkerSpec spec, Instant startedAt, WorkerState state) {
		this.worker = null;
		this.vacancy = new Vacancy(spec, startedAt, state);
	}

	private WorkerSnapshot snapshot(Vacancy vacancy, @Nullable Instant hurriedStartAt) {
		Instant nextStartAt = dueAt();
		if (nextStartAt != null && hurriedStartAt != null && hurriedStartAt.isBefore(nextStartAt)) {
			nextStartAt = hurriedStartAt;
		}
		return new WorkerSnapshot(vacancy.spec().id(), this.number, vacancy.spec().generation(), null, null,
				vacancy.state(), vacancy.startedAt(), this.restarts, 0, 0, 0, null, nextStartAt, this.lastExit);
	}

	/** What became of the first worker of a slot. */
	private enum FirstResult {

		UNKNOWN, READY, DIED

	}

	/** Of a worker: when it is due, and when it may be if it is needed badly. */
	private record Start(Instant dueAt, Instant earliest) {

	}

	/** A worker that is gone. */
	private record Vacancy(WorkerSpec spec, Instant startedAt, WorkerState state) {

	}

}

package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.ReloadSnapshot;
import io.github.bootcluster.ReloadSnapshot.State;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every slot a worker of the next generation, a batch at a time, once what these
 * shall run is staged: whatever becomes of the program's files, there is something to go
 * back to. If one of the new workers dies, be it before or after it was ready, the slots
 * that have one already get workers of the old generation again, in the same way. Which
 * slots are left to do is seen from the crew at every step, so that it may be scaled, and
 * its workers may die, meanwhile. Owned by the supervisor's thread.
 *
 * <pre>
 * STAGING ─► ROLLING ─► SUCCEEDED
 *    │          └─► ROLLING_BACK ─► FAILED
 *    └──────────────────────────────►─┘
 * </pre>
 */
final class Reload {

	private static final Logger logger = LoggerFactory.getLogger(Reload.class);

	private final Crew crew;

	private final ClusterProperties.Reload settings;

	private final InstantSource clock;

	private final int former;

	private final int next;

	private final String source;

	private final Instant startedAt;

	private final List<Replacement> underWay = new ArrayList<>();

	/** Slots that could not be given a worker of the old generation again. */
	private final Set<Slot> notRestored = new HashSet<>();

	private State state = State.STAGING;

	/** Slots that lost a new worker, and so have none of the old generation either. */
	private final Set<Slot> bereft = new HashSet<>();

	private boolean aborted;

	private @Nullable Instant endedAt;

	/** How it was when it ended: what becomes of the slots later is another story. */
	private @Nullable ReloadSnapshot ended;

	private @Nullable String reason;

	private @Nullable WorkerId failedWorker;

	/**
	 * A reload that is about to begin.
	 * @param next generation of the new workers, never used before
	 */
	Reload(Crew crew, ClusterProperties.Reload settings, InstantSource clock, int next, String source) {
		this.crew = crew;
		this.settings = settings;
		this.clock = clock;
		this.former = crew.generation();
		this.next = next;
		this.source = source;
		this.startedAt = clock.instant();
	}

	boolean isUnderWay() {
		return this.state.isUnderWay();
	}

	/** The worker whose last lines tell why it failed, or {@code null}. */
	@Nullable WorkerId failedWorker() {
		return this.failedWorker;
	}

	boolean hasSucceeded() {
		return this.state == State.SUCCEEDED;
	}

	/**
	 * What the new workers shall run was put aside, or could not be. Whatever is being
	 * replaced and is undecided gives way.
	 * @param failure why not; empty if it was
	 */
	void staged(int generation, String failure) {
		if (this.state != State.STAGING || generation != this.next) {
			return;
		}
		if (!failure.isEmpty()) {
			this.reason = failure;
			this.state = State.FAILED;
			markEnded();
			return;
		}
		this.state = State.ROLLING;
		this.crew.slots()
			.stream()
			.map(Slot::replacement)
			.filter((replacement) -> replacement != null && replacement.phase().isUndecided())
			.toList()
			.forEach(this.crew::cancel);
	}

	/** The generation of its workers. */
	int generation() {
		return this.next;
	}

	/** Take the next steps that can be taken. */
	void advance() {
		while (isUnderWay() && this.state != State.STAGING) {
			failForFaults();
			boolean collected = collect();
			boolean begun = !isLosingWorkers() && beginBatch();
			if (this.underWay.isEmpty() && toDo().isEmpty() && !isAwaitingOthers() && !isLosingWorkers()) {
				end();
			}
			else if (!collected && !begun) {
				return;
			}
		}
	}

	/** A worker that was its slot's own died unexpectedly. */
	void lost(Worker worker, ExitInfo exit) {
		if (this.state == State.ROLLING && worker.spec().generation() == this.next) {
			this.bereft.add(worker.slot());
			fail("%s of generation %d died: %s".formatted(worker, this.next, exit.reason()), exit.worker());
		}
	}

	/** The cluster stops, and the reload with it. */
	void abort() {
		if (isUnderWay()) {
			this.aborted = true;
			this.reason = (this.reason != null) ? "%s; the cluster was stopped before generation %d served again"
				.formatted(this.reason, this.former) : "the cluster was stopped";
			this.state = State.FAILED;
			markEnded();
		}
	}

	ReloadSnapshot snapshot() {
		return (this.ended != null) ? this.ended : current();
	}

	/** What came of it, in a sentence. */
	String summary() {
		Duration time = Duration.between(this.startedAt, (this.endedAt != null) ? this.endedAt : this.clock.instant());
		return switch (this.state) {
			case STAGING, ROLLING -> "Reload to generation %d is under way.".formatted(this.next);
			case ROLLING_BACK ->
				"Reload to generation %d failed and is rolled back: %s.".formatted(this.next, this.reason);
			case SUCCEEDED -> "Reload to generation %d succeeded: %d workers replaced in %s.".formatted(this.next,
					snapshot().slots(), Seconds.of(time));
			case FAILED -> "Reload to generation %d failed: %s.".formatted(this.next, this.reason) + whoServes();
		};
	}

	private void markEnded() {
		this.endedAt = this.clock.instant();
		this.ended = current();
	}

	private ReloadSnapshot current() {
		List<Slot> slots = this.crew.slots();
		int done = (int) slots.stream().filter((slot) -> isOf(slot, this.next)).count();
		return new ReloadSnapshot(this.next, this.state, this.source, this.startedAt, this.endedAt, slots.size(), done,
				this.reason, this.failedWorker);
	}

	private boolean collect() {
		List<Replacement> over = this.underWay.stream().filter((replacement) -> replacement.phase().isOver()).toList();
		this.underWay.removeAll(over);
		over.forEach(this::concluded);
		return !over.isEmpty();
	}

	private void concluded(Replacement replacement) {
		ExitInfo failure = replacement.failure();
		if (failure == null) {
			return;
		}
		if (this.state == State.ROLLING) {
			fail("worker %s (slot %d) did not get ready: %s".formatted(failure.worker(), replacement.slot().number(),
					failure.reason()), failure.worker());
		}
		else if (replacement.generation() == this.former) {
			this.notRestored.add(replacement.slot());
			logger.error("Slot {} could not be rolled back: {}", replacement.slot().number(), failure.reason());
		}
	}

	private boolean beginBatch() {
		boolean begun = false;
		for (Slot slot : toDo()) {
			if (this.underWay.size() >= this.settings.batchSize()) {
				break;
			}
			int generation = (this.state == State.ROLLING) ? this.next : this.former;
			this.underWay.add(this.crew.replace(slot, generation, this.settings.order()));
			begun = true;
		}
		return begun;
	}

	/** The slots to begin with now. */
	private List<Slot> toDo() {
		return this.crew.slots()
			.stream()
			.filter((slot) -> slot.replacement() == null)
			.filter((this.state == State.ROLLING) ? (slot) -> !isOf(slot, this.next)
					: (slot) -> isToBeRestored(slot) && !this.notRestored.contains(slot))
			.toList();
	}

	private boolean isToBeRestored(Slot slot) {
		return isOf(slot, this.next) || (slot.worker() == null && this.bereft.contains(slot));
	}

	/** A new worker with a known fault is as good as dead, however long it takes it. */
	private void failForFaults() {
		if (this.state != State.ROLLING) {
			return;
		}
		leaving().filter((worker) -> worker.fault() != null).findFirst().ifPresent((worker) -> {
			this.bereft.add(worker.slot());
			fail("%s of generation %d: %s".formatted(worker, this.next, worker.fault()), worker.id());
		});
	}

	/** Whether it is about to turn out what a new worker ends of. */
	private boolean isLosingWorkers() {
		return this.state == State.ROLLING && leaving().findAny().isPresent();
	}

	/** New workers that serve no more, though they are their slots' own. */
	private Stream<Worker> leaving() {
		return this.crew.slots()
			.stream()
			.filter((slot) -> isOf(slot, this.next))
			.map(Slot::worker)
			.filter(Objects::nonNull)
			.filter((worker) -> worker.state() == WorkerState.DRAINING);
	}

	/** Whether a slot is still ending what somebody else began there. */
	private boolean isAwaitingOthers() {
		return this.crew.isReplacing();
	}

	private static boolean isOf(Slot slot, int generation) {
		Worker worker = slot.worker();
		return worker != null && worker.spec().generation() == generation;
	}

	private void fail(String reason, WorkerId failedWorker) {
		this.state = State.ROLLING_BACK;
		this.reason = reason;
		this.failedWorker = failedWorker;
		logger.error("{}", summary());
		this.underWay.stream()
			.filter((replacement) -> replacement.phase().isUndecided())
			.toList()
			.forEach(this.crew::cancel);
	}

	private void end() {
		if (this.state == State.ROLLING) {
			this.state = State.SUCCEEDED;
			this.crew.generation(this.next);
		}
		else {
			this.state = State.FAILED;
		}
		markEnded();
	}

	private String whoServes() {
		if (this.aborted) {
			return "";
		}
		List<Integer> slots = this.notRestored.stream()
			.filter((slot) -> isOf(slot, this.next))
			.map(Slot::number)
			.sorted()
			.toList();
		return slots.isEmpty() ? " Generation %d serves.".formatted(this.former)
				: (" Generation %d serves, but slots %s keep their workers of generation %d: "
						+ "none of the old generation got ready in their place.")
					.formatted(this.former, slots, this.next);
	}

}

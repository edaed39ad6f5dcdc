package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterProperties.Reload.Order;
import io.github.bootcluster.ClusterProperties.Restart.OnExit;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.launcher.Replacement.Phase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.StringUtils;

/**
 * The slots, the seats of those that stand by, and every live worker: those that are a
 * slot's own, those that start in its place, and those that have left it and are ending.
 * Knows how one follows another, not why: that is for those who call it. Used by the
 * supervisor's thread alone.
 */
final class Crew {

	private static final Logger logger = LoggerFactory.getLogger(Crew.class);

	/** The status that shells give a command that could not be executed. */
	private static final int CANNOT_EXECUTE = 126;

	private final ClusterProperties properties;

	private final InstantSource clock;

	private final RandomGenerator random;

	private final Orders orders;

	private final Endings endings;

	private final List<Slot> slots = new ArrayList<>();

	/** Of workers that step in where a slot would start its next one. */
	private final List<Slot> seats = new ArrayList<>();

	private final Map<WorkerId, Worker> workers = new TreeMap<>();

	private WorkerId nextId = WorkerId.of(1);

	/** Of workers that are not part of a reload. */
	private int generation = 1;

	/** The one before, 0 if there is none. */
	private int previousGeneration;

	/** When slots may be hurried again: the system has refused to start a worker. */
	private Instant hurriesFrom = Instant.MIN;

	private boolean stopping;

	Crew(ClusterProperties properties, InstantSource clock, RandomGenerator random, Orders orders, Endings endings) {
		this.properties = properties;
		this.clock = clock;
		this.random = random;
		this.orders = orders;
		this.endings = endings;
	}

	/** The slots of the cluster, by number. */
	List<Slot> slots() {
		return List.copyOf(this.slots);
	}

	/** The slots, by number, then the seats of those that stand by. */
	Stream<Slot> slotsAndSeats() {
		return Stream.concat(this.slots.stream(), this.seats.stream());
	}

	/** All live workers, also those that belong to no slot any more. */
	Collection<Worker> workers() {
		return List.copyOf(this.workers.values());
	}

	@Nullable Worker worker(WorkerId id) {
		return this.workers.get(id);
	}

	/** The slot or seat whose worker, or last worker if none lives, has that id. */
	Optional<Slot> slotKnownAs(WorkerId id) {
		return slotsAndSeats().filter((slot) -> slot.isKnownAs(id)).findFirst();
	}

	int generation() {
		return this.generation;
	}

	/**
	 * From now on this generation serves. Those of another that stand by, or are about
	 * to, are of no use any more and leave their seats to it.
	 */
	void generation(int generation) {
		this.previousGeneration = this.generation;
		this.generation = generation;
		for (Slot seat : this.seats) {
			if (seat.replacement() != null && seat.replacement().phase().isUndecided()) {
				cancel(seat.replacement());
			}
			if (seat.worker() != null) {
				this.endings.retire(seat.worker());
			}
			else {
				seat.awaitNext(this.clock.instant());
			}
		}
	}

	/** Those that workers are of or may yet be, and the one before the present one. */
	Set<Integer> generationsOfInterest() {
		Set<Integer> generations = new HashSet<>();
		generations.add(this.generation);
		if (this.previousGeneration > 0) {
			generations.add(this.previousGeneration);
		}
		this.workers.values().forEach((worker) -> generations.add(worker.spec().generation()));
		return generations;
	}

	/** Of a worker of the present generation that is nobody's. */
	WorkerSpec specOutsideOfSlots() {
		return nextSpec(WorkerSnapshot.NO_SLOT, this.generation, 0);
	}

	int inRotation() {
		return (int) this.slots.stream()
			.map(Slot::worker)
			.filter((worker) -> worker != null && worker.isInRotation())
			.count();
	}

	/** Whether a slot is changing its worker right now. */
	boolean isReplacing() {
		return this.slots.stream().anyMatch((slot) -> slot.replacement() != null);
	}

	/** Have that many slots: new ones start a worker, the highest ones lose theirs. */
	void resize(int desired) {
		while (this.slots.size() > desired) {
			remove(this.slots.remove(this.slots.size() - 1));
		}
		List<Slot> added = new ArrayList<>();
		while (this.slots.size() < desired) {
			Slot slot = new Slot(this.slots.size() + 1, new Backoff(this.properties.restart(), this.random));
			this.slots.add(slot);
			added.add(slot);
		}
		// Once all are there: each worker is told how many share the machine.
		added.forEach(this::start);
	}

	/** Have as many workers stand by as wanted, from now on. */
	void openSeats() {
		for (int i = 0; i < this.properties.standby(); i++) {
			Slot seat = new Slot(WorkerSnapshot.NO_SLOT, new Backoff(this.properties.restart(), this.random));
			this.seats.add(seat);
			start(seat);
		}
	}

	/**
	 * Start the workers that have waited long enough: last those of seats, which may have
	 * given theirs to a slot just now. Where nobody serves, also some that have not.
	 */
	void startDue() {
		Instant now = this.clock.instant();
		this.slots.stream()
			.filter((slot) -> slot.isBereftOfItsOutgoing() && slot.isDue(now))
			.forEach(this::fillByStandby);
		if (isNobody(WorkerState.READY)) {
			this.slots.stream().filter(Slot::couldUseAStandby).findFirst().ifPresent(this::fillByStandby);
		}
		slotsAndSeats().filter((slot) -> slot.nextStartAt() != null && !now.isBefore(slot.nextStartAt()))
			.forEach(this::start);
		hurry().filter((hurry) -> !now.isBefore(hurry.at())).map(Hurry::slot).ifPresent((slot) -> {
			logger.info("{} does not wait that long, since no worker serves", StringUtils.capitalize(slot.toString()));
			startNew(slot);
		});
	}

	/**
	 * Begin to replace the worker of a slot, or to give one to a slot that has none,
	 * which one that stands by may do at once.
	 * @param generation generation of the new worker
	 */
	Replacement replace(Slot slot, int generation, Order order) {
		Replacement replacement = Replacement.of(slot, generation, order);
		if (slot.worker() == null && generation == this.generation && fillByStandby(slot)) {
			replacement.done();
			return replacement;
		}
		slot.begin(replacement);
		if (replacement.outgoing() != null) {
			this.endings.retire(replacement.outgoing());
		}
		else {
			startIncoming(replacement);
		}
		return replacement;
	}

	/** Give a replacement up: the slot keeps what it has, and what leaves it leaves. */
	void cancel(Replacement replacement) {
		Worker incoming = replacement.incoming();
		replacement.cancelled();
		replacement.slot().endReplacement();
		if (incoming != null) {
			this.endings.retire(incoming);
		}
	}

	/**
	 * A worker accepts traffic, and joins the rotation or those that stand by: if it came
	 * to replace another, that one leaves.
	 */
	void joinRotation(Worker worker) {
		Slot slot = worker.slot();
		if (slot.isSeat()) {
			worker.becomeStandby(this.clock.instant());
		}
		else {
			worker.becomeReady(this.clock.instant());
		}
		slot.markReady();
		Replacement replacement = slot.replacement();
		if (replacement == null || replacement.incoming() != worker) {
			return;
		}
		Worker former = slot.worker();
		slot.occupy(worker);
		replacement.promoted(former);
		if (former != null) {
			this.endings.retire(former);
		}
		else {
			slot.endReplacement();
		}
	}

	/** A worker's process is gone. */
	void exited(Worker worker, ExitInfo exit) {
		this.workers.remove(worker.id());
		Slot slot = worker.slot();
		boolean own = slot.worker() == worker;
		// That one left as asked does not explain why the slot is empty.
		if (own || slot.worker() != null || !exit.expected()) {
			slot.noteExit(exit);
		}
		if (own) {
			slot.markDied(exit);
			slot.rememberWhetherItServed(worker);
			vacated(slot, worker, exit);
		}
		Replacement replacement = slot.replacement();
		if (replacement != null) {
			advance(replacement, worker, exit);
		}
	}

	/** End all, for good. */
	void stop() {
		this.stopping = true;
		slotsAndSeats().forEach((slot) -> {
			if (slot.replacement() != null) {
				cancel(slot.replacement());
			}
			slot.giveUp();
		});
		workers().forEach(this.endings::retire);
	}

	/** When slots are to be looked at again; {@code null} for one that need not be. */
	Stream<@Nullable Instant> nextStarts() {
		Stream<@Nullable Instant> steps = standby().isEmpty() ? Stream.empty()
				: this.slots.stream().filter(Slot::isBereftOfItsOutgoing).map(Slot::dueAt);
		return Stream.of(slotsAndSeats().map(Slot::nextStartAt), steps, hurry().map(Hurry::at).stream())
			.flatMap(Function.identity());
	}

	/**
	 * The workers as others see them, by slot: first those that belong to it, then those
	 * that have left it. Last come those without one.
	 */
	List<WorkerSnapshot> snapshots() {
		List<WorkerSnapshot> snapshots = new ArrayList<>();
		Optional<Hurry> hurry = hurry();
		slotsAndSeats().forEach((slot) -> snapshots
			.addAll(slot.snapshots(hurry.filter((one) -> one.slot() == slot).map(Hurry::at).orElse(null))));
		this.workers.values()
			.stream()
			.filter((worker) -> !isOfItsSlot(worker))
			.map((worker) -> worker.snapshot(worker.slot().restarts(), worker.slot().lastExit()))
			.forEach(snapshots::add);
		snapshots.sort(Comparator
			.comparingInt((worker) -> (worker.slot() != WorkerSnapshot.NO_SLOT) ? worker.slot() : Integer.MAX_VALUE));
		return snapshots;
	}

	private static boolean isOfItsSlot(Worker worker) {
		Slot slot = worker.slot();
		Replacement replacement = slot.replacement();
		return !slot.isRemoved()
				&& (slot.worker() == worker || (replacement != null && replacement.incoming() == worker));
	}

	/** Give a slot its next worker. */
	private void start(Slot slot) {
		if (!fillByStandby(slot)) {
			startNew(slot);
		}
	}

	/** Whether there was one. */
	private boolean fillByStandby(Slot slot) {
		Optional<Worker> standby = slot.isSeat() ? Optional.empty() : standby();
		standby.ifPresent((worker) -> stepIn(worker, slot));
		return standby.isPresent();
	}

	/** One that could serve at once, the oldest first. */
	private Optional<Worker> standby() {
		return this.seats.stream()
			.map(Slot::worker)
			.filter(Objects::nonNull)
			.filter((worker) -> worker.isStandby() && worker.spec().generation() == this.generation)
			.min(Comparator.comparing(Worker::id));
	}

	/** What a seat gives away it gets anew, at once: its worker did not die. */
	private void stepIn(Worker worker, Slot slot) {
		Instant now = this.clock.instant();
		worker.slot().awaitNext(now);
		worker.take(slot, now);
		slot.occupy(worker);
		slot.markReady();
		this.orders.seated(worker.id(), slot.number());
		ExitInfo lastExit = slot.lastExit();
		logger.info("{} steps in {}", worker,
				(lastExit != null) ? "for worker " + lastExit.worker() : "where there was none");
	}

	private void startNew(Slot slot) {
		WorkerSpec spec = nextSpec(slot, this.generation);
		try {
			slot.occupy(spawn(slot, spec));
		}
		catch (WorkerStartException ex) {
			ExitInfo exit = exitOf(spec, ex);
			slot.noteExit(exit);
			slot.markDied(exit);
			replaceLater(slot, spec, exit.at(), Duration.ZERO);
		}
	}

	private void startIncoming(Replacement replacement) {
		Slot slot = replacement.slot();
		WorkerSpec spec = nextSpec(slot, replacement.generation());
		try {
			replacement.started(spawn(slot, spec));
		}
		catch (WorkerStartException ex) {
			ExitInfo exit = exitOf(spec, ex);
			slot.noteExit(exit);
			replacement.failed(exit);
			slot.endReplacement();
		}
	}

	private WorkerSpec nextSpec(Slot slot, int generation) {
		return nextSpec(slot.number(), generation, logFile(slot));
	}

	private WorkerSpec nextSpec(int slot, int generation, int logFile) {
		WorkerSpec spec = new WorkerSpec(this.nextId, slot, generation, this.slots.size() + this.properties.standby(),
				logFile);
		this.nextId = this.nextId.next();
		return spec;
	}

	/**
	 * That of the slot's number, unless one that stood by has brought it along from its
	 * seat: no two slots write one file.
	 */
	private int logFile(Slot slot) {
		Set<Integer> taken = this.workers.values()
			.stream()
			.filter((worker) -> worker.slot() != slot || slot.isSeat())
			.map((worker) -> worker.spec().logFile())
			.collect(Collectors.toSet());
		if (!slot.isSeat() && !taken.contains(slot.number())) {
			return slot.number();
		}
		return IntStream.iterate(1, (number) -> number + 1)
			.filter((number) -> !taken.contains(number))
			.findFirst()
			.orElseThrow();
	}

	private Worker spawn(Slot slot, WorkerSpec spec) throws WorkerStartException {
		try {
			long pid = this.orders.start(spec);
			Worker worker = new Worker(spec, slot, pid, this.clock.instant(), this.properties.worker().startTimeout(),
					Allowance.of(this.properties.worker(), this.random));
			this.workers.put(spec.id(), worker);
			logger.debug("{} started", worker);
			return worker;
		}
		catch (WorkerStartException ex) {
			logger.error("{}", ex.reason());
			this.hurriesFrom = this.clock.instant().plus(this.properties.restart().initialDelay());
			throw ex;
		}
	}

	private ExitInfo exitOf(WorkerSpec spec, WorkerStartException ex) {
		return new ExitInfo(spec.id(), CANNOT_EXECUTE, null, false, this.clock.instant(), ExitInfo.Cause.FAILURE,
				ex.reason());
	}

	private void vacated(Slot slot, Worker worker, ExitInfo exit) {
		if (slot.isRemoved() || this.stopping) {
			slot.leaveEmpty(worker.spec(), worker.startedAt());
		}
		else if (worker.isExpected()) {
			slot.awaitNext(worker.spec(), worker.startedAt(), exit.at());
		}
		else if (isReplaced(worker, exit)) {
			replaceLater(slot, worker.spec(), worker.startedAt(), worker.readyFor(exit.at()));
		}
		else {
			slot.leaveEmpty(worker.spec(), worker.startedAt());
		}
	}

	private boolean isReplaced(Worker worker, ExitInfo exit) {
		return exit.code() != 0 || worker.fault() != null || this.properties.restart().onExit() == OnExit.ALWAYS;
	}

	private void replaceLater(Slot slot, WorkerSpec spec, Instant startedAt, Duration readyFor) {
		Duration delay = slot.backoff().afterDeath(readyFor);
		// Where the last one could serve, so may the next.
		Duration least = slot.hasServed() ? Collections.min(List.of(delay, this.properties.restart().initialDelay()))
				: delay;
		Instant now = this.clock.instant();
		slot.awaitNextAfterLoss(spec, startedAt, now.plus(delay), now.plus(least));
		if (!delay.isZero()) {
			logger.warn("{} waits {} for its next worker, since its workers die young",
					StringUtils.capitalize(slot.toString()), Seconds.of(delay));
		}
	}

	/**
	 * If no worker serves or starts: the first of the slots that wait gets its next one
	 * as early as it may, since all requests wait for that. Only that one, as the others
	 * would slow its start down.
	 */
	private Optional<Hurry> hurry() {
		if (!isNobody(WorkerState.READY) || !isNobody(WorkerState.STARTING) || !isNobody(WorkerState.WARMING)) {
			return Optional.empty();
		}
		return this.slots.stream()
			.filter((slot) -> slot.nextStartAt() != null)
			.min(Comparator.comparing(Slot::earliestStartAt))
			.map((slot) -> new Hurry(slot, Collections.max(List.of(slot.earliestStartAt(), this.hurriesFrom))));
	}

	/** Whether no worker of a slot, or about to be one, is in that state. */
	private boolean isNobody(WorkerState state) {
		return this.workers.values().stream().noneMatch((worker) -> !worker.slot().isSeat() && worker.state() == state);
	}

	private void advance(Replacement replacement, Worker worker, ExitInfo exit) {
		if (replacement.incoming() == worker) {
			replacement.failed(exit);
			replacement.slot().endReplacement();
		}
		else if (replacement.outgoing() == worker) {
			if (replacement.phase() == Phase.STOPPING) {
				startIncoming(replacement);
			}
			else {
				replacement.done();
				replacement.slot().endReplacement();
			}
		}
	}

	private void remove(Slot slot) {
		slot.markRemoved();
		if (slot.replacement() != null) {
			cancel(slot.replacement());
		}
		slot.giveUp();
		if (slot.worker() != null) {
			this.endings.retire(slot.worker());
		}
	}

	/** The workers whose exits are still of interest. */
	Stream<WorkerId> lastExits() {
		return slotsAndSeats().map(Slot::lastExit).filter(Objects::nonNull).map(ExitInfo::worker);
	}

	/** The slot that all wait for, and when its next worker is started at the latest. */
	private record Hurry(Slot slot, Instant at) {

	}

}

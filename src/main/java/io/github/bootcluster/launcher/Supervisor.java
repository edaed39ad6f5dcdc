package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterProperties.Restart.OnExit;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.launcher.Worker.Ending;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps as many workers alive as desired: a state machine that takes facts and clock
 * ticks and gives orders. It has no thread of its own and is confined to its caller's,
 * the {@link SupervisorLoop}; only {@link #latest()} may be called by any thread.
 * <p>
 * An end is <em>expected</em> if the launcher asked for it. An unexpected end with a
 * status other than 0, or for a fault, is a crash: the slot gets a new worker, after a
 * {@link Backoff}. An unexpected status 0 is replaced only with
 * {@code cluster.restart.on-exit=always}.
 */
final class Supervisor {

	private static final Logger logger = LoggerFactory.getLogger(Supervisor.class);

	/** From a request to end, or a lost connection, to the next firmer step. */
	static final Duration GRACE = Duration.ofSeconds(5);

	/** Time to write down what the threads do. */
	static final Duration DUMP_TIME = Duration.ofSeconds(2);

	/** How the reason of an end begins that came of the start timeout. */
	static final String NOT_READY_IN_TIME = "not ready within ";

	/** The status that shells give a command that could not be executed. */
	private static final int CANNOT_EXECUTE = 126;

	private final ClusterProperties properties;

	private final InstantSource clock;

	private final Orders orders;

	private final SupervisorListener listener;

	private final LauncherSnapshot launcher = LauncherSnapshot.ofThisProcess();

	private final HeartbeatWatch heartbeats;

	private final List<Slot> slots = new ArrayList<>();

	private final Map<WorkerId, Worker> workers = new HashMap<>();

	private final int generation = 1;

	private WorkerId nextId = WorkerId.of(1);

	private LaunchState launch = LaunchState.UNDER_WAY;

	private boolean everReady;

	private boolean stopping;

	private boolean stopped;

	/** Written by the owning thread, read by any. */
	private volatile ClusterSnapshot latest;

	Supervisor(ClusterProperties properties, int desiredWorkers, InstantSource clock, RandomGenerator random,
			Orders orders, SupervisorListener listener) {
		this.properties = properties;
		this.clock = clock;
		this.orders = orders;
		this.listener = listener;
		this.heartbeats = new HeartbeatWatch(properties.worker().heartbeatTimeout());
		for (int number = 1; number <= desiredWorkers; number++) {
			this.slots.add(new Slot(number, new Backoff(properties.restart(), random)));
		}
		this.latest = snapshot(1);
	}

	/** The latest state. Counts of traffic are zero here: the dispatcher has them. */
	ClusterSnapshot latest() {
		return this.latest;
	}

	/** Start the first worker of every slot. */
	void start() {
		this.slots.forEach(this::startWorker);
		publish();
	}

	/** Take a fact, then do what has become due. */
	void accept(Fact fact) {
		if (fact instanceof Fact.AboutWorker aboutWorker) {
			Worker worker = this.workers.get(aboutWorker.worker());
			if (worker != null) {
				accept(worker, aboutWorker);
			}
		}
		else if (fact instanceof Fact.StopRequested) {
			stop();
		}
		tick();
	}

	/** Do what has become due, and tell the world what changed. */
	void tick() {
		Instant now = this.clock.instant();
		this.heartbeats.look(now);
		this.workers.values().stream().filter((worker) -> isSilent(worker, now)).forEach((worker) -> hung(worker, now));
		List.copyOf(this.workers.values())
			.stream()
			.filter((worker) -> worker.isOverdue(now))
			.forEach((worker) -> overdue(worker, now));
		concludeLaunch();
		this.slots.stream()
			.filter((slot) -> slot.nextStartAt() != null && !now.isBefore(slot.nextStartAt()))
			.forEach(this::startWorker);
		publish();
		if (this.stopping && this.workers.isEmpty() && !this.stopped) {
			this.stopped = true;
			this.listener.stopped();
		}
	}

	/** When {@link #tick()} has to be called next if no fact comes before. */
	Optional<Instant> nextDeadline() {
		Stream<@Nullable Instant> ends = this.workers.values().stream().map(Worker::deadline);
		Stream<@Nullable Instant> starts = this.slots.stream().map(Slot::nextStartAt);
		Stream<@Nullable Instant> looks = this.workers.values()
			.stream()
			.filter((worker) -> worker.lastSign() != null)
			.limit(1)
			.map((worker) -> this.heartbeats.nextLook(this.clock.instant()));
		return Stream.of(ends, starts, looks)
			.flatMap(Function.identity())
			.filter(Objects::nonNull)
			.min(Instant::compareTo);
	}

	private void accept(Worker worker, Fact.AboutWorker fact) {
		if (fact instanceof Fact.Connected) {
			this.orders.welcome(worker.spec(), this.latest);
		}
		else if (fact instanceof Fact.Listening listening) {
			worker.listensAt(listening.port());
		}
		else if (fact instanceof Fact.AvailabilityChanged changed) {
			availabilityChanged(worker, changed);
		}
		else if (fact instanceof Fact.HeartbeatReceived) {
			worker.sawHeartbeat(this.clock.instant());
		}
		else if (fact instanceof Fact.Disconnected) {
			disconnected(worker);
		}
		else if (fact instanceof Fact.Drained && worker.ending() == Ending.FINISHES_REQUESTS) {
			shutDown(worker);
		}
		else if (fact instanceof Fact.Exited exited) {
			exited(worker, exited.status());
		}
	}

	private void startWorker(Slot slot) {
		WorkerSpec spec = new WorkerSpec(this.nextId, slot.number(), this.generation);
		this.nextId = this.nextId.next();
		Instant now = this.clock.instant();
		try {
			long pid = this.orders.start(spec);
			Worker worker = new Worker(spec, slot, pid, now, this.properties.worker().startTimeout());
			this.workers.put(spec.id(), worker);
			slot.occupy(worker);
			logger.debug("Worker {} (slot {}, pid {}) started", spec.id(), slot.number(), pid);
		}
		catch (WorkerStartException ex) {
			logger.error("{}", ex.reason());
			slot.markFirstResult();
			forgetPrevious(slot);
			ExitInfo exit = new ExitInfo(spec.id(), CANNOT_EXECUTE, null, false, now, ex.reason());
			replaceLater(slot, spec, now, exit, Duration.ZERO);
		}
	}

	private void availabilityChanged(Worker worker, Fact.AvailabilityChanged changed) {
		worker.accepts(changed.accepting());
		Instant now = this.clock.instant();
		switch (worker.state()) {
			case STARTING, PAUSED -> {
				if (!changed.live()) {
					endForFault(worker, "its application reports a broken state");
				}
				else if (changed.accepting() && worker.port() != null) {
					becomeReady(worker, now);
				}
				else if (changed.accepting()) {
					endForFault(worker, "its application started without a web server");
				}
			}
			case READY -> {
				if (!changed.live()) {
					endForFault(worker, "its application reports a broken state");
				}
				else if (!changed.accepting()) {
					worker.becomePaused();
					logger.info("{} refuses traffic: out of rotation", describe(worker));
				}
			}
			case DRAINING, EXITED, BACKOFF ->
				logger.debug("{} is ending: its availability is of no interest", describe(worker));
		}
	}

	private void becomeReady(Worker worker, Instant now) {
		boolean first = worker.state() == WorkerState.STARTING;
		worker.becomeReady(now);
		this.everReady = true;
		worker.slot().markFirstResult();
		logger.info("{} is ready{}", describe(worker),
				first ? " after " + seconds(Duration.between(worker.startedAt(), now)) : " again");
	}

	private void disconnected(Worker worker) {
		if (worker.state() != WorkerState.DRAINING) {
			// Its process is most likely dying: the exit, which tells why, is under way.
			worker.becomeVanishing(this.clock.instant().plus(GRACE));
		}
	}

	private void stop() {
		if (this.stopping) {
			return;
		}
		this.stopping = true;
		this.slots.forEach(Slot::giveUp);
		List.copyOf(this.workers.values()).forEach((worker) -> {
			worker.markExpected();
			if (worker.state() == WorkerState.STARTING) {
				worker.becomeDraining(this.clock.instant());
				shutDown(worker);
			}
			else if (worker.state() != WorkerState.DRAINING) {
				drain(worker);
			}
		});
	}

	private void endForFault(Worker worker, String fault) {
		worker.markFaulty(fault);
		logger.error("{} is replaced: {}", describe(worker), fault);
		drain(worker);
	}

	private boolean isSilent(Worker worker, Instant now) {
		Instant lastSign = worker.lastSign();
		return lastSign != null && this.heartbeats.isSilent(lastSign, now);
	}

	/** It will not finish what it has, so that there is no point in waiting for that. */
	private void hung(Worker worker, Instant now) {
		String fault = "gave no sign of life for " + seconds(this.properties.worker().heartbeatTimeout());
		worker.markFaulty(fault);
		logger.error("{} is replaced: it {}", describe(worker), fault);
		worker.becomeHung(now.plus(DUMP_TIME));
		this.orders.dumpThreads(worker.spec().id());
	}

	private void drain(Worker worker) {
		worker.becomeDraining(this.clock.instant().plus(this.properties.worker().stopTimeout()));
	}

	private void shutDown(Worker worker) {
		// A worker with time left of its drain may use it for its own shutdown.
		Instant soonest = this.clock.instant().plus(GRACE);
		Instant drainDeadline = worker.deadline();
		worker.markShuttingDown((drainDeadline != null && drainDeadline.isAfter(soonest)) ? drainDeadline : soonest);
		this.orders.shutDown(worker.spec().id());
	}

	private void kill(Worker worker, String why) {
		logger.warn("{} is killed: {}", describe(worker), why);
		worker.markKilled();
		this.orders.kill(worker.spec().id());
	}

	private void overdue(Worker worker, Instant now) {
		if (worker.state() == WorkerState.STARTING) {
			String why = this.orders.whyNotReady(worker.spec().id());
			String fault = NOT_READY_IN_TIME + seconds(this.properties.worker().startTimeout())
					+ (why.isEmpty() ? "" : " (" + why + ")");
			worker.markFaulty(fault);
			logger.error("{} is ended: {}", describe(worker), fault);
			worker.becomeDraining(now);
			shutDown(worker);
			return;
		}
		switch (worker.ending()) {
			case FINISHES_REQUESTS -> {
				logger.warn("{} still has requests after {}: told to end", describe(worker),
						seconds(this.properties.worker().stopTimeout()));
				shutDown(worker);
			}
			case DUMPS_THREADS -> {
				worker.markShuttingDown(now.plus(GRACE));
				this.orders.terminate(worker.spec().id());
			}
			case VANISHES -> {
				worker.markFaulty("lost its control connection");
				kill(worker, "it lost its control connection and did not end");
			}
			case SHUTS_DOWN -> kill(worker, "it did not end when asked to");
			case NONE, KILLED ->
				throw new IllegalStateException(describe(worker) + " has no deadline in state " + worker.state());
		}
	}

	private void exited(Worker worker, int status) {
		Instant now = this.clock.instant();
		this.workers.remove(worker.spec().id());
		Slot slot = worker.slot();
		slot.markFirstResult();
		String how = Exits.describe(status);
		String reason = (worker.fault() != null) ? worker.fault() + "; " + how : how;
		ExitInfo exit = new ExitInfo(worker.spec().id(), status, Exits.signalOf(status), worker.isExpected(), now,
				reason);
		log(worker, exit);
		forgetPrevious(slot);
		if (this.stopping || !isReplaced(worker, status)) {
			slot.leaveEmpty(worker.spec(), worker.startedAt(), exit);
		}
		else {
			replaceLater(slot, worker.spec(), worker.startedAt(), exit, worker.readyFor(now));
		}
	}

	/** The output of the last process of a slot is kept, not that of the one before. */
	private void forgetPrevious(Slot slot) {
		if (slot.lastExit() != null) {
			this.orders.forget(slot.lastExit().worker());
		}
	}

	private boolean isReplaced(Worker worker, int status) {
		if (worker.isExpected()) {
			return false;
		}
		return status != 0 || worker.fault() != null || this.properties.restart().onExit() == OnExit.ALWAYS;
	}

	private void replaceLater(Slot slot, WorkerSpec spec, Instant startedAt, ExitInfo exit, Duration readyFor) {
		Duration delay = slot.backoff().afterDeath(readyFor);
		slot.awaitNext(spec, startedAt, exit, exit.at().plus(delay));
		if (!delay.isZero()) {
			logger.warn("Slot {} waits {} for its next worker, since its workers die young", slot.number(),
					seconds(delay));
		}
	}

	private void concludeLaunch() {
		if (this.launch != LaunchState.UNDER_WAY || this.stopping
				|| !this.slots.stream().allMatch(Slot::isFirstResultKnown)) {
			return;
		}
		if (this.everReady) {
			this.launch = LaunchState.SUCCEEDED;
			publish();
			this.listener.launched(this.latest);
		}
		else {
			this.launch = LaunchState.FAILED;
			// What was tried again meanwhile would only fail the same way.
			stop();
			this.slots.stream()
				.map(Slot::lastExit)
				.filter(Objects::nonNull)
				.max(Comparator.comparing(ExitInfo::at))
				.ifPresent(this.listener::launchFailed);
		}
	}

	private void publish() {
		ClusterSnapshot previous = this.latest;
		ClusterSnapshot current = snapshot(previous.version());
		if (current.withoutHeartbeats().equals(previous.withoutHeartbeats())) {
			// A sign of life is worth showing, not worth telling everybody.
			this.latest = current;
			return;
		}
		this.latest = snapshot(previous.version() + 1);
		this.listener.changed(this.latest);
	}

	private ClusterSnapshot snapshot(long version) {
		List<WorkerSnapshot> snapshots = this.slots.stream().map(Slot::snapshot).filter(Objects::nonNull).toList();
		long ready = snapshots.stream().filter(WorkerSnapshot::isRoutable).count();
		return new ClusterSnapshot(version, state(ready), this.properties.schedulingPolicy(), this.generation,
				this.slots.size(), this.launcher, DispatcherSnapshot.none(0), "", snapshots);
	}

	private ClusterState state(long ready) {
		if (this.stopping) {
			return ClusterState.STOPPING;
		}
		if (this.launch == LaunchState.UNDER_WAY) {
			return ClusterState.STARTING;
		}
		return (ready >= this.slots.size()) ? ClusterState.RUNNING : ClusterState.DEGRADED;
	}

	private static void log(Worker worker, ExitInfo exit) {
		if (exit.expected()) {
			logger.info("{} {}", describe(worker), exit.reason());
		}
		else {
			logger.warn("{} died after {}: {}", describe(worker),
					seconds(Duration.between(worker.startedAt(), exit.at())), exit.reason());
		}
	}

	private static String describe(Worker worker) {
		return "Worker %s (slot %d, pid %d)".formatted(worker.spec().id(), worker.spec().slot(), worker.pid());
	}

	private static String seconds(Duration duration) {
		return "%.1f s".formatted(duration.toMillis() / 1000.0);
	}

	/** What came of the first start of all slots. */
	private enum LaunchState {

		UNDER_WAY, SUCCEEDED, FAILED

	}

}

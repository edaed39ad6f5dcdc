package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.ExitInfo.Cause;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.WorkerEvent;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
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

	private final ClusterProperties properties;

	private final int firstWorkers;

	private final InstantSource clock;

	private final Orders orders;

	private final SupervisorListener listener;

	private final LauncherSnapshot launcher = LauncherSnapshot.ofThisProcess();

	private final HeartbeatWatch heartbeats;

	private final Endings endings;

	private final WarmUps warmUps;

	private final Crew crew;

	private final Reloads reloads;

	private final Recycling recycling;

	private final Training training;

	private final Election election;

	private final CommandDesk desk;

	private final Chronicle chronicle = new Chronicle();

	/** Dead workers whose last lines are kept. */
	private final Set<WorkerId> remembered = new HashSet<>();

	/** Generations of which is kept what they run. */
	private Set<Integer> retained = Set.of(1);

	private LaunchState launch = LaunchState.UNDER_WAY;

	private boolean everReady;

	private boolean stopping;

	private boolean stopped;

	/** Written by the owning thread, read by any. */
	private volatile ClusterSnapshot latest;

	Supervisor(ClusterProperties properties, int desiredWorkers, InstantSource clock, RandomGenerator random,
			Orders orders, SupervisorListener listener) {
		this.properties = properties;
		this.firstWorkers = desiredWorkers;
		this.clock = clock;
		this.orders = orders;
		this.listener = listener;
		this.heartbeats = new HeartbeatWatch(properties.worker().heartbeatTimeout());
		this.endings = new Endings(properties.worker(), clock, orders);
		this.warmUps = new WarmUps(properties.worker().warmUp(), clock, orders);
		this.crew = new Crew(properties, clock, random, orders, this.endings);
		this.reloads = new Reloads(this.crew, properties.reload(), clock, orders);
		this.recycling = new Recycling(this.crew, clock, properties.restart());
		this.training = new Training(this.crew, properties.worker(), clock, orders);
		this.election = new Election(orders);
		this.desk = new CommandDesk(new Commands(this.crew, this.endings, this.reloads, properties.schedulingPolicy()));
		this.latest = snapshot(1);
	}

	/** The latest state. Counts of traffic are zero here: the dispatcher has them. */
	ClusterSnapshot latest() {
		return this.latest;
	}

	/** Start the first worker of every slot. */
	void start() {
		this.crew.resize(this.firstWorkers);
		publish();
	}

	/** Take a fact, then do what has become due. */
	void accept(Fact fact) {
		if (fact instanceof Fact.AboutWorker aboutWorker) {
			Worker worker = this.crew.worker(aboutWorker.worker());
			if (worker != null) {
				accept(worker, aboutWorker);
			}
			else if (this.training.isAbout(aboutWorker.worker())) {
				this.training.accept(aboutWorker, this.latest);
			}
		}
		else if (fact instanceof Fact.CommandGiven given) {
			this.desk.take(given, obstacle());
		}
		else if (fact instanceof Fact.Staged staged) {
			this.reloads.staged(staged.generation(), staged.failure());
		}
		else if (fact instanceof Fact.Pinged pinged) {
			pinged.answer().run();
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
		this.crew.workers().stream().filter((worker) -> isSilent(worker, now)).forEach(this.endings::endForSilence);
		this.crew.workers().stream().filter((worker) -> worker.isOverdue(now)).forEach(this::overdue);
		concludeLaunch();
		// A slot that waits for its next worker gets that of the reload, if it is its
		// turn.
		this.reloads.advance();
		this.crew.startDue();
		if (!this.reloads.isUnderWay() && !this.stopping) {
			this.recycling.advance();
		}
		this.warmUps.endLeft(this.crew);
		if (this.reloads.isUnderWay() || this.stopping) {
			this.training.abort();
		}
		this.training.advance(isWhole());
		if (this.properties.worker().command() == null) {
			// Any other program would not know what to do with it.
			this.election.advance(this.crew.workers());
		}
		forgetTheLongDead();
		dropOldGenerations();
		publish();
		// After what they tell of can be seen.
		this.desk.look();
		if (this.stopping && this.crew.workers().isEmpty() && !this.training.isUnderWay() && !this.stopped) {
			this.stopped = true;
			this.listener.stopped();
		}
	}

	/** When {@link #tick()} has to be called next if no fact comes before. */
	Optional<Instant> nextDeadline() {
		Stream<@Nullable Instant> ends = this.crew.workers().stream().map(Worker::deadline);
		Stream<@Nullable Instant> looks = this.crew.workers()
			.stream()
			.filter((worker) -> worker.lastSign() != null)
			.limit(1)
			.map((worker) -> this.heartbeats.nextLook(this.clock.instant()));
		Stream<@Nullable Instant> recycles = (this.reloads.isUnderWay() || this.stopping) ? Stream.empty()
				: this.recycling.nextDeadline().stream();
		return Stream
			.of(ends, this.crew.nextStarts(), looks, recycles, Stream.of(this.training).map(Training::deadline))
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
		else if (fact instanceof Fact.WarmedUp warmedUp) {
			warmedUp(worker, warmedUp.requests());
		}
		else if (fact instanceof Fact.HeartbeatReceived) {
			worker.sawHeartbeat(this.clock.instant());
		}
		else if (fact instanceof Fact.Measured measured) {
			worker.measured(measured.requests(), measured.residentMemory());
		}
		else if (fact instanceof Fact.Resigned resigned) {
			this.election.resigned(worker.id(), resigned.term());
		}
		else if (fact instanceof Fact.Disconnected) {
			this.endings.expectExit(worker);
		}
		else if (fact instanceof Fact.Drained) {
			this.endings.drained(worker);
		}
		else if (fact instanceof Fact.Exited exited) {
			exited(worker, exited.status());
		}
	}

	private void availabilityChanged(Worker worker, Fact.AvailabilityChanged changed) {
		worker.accepts(changed.accepting());
		if (worker.state() == WorkerState.DRAINING) {
			return;
		}
		if (!changed.live()) {
			this.endings.endForFault(worker, "its application reports a broken state");
			return;
		}
		switch (worker.state()) {
			case STARTING, PAUSED -> {
				if (changed.accepting()) {
					accepts(worker);
				}
			}
			case WARMING -> {
				if (!changed.accepting()) {
					worker.becomePaused(this.clock.instant().plus(this.properties.worker().startTimeout()));
					logger.info("{} refuses traffic before it is warmed up", worker);
				}
			}
			case READY, STANDBY -> {
				if (!changed.accepting()) {
					worker.becomePaused();
					logger.info("{} refuses traffic: {}", worker,
							worker.slot().isSeat() ? "it cannot step in" : "out of rotation");
				}
			}
			case DRAINED, DRAINING, EXITED, BACKOFF ->
				logger.debug("{} is {}: that it accepts traffic, or not, is of no interest", worker, worker.state());
		}
	}

	private void accepts(Worker worker) {
		Integer port = worker.port();
		if (port == null) {
			this.endings.endForFault(worker, "its application started without a web server");
		}
		else if (worker.state() == WorkerState.STARTING && this.warmUps.areWanted()) {
			this.warmUps.begin(worker, port);
		}
		else {
			becomeReady(worker, "");
		}
	}

	private void warmedUp(Worker worker, int requests) {
		if (worker.state() == WorkerState.WARMING) {
			becomeReady(worker, this.warmUps.summary(worker, requests));
		}
		else {
			logger.debug("{} is {}: that its warm-up has ended is of no interest", worker, worker.state());
		}
	}

	private void becomeReady(Worker worker, String warmUp) {
		String when = worker.hasBeenReady() ? "again"
				: "after " + Seconds.of(Duration.between(worker.startedAt(), this.clock.instant()));
		this.everReady = true;
		logger.info("{} is ready {}{}", worker, when, warmUp);
		this.crew.joinRotation(worker);
	}

	/** Readiness is the application's to say: a warm-up alone keeps no worker out. */
	private void overdue(Worker worker) {
		if (worker.state() == WorkerState.WARMING) {
			becomeReady(worker, ", though its warm-up has not ended");
		}
		else {
			this.endings.overdue(worker);
		}
	}

	/** Whether all workers serve and nothing is being changed. */
	private boolean isWhole() {
		return this.launch == LaunchState.SUCCEEDED && !this.stopping && !this.reloads.isUnderWay()
				&& !this.crew.isReplacing() && this.crew.inRotation() == this.crew.slots().size();
	}

	/** Why no command can be taken now. */
	private Optional<String> obstacle() {
		if (this.stopping) {
			return Optional.of("The cluster is stopping.");
		}
		return (this.launch == LaunchState.UNDER_WAY) ? Optional.of("The cluster is still starting: try again soon.")
				: Optional.empty();
	}

	private void stop() {
		if (!this.stopping) {
			this.stopping = true;
			this.reloads.abort();
			// What is cut short by this is answered for this.
			this.desk.close();
			this.crew.stop();
		}
	}

	private boolean isSilent(Worker worker, Instant now) {
		Instant lastSign = worker.lastSign();
		return lastSign != null && this.heartbeats.isSilent(lastSign, now);
	}

	private static Cause causeOf(Worker worker, int status) {
		if (worker.isExpected()) {
			return Cause.ASKED;
		}
		if (worker.fault() != null) {
			return Cause.FAULT;
		}
		if (Exits.signalOf(status) != null) {
			return Cause.SIGNAL;
		}
		return (status != 0) ? Cause.FAILURE : Cause.END;
	}

	private void exited(Worker worker, int status) {
		String how = Exits.describe(status);
		String reason = (worker.fault() != null) ? worker.fault() + "; " + how : how;
		ExitInfo exit = new ExitInfo(worker.id(), status, Exits.signalOf(status), worker.isExpected(),
				this.clock.instant(), causeOf(worker, status), reason);
		log(worker, exit);
		boolean serving = worker.slot().worker() == worker && !worker.slot().isRemoved();
		this.remembered.add(worker.id());
		this.chronicle.exited(worker, exit);
		this.election.exited(worker.id());
		this.crew.exited(worker, exit);
		if (serving && !exit.expected()) {
			this.reloads.lost(worker, exit);
		}
	}

	/**
	 * Of each slot the output of the process that died last is kept, and of a reload that
	 * of the process it failed for.
	 */
	private void forgetTheLongDead() {
		Set<WorkerId> ofInterest = new HashSet<>();
		this.crew.lastExits().forEach(ofInterest::add);
		if (this.reloads.failedWorker() != null) {
			ofInterest.add(this.reloads.failedWorker());
		}
		this.remembered.removeIf((worker) -> {
			boolean forgotten = !ofInterest.contains(worker);
			if (forgotten) {
				this.orders.forget(worker);
			}
			return forgotten;
		});
	}

	/** What the present and the previous generation run is kept, and what is in use. */
	private void dropOldGenerations() {
		Set<Integer> ofInterest = new HashSet<>(this.crew.generationsOfInterest());
		this.reloads.incoming().ifPresent(ofInterest::add);
		if (!ofInterest.equals(this.retained)) {
			this.retained = ofInterest;
			this.orders.retain(Set.copyOf(ofInterest));
		}
	}

	private void concludeLaunch() {
		List<Slot> slots = this.crew.slots();
		if (this.launch != LaunchState.UNDER_WAY || this.stopping
				|| !slots.stream().allMatch(Slot::isFirstResultKnown)) {
			return;
		}
		if (this.everReady) {
			this.launch = LaunchState.SUCCEEDED;
			publish();
			this.listener.launched(this.latest);
			// Later than that: the first answer does not wait for them.
			this.crew.openSeats();
		}
		else {
			this.launch = LaunchState.FAILED;
			// What was tried again meanwhile would only fail the same way.
			stop();
			slots.stream()
				.map(Slot::lastExit)
				.filter(Objects::nonNull)
				.max(Comparator.comparing(ExitInfo::at))
				.ifPresent(this.listener::launchFailed);
		}
	}

	/** The state first, then what happened: who hears of that finds it in the state. */
	private void publish() {
		publishState();
		this.chronicle.look(this.crew.workers(), this.clock.instant());
		for (WorkerEvent event = this.chronicle.next(); event != null; event = this.chronicle.next()) {
			this.listener.happened(event);
		}
		this.listener.settled();
	}

	private void publishState() {
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
		List<WorkerSnapshot> snapshots = this.crew.snapshots();
		long ready = snapshots.stream().filter(WorkerSnapshot::isRoutable).count();
		int desired = this.crew.slots().size();
		return new ClusterSnapshot(version, state(ready, desired), this.properties.schedulingPolicy(),
				this.crew.generation(), desired, this.launcher, DispatcherSnapshot.none(0), "", snapshots,
				this.reloads.snapshot(), this.election.leader());
	}

	private ClusterState state(long ready, int desired) {
		if (this.stopping) {
			return ClusterState.STOPPING;
		}
		if (this.launch == LaunchState.UNDER_WAY) {
			return ClusterState.STARTING;
		}
		if (this.reloads.isUnderWay()) {
			return ClusterState.RELOADING;
		}
		return (ready >= desired) ? ClusterState.RUNNING : ClusterState.DEGRADED;
	}

	private static void log(Worker worker, ExitInfo exit) {
		if (exit.expected()) {
			logger.info("{} {}", worker, exit.reason());
		}
		else {
			logger.warn("{} died after {}: {}", worker, Seconds.of(Duration.between(worker.startedAt(), exit.at())),
					exit.reason());
		}
	}

	/** What came of the first start of all slots. */
	private enum LaunchState {

		UNDER_WAY, SUCCEEDED, FAILED

	}

}

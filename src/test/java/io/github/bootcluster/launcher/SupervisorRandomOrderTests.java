package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.TimelineEntry;
import io.github.bootcluster.TimelineEntry.Kind;
import io.github.bootcluster.WorkerDraining;
import io.github.bootcluster.WorkerEvent;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerReady;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerStarted;
import io.github.bootcluster.WorkerState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Thousands of random histories: facts in any order, late, doubled, about the dead, and
 * commands in between. After every step the invariants hold; once the faults end, so does
 * every history.
 */
class SupervisorRandomOrderTests {

	private static final int HISTORIES = Integer.getInteger("supervisor.histories", 2000);

	private static final int STEPS = 80;

	private static final int MAX_WORKERS = 6;

	private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(Supervisor.class.getPackageName());

	/** What all these workers die of fills a disk. */
	@BeforeAll
	static void silence() {
		LOGGER.setLevel(Level.OFF);
	}

	@AfterAll
	static void speak() {
		LOGGER.setLevel(null);
	}

	@Test
	void invariantsHoldInEveryHistory() {
		for (int seed = 0; seed < HISTORIES; seed++) {
			new History(seed).play();
		}
	}

	private static final class History {

		private final int seed;

		private final Random random;

		private final boolean startFirst;

		private final int standby;

		private final SupervisorFixture fixture;

		private final Set<WorkerId> exited = new HashSet<>();

		private final List<CompletableFuture<CommandOutcome>> answers = new ArrayList<>();

		private int seen;

		/** How far what was told of each worker has come. */
		private final Map<WorkerId, Integer> ranks = new HashMap<>();

		private final Set<WorkerId> toldStarted = new HashSet<>();

		private final Set<WorkerId> toldReady = new HashSet<>();

		private final Set<WorkerId> toldExited = new HashSet<>();

		private int heard;

		private long lastEntry;

		/** What the timeline told last of each worker that has not ended there. */
		private final Map<WorkerId, TimelineEntry> lives = new HashMap<>();

		private final Set<WorkerId> endedLives = new HashSet<>();

		/** The resignations that the supervisor has been told of. */
		private final Set<Fact.Resigned> resigned = new HashSet<>();

		History(int seed) {
			this.seed = seed;
			this.random = new Random(seed);
			int workers = 1 + this.random.nextInt(4);
			this.startFirst = this.random.nextInt(4) > 0;
			Map<String, String> properties = new HashMap<>();
			properties.put("cluster.restart.on-exit", this.random.nextBoolean() ? "failure" : "always");
			properties.put("cluster.reload.order", this.startFirst ? "start-first" : "stop-first");
			properties.put("cluster.reload.batch-size", Integer.toString(1 + this.random.nextInt(3)));
			if (this.random.nextInt(3) == 0) {
				properties.put("cluster.worker.max-requests", "1000");
			}
			if (this.random.nextInt(3) == 0) {
				properties.put("cluster.worker.max-lifetime", "100s");
			}
			if (this.random.nextInt(3) == 0) {
				properties.put("cluster.worker.warm-up.paths", "/");
			}
			this.standby = (this.random.nextInt(2) == 0) ? 0 : 1 + this.random.nextInt(2);
			properties.put("cluster.standby", Integer.toString(this.standby));
			this.fixture = new SupervisorFixture(workers, properties, this.random);
			if (this.random.nextBoolean()) {
				this.fixture.processes.caching();
			}
		}

		void play() {
			this.fixture.supervisor.start();
			if (this.random.nextBoolean()) {
				this.fixture.processes.alive().forEach(this.fixture::ready);
			}
			for (int step = 0; step < STEPS; step++) {
				step();
				checkInvariants();
				checkThatItDoesNotSpin();
			}
			if (this.random.nextBoolean()) {
				faultsEnd();
			}
			stop();
		}

		private void step() {
			switch (this.random.nextInt(24)) {
				case 0 -> accept(new Fact.Connected(anyWorker()));
				case 1 -> listening(anyWorker());
				case 2 -> keepsTheRotation(() -> accept(new Fact.AvailabilityChanged(anyWorker(), true, true)));
				case 3, 4, 5 -> keepsTheRotation(() -> {
					WorkerId worker = anyWorker();
					accept(new Fact.Connected(worker));
					listening(worker);
					accept(new Fact.AvailabilityChanged(worker, true, true));
				});
				case 6 -> accept(new Fact.AvailabilityChanged(anyWorker(), this.random.nextBoolean(),
						this.random.nextInt(4) > 0));
				case 7 -> accept(new Fact.HeartbeatReceived(anyWorker()));
				case 8 -> accept(new Fact.Disconnected(anyWorker()));
				case 9 -> keepsTheRotation(() -> accept(new Fact.Drained(anyWorker())));
				case 10 -> dieIfAlive(anyWorker());
				case 11 -> this.fixture.advance(Duration.ofMillis(this.random.nextInt(20_000)));
				case 12 -> timePassesInSilence();
				case 13 -> this.fixture.processes.breakDown(this.random.nextInt(4) == 0);
				case 14 -> keepsTheRotation(
						() -> accept(new Fact.Measured(anyWorker(), this.random.nextInt(2000), 1_000_000)));
				case 15 -> reapThoseAskedToEnd();
				case 19 -> keepsTheRotation(() -> this.fixture.staged((this.random.nextInt(4) == 0) ? "no space" : ""));
				case 16 -> keepsTheRotation(() -> command(new ClusterCommand.Restart(anyWorker())));
				case 17, 18 -> keepsTheRotation(() -> accept(new Fact.WarmedUp(anyWorker(), 50)));
				case 20 -> resigns();
				case 22 -> diesWheneverItIsReady();
				case 21 -> resignsFromWhatItHasNot(new Fact.Resigned(anyWorker(), this.random.nextInt(10)));
				default -> {
					ClusterCommand command = anyCommand();
					if (command instanceof ClusterCommand.Reload) {
						keepsTheRotation(() -> command(command));
					}
					else {
						command(command);
					}
				}
			}
		}

		private WorkerId anyWorker() {
			int started = this.fixture.processes.started().size();
			// The young ones are where things happen.
			int back = this.random.nextInt(this.random.nextBoolean() ? Math.min(started, 8) + 2 : started + 2);
			return WorkerId.of(Math.max(1, started + 2 - back));
		}

		private ClusterCommand anyCommand() {
			return switch (this.random.nextInt(8)) {
				case 0, 1, 2 -> new ClusterCommand.Reload();
				case 3 -> new ClusterCommand.Scale(1 + this.random.nextInt(MAX_WORKERS));
				case 4 -> new ClusterCommand.ScaleBy(this.random.nextBoolean() ? 1 : -1);
				case 5 -> new ClusterCommand.Drain(anyWorker());
				case 6 -> new ClusterCommand.Undrain(anyWorker());
				default -> new ClusterCommand.Kill(anyWorker());
			};
		}

		private void command(ClusterCommand command) {
			this.answers.add(this.random.nextBoolean() ? this.fixture.command(command) : this.fixture.begin(command));
		}

		private void listening(WorkerId worker) {
			accept(new Fact.Listening(worker, 40000 + (int) worker.value()));
		}

		/** As the supervisor's own clock has it: no longer than it may go unnoticed. */
		private void timePassesInSilence() {
			for (int i = this.random.nextInt(10); i > 0; i--) {
				this.fixture.advance(SupervisorFixture.HEARTBEAT_TIMEOUT.dividedBy(4));
				reap(this.fixture.processes.killed());
			}
		}

		private void accept(Fact fact) {
			this.fixture.supervisor.accept(fact);
		}

		/** What is good news, or a start-first replacement, costs no capacity. */
		private void keepsTheRotation(Runnable step) {
			int before = this.fixture.latest().readyWorkers();
			int published = this.fixture.published.size();
			step.run();
			if (this.startFirst) {
				List<ClusterSnapshot> news = this.fixture.published.subList(published, this.fixture.published.size());
				assertThat(news).as("lost capacity, seed %d", this.seed)
					.allSatisfy((snapshot) -> assertThat(snapshot.readyWorkers()).isGreaterThanOrEqualTo(before));
			}
		}

		/** Sooner or later, or twice, or not until it is dead. */
		private void resigns() {
			List<Fact.Resigned> told = this.fixture.processes.toldToResign();
			if (!told.isEmpty()) {
				int back = this.random.nextInt(Math.min(told.size(), 3));
				Fact.Resigned resignation = told.get(told.size() - 1 - back);
				this.fixture.processes.finishLeading(resignation);
				if (this.random.nextBoolean()) {
					deliver(resignation);
				}
			}
		}

		private void resignsFromWhatItHasNot(Fact.Resigned resignation) {
			Long term = this.fixture.processes.leading().get(resignation.worker());
			if (term == null || term != resignation.term()) {
				accept(resignation);
			}
		}

		private void deliver(Fact.Resigned resignation) {
			this.resigned.add(resignation);
			accept(resignation);
		}

		private void dieIfAlive(WorkerId worker) {
			if (this.fixture.processes.alive().contains(worker)) {
				this.fixture.processes.exit(worker);
				this.exited.add(worker);
				accept(new Fact.Exited(worker, this.random.nextBoolean() ? 0 : 137));
				// The system may tell of one death twice, in two ways.
				accept(new Fact.Disconnected(worker));
			}
			else if (this.exited.contains(worker)) {
				accept(new Fact.Exited(worker, 1));
			}
		}

		/** Again and again, and maybe the only one. */
		private void diesWheneverItIsReady() {
			for (int i = this.random.nextInt(10); i > 0; i--) {
				WorkerId worker = anyWorker();
				accept(new Fact.Connected(worker));
				listening(worker);
				accept(new Fact.AvailabilityChanged(worker, true, true));
				accept(new Fact.WarmedUp(worker, 50));
				dieIfAlive(worker);
				checkInvariants();
				this.fixture.advance(Duration.ofMillis(this.random.nextInt(300)));
			}
		}

		/** While nobody serves or starts, a slot that may does not back off. */
		private void checkThatSomebodyComes(ClusterSnapshot latest) {
			List<WorkerSnapshot> seated = latest.workers()
				.stream()
				.filter((worker) -> worker.slot() != WorkerSnapshot.NO_SLOT)
				.toList();
			if (seated.stream()
				.map(WorkerSnapshot::state)
				.anyMatch(Set.of(WorkerState.STARTING, WorkerState.WARMING, WorkerState.READY)::contains)) {
				return;
			}
			assertThat(seated).as("whose next might serve, seed %d", this.seed)
				.filteredOn((worker) -> worker.state() == WorkerState.BACKOFF && this.toldReady.contains(worker.id())
						&& worker.lastExit() != null && worker.lastExit().worker().equals(worker.id()))
				.allSatisfy((worker) -> assertThat(this.fixture.supervisor.nextDeadline()).hasValueSatisfying(
						(wakes) -> assertThat(wakes).isBeforeOrEqualTo(this.fixture.clock.instant().plusMillis(200))));
		}

		private void checkInvariants() {
			ClusterSnapshot latest = this.fixture.latest();
			List<WorkerId> shownAlive = new ArrayList<>();
			Set<Integer> slots = new TreeSet<>();
			Map<Integer, WorkerId> routable = new HashMap<>();
			Map<WorkerState, Integer> unseated = new EnumMap<>(WorkerState.class);
			for (WorkerSnapshot worker : latest.workers()) {
				slots.add(worker.slot());
				if (worker.state().isAlive()) {
					shownAlive.add(worker.id());
				}
				if (worker.slot() == WorkerSnapshot.NO_SLOT) {
					unseated.merge(worker.state(), 1, Integer::sum);
					assertThat(worker.isRoutable()).as("routable without a slot, seed %d", this.seed).isFalse();
				}
				else {
					assertThat(worker.state()).as("stands by in a slot, seed %d", this.seed)
						.isNotEqualTo(WorkerState.STANDBY);
				}
				if (worker.isRoutable()) {
					assertThat(routable.put(worker.slot(), worker.id()))
						.as("two in rotation in slot %d, seed %d", worker.slot(), this.seed)
						.isNull();
				}
				assertThat(worker.pid() != null).isEqualTo(worker.state().isAlive());
				assertThat(worker.nextStartAt() != null).isEqualTo(worker.state() == WorkerState.BACKOFF);
			}
			assertThat(shownAlive).as("neither lost nor shown twice, seed %d", this.seed)
				.containsExactlyInAnyOrderElementsOf(
						this.fixture.processes.alive().stream().filter((worker) -> !isTrainee(worker)).toList());
			for (int slot = 1; slot <= latest.desiredWorkers(); slot++) {
				assertThat(slots).as("an entry for every slot, seed %d", this.seed).contains(slot);
			}
			checkStandby(unseated);
			checkThatSomebodyComes(latest);
			assertThat(routable.size()).as("in rotation, seed %d", this.seed)
				.isLessThanOrEqualTo(latest.desiredWorkers());
			List<ClusterSnapshot> published = this.fixture.published;
			for (; this.seen < published.size() - 1; this.seen++) {
				assertThat(published.get(this.seen + 1).version()).isEqualTo(published.get(this.seen).version() + 1);
				checkChoiceOfLeader(published.get(this.seen), published.get(this.seen + 1));
			}
			checkLeader(latest);
			checkEvents(published);
			checkTimeline();
			assertThat(this.fixture.launched + ((this.fixture.launchFailure != null) ? 1 : 0))
				.as("launch concluded twice, seed %d", this.seed)
				.isLessThanOrEqualTo(1);
			assertThat(this.fixture.processes.warming()).filteredOn((worker) -> !isTrainee(worker))
				.as("gets its warm-up, and nobody else does, seed %d", this.seed)
				.containsExactlyInAnyOrderElementsOf(latest.workers()
					.stream()
					.filter((worker) -> worker.state() == WorkerState.WARMING)
					.map(WorkerSnapshot::id)
					.toList());
			assertThat(this.fixture.processes.warmedUp()).as("warmed up once at most, seed %d", this.seed)
				.doesNotHaveDuplicates();
			assertThat(starting()).as("starting at the same time, seed %d", this.seed)
				.isLessThanOrEqualTo(2 * (MAX_WORKERS + this.standby));
			int remembered = this.fixture.processes.started().size() - this.fixture.processes.alive().size()
					- this.fixture.processes.forgotten().size();
			assertThat(remembered).as("kept output of the dead, seed %d", this.seed)
				.isLessThanOrEqualTo(latest.desiredWorkers() + this.standby + 1);
			checkLogFiles();
		}

		/**
		 * One of those in rotation, unless the one before is alive and has not resigned.
		 * That no two ever lead, the fake processes hold.
		 */
		private void checkLeader(ClusterSnapshot latest) {
			WorkerId leader = latest.leader();
			if (leader != null) {
				assertThat(latest.worker(leader).map(WorkerSnapshot::state)).as("leads, seed %d", this.seed)
					.contains(WorkerState.READY);
				assertThat(this.fixture.processes.leading()).as("was told to, seed %d", this.seed)
					.containsOnlyKeys(leader);
			}
			else if (latest.readyWorkers() > 0) {
				List<Fact.Resigned> told = this.fixture.processes.toldToResign();
				assertThat(told).as("none leads, seed %d: %s", this.seed, latest).isNotEmpty();
				Fact.Resigned awaited = told.get(told.size() - 1);
				assertThat(this.resigned).as("waits for nothing, seed %d: %s", this.seed, latest)
					.doesNotContain(awaited);
				assertThat(this.fixture.processes.alive()).as("waits for the dead, seed %d: %s", this.seed, latest)
					.contains(awaited.worker());
			}
		}

		/** It changes only when it must, and to the newest generation's oldest worker. */
		private void checkChoiceOfLeader(ClusterSnapshot before, ClusterSnapshot after) {
			WorkerId former = before.leader();
			if (former != null && after.worker(former).filter(WorkerSnapshot::isRoutable).isPresent()) {
				assertThat(after.leader()).as("deposed for no reason, seed %d", this.seed).isEqualTo(former);
			}
			else if (after.leader() != null && !after.leader().equals(former)) {
				assertThat(after.leader()).as("chosen of %s, seed %d", after.workers(), this.seed)
					.isEqualTo(after.workers()
						.stream()
						.filter(WorkerSnapshot::isRoutable)
						.min(Comparator.comparingInt((WorkerSnapshot worker) -> -worker.generation())
							.thenComparing(WorkerSnapshot::id))
						.map(WorkerSnapshot::id)
						.orElseThrow());
			}
		}

		/** Of each worker at most one of a kind, in order, and all that must come. */
		private void checkEvents(List<ClusterSnapshot> published) {
			List<WorkerEvent> events = this.fixture.events;
			for (; this.heard < events.size(); this.heard++) {
				WorkerEvent event = events.get(this.heard);
				int rank = rank(event);
				Integer before = this.ranks.put(event.worker(), rank);
				assertThat(before == null || before < rank).as("%s after %s, seed %d", event, before, this.seed)
					.isTrue();
				assertThat(event.pid()).isEqualTo(FakeProcesses.pidOf(event.worker()));
			}
			if (!published.isEmpty()) {
				assertThat(this.toldReady).as("told of as ready, seed %d", this.seed)
					.containsAll(published.get(published.size() - 1)
						.workers()
						.stream()
						.filter((worker) -> worker.state() == WorkerState.READY)
						.map(WorkerSnapshot::id)
						.toList());
			}
		}

		private int rank(WorkerEvent event) {
			if (event instanceof WorkerStarted) {
				this.toldStarted.add(event.worker());
				return 0;
			}
			if (event instanceof WorkerReady) {
				this.toldReady.add(event.worker());
				return 1;
			}
			if (event instanceof WorkerDraining) {
				return 2;
			}
			this.toldExited.add(event.worker());
			return 3;
		}

		/** Each life has one beginning, then what it had, then one end. */
		private void checkTimeline() {
			List<TimelineEntry> entries = this.fixture.timeline.after(this.lastEntry);
			for (TimelineEntry entry : entries) {
				assertThat(entry.number()).as("missed, seed %d", this.seed).isEqualTo(++this.lastEntry);
				assertThat(entry.message()).as("a sentence, seed %d", this.seed).endsWith(".").doesNotContain("null");
				WorkerId worker = entry.worker();
				if (worker == null) {
					assertThat(entry.kind()).isIn(Kind.RELOAD, Kind.SCALED, Kind.STATE);
					continue;
				}
				TimelineEntry before = this.lives.get(worker);
				switch (entry.kind()) {
					case STARTED -> {
						assertThat(before).as("%s, seed %d", entry, this.seed).isNull();
						assertThat(this.endedLives).as("%s, seed %d", entry, this.seed).doesNotContain(worker);
						this.lives.put(worker, entry);
					}
					case READY, PAUSED, DRAINING -> {
						assertThat(before).as("%s, seed %d", entry, this.seed).isNotNull();
						assertThat(before.kind()).as("%s, seed %d", entry, this.seed).isNotEqualTo(Kind.DRAINING);
						if (entry.kind() == Kind.READY) {
							assertThat(before.kind()).as("%s, seed %d", entry, this.seed).isNotEqualTo(Kind.READY);
						}
						this.lives.put(worker, entry);
					}
					case EXITED, CRASHED -> {
						assertThat(before).as("%s, seed %d", entry, this.seed).isNotNull();
						this.lives.remove(worker);
						this.endedLives.add(worker);
					}
					case BACKOFF ->
						assertThat(this.lives).as("%s, seed %d", entry, this.seed).doesNotContainKey(worker);
					case RELOAD, SCALED, STATE ->
						throw new AssertionError("%s of a worker, seed %d".formatted(entry, this.seed));
				}
			}
			assertThat(this.lives.keySet()).as("live, seed %d", this.seed)
				.containsExactlyInAnyOrderElementsOf(
						this.fixture.processes.alive().stream().filter((worker) -> !isTrainee(worker)).toList());
			assertThat(this.lives.entrySet()).as("in rotation, seed %d", this.seed)
				.filteredOn((life) -> this.fixture.latest()
					.worker(life.getKey())
					.filter(WorkerSnapshot::isRoutable)
					.isPresent())
				.allSatisfy((life) -> assertThat(life.getValue().kind()).isEqualTo(Kind.READY));
			assertThat(this.fixture.timeline.after(0)).hasSizeLessThanOrEqualTo(Timeline.CAPACITY);
		}

		private Set<WorkerId> withoutTrainees(Stream<WorkerId> workers) {
			return workers.filter((worker) -> !isTrainee(worker)).collect(Collectors.toSet());
		}

		/** Seats exist once the launch has succeeded, each with a worker or its next. */
		private void checkStandby(Map<WorkerState, Integer> unseated) {
			int seats = (this.fixture.launched == 1) ? this.standby : 0;
			assertThat(unseated.getOrDefault(WorkerState.STANDBY, 0)).as("stand by, seed %d", this.seed)
				.isLessThanOrEqualTo(seats);
			int entries = unseated.values().stream().mapToInt(Integer::intValue).sum();
			assertThat(entries).as("an entry for every seat, seed %d: %s", this.seed, this.fixture.latest())
				.isGreaterThanOrEqualTo(seats);
			if (this.fixture.launched == 0) {
				assertThat(entries).as("seats before the first answer, seed %d", this.seed).isZero();
			}
		}

		private void checkLogFiles() {
			Map<Integer, Integer> writers = new HashMap<>();
			this.fixture.processes.aliveSpecs().stream().filter((spec) -> !isTrainee(spec.id())).forEach((spec) -> {
				int slot = this.fixture.latest().worker(spec.id()).orElseThrow().slot();
				Integer other = writers.put(spec.logFile(), slot);
				// In a slot one follows the other in the file, too.
				assertThat(other == null || (other == slot && slot != WorkerSnapshot.NO_SLOT))
					.as("log file of %s is also that of slot %s, seed %d", spec, other, this.seed)
					.isTrue();
			});
		}

		private boolean isTrainee(WorkerId worker) {
			return this.fixture.processes.trained().stream().anyMatch((spec) -> spec.id().equals(worker));
		}

		/** What is due is done: the supervisor sleeps until something else is. */
		private void checkThatItDoesNotSpin() {
			for (int i = 0; i < 3 && isDue(); i++) {
				this.fixture.supervisor.tick();
			}
			assertThat(isDue()).as("spins, seed %d: %s", this.seed, this.fixture.latest()).isFalse();
		}

		private boolean isDue() {
			return this.fixture.supervisor.nextDeadline()
				.filter((deadline) -> !deadline.isAfter(this.fixture.clock.instant()))
				.isPresent();
		}

		private long starting() {
			return this.fixture.latest()
				.workers()
				.stream()
				.filter((worker) -> worker.state() == WorkerState.STARTING)
				.count();
		}

		/** Whoever is asked to end does, and whoever starts becomes ready. */
		private void faultsEnd() {
			this.fixture.processes.breakDown(false);
			for (int round = 0; round < 60; round++) {
				reapThoseAskedToEnd();
				allResign();
				this.fixture.staged("");
				this.fixture.processes.alive().forEach((worker) -> {
					this.fixture.ready(worker);
					accept(new Fact.WarmedUp(worker, 50));
					accept(new Fact.HeartbeatReceived(worker));
				});
				for (WorkerSnapshot worker : List.copyOf(this.fixture.latest().workers())) {
					accept(new Fact.Drained(worker.id()));
					if (worker.state() == WorkerState.DRAINED) {
						command(new ClusterCommand.Undrain(worker.id()));
					}
				}
				this.fixture.advance(SupervisorFixture.MAX_DELAY);
				checkInvariants();
			}
			if (this.fixture.launchFailure != null) {
				assertThat(this.fixture.processes.alive()).as("given up, seed %d", this.seed).isEmpty();
				return;
			}
			ClusterSnapshot latest = this.fixture.latest();
			assertThat(latest.reload() == null || !latest.reload().state().isUnderWay())
				.as("reload without end, seed %d", this.seed)
				.isTrue();
			long left = latest.workers()
				.stream()
				.filter((worker) -> worker.slot() != WorkerSnapshot.NO_SLOT)
				.filter((worker) -> worker.state() == WorkerState.EXITED)
				.count();
			long standing = latest.workers()
				.stream()
				.filter((worker) -> worker.slot() == WorkerSnapshot.NO_SLOT)
				.filter((worker) -> worker.state() == WorkerState.STANDBY || worker.state() == WorkerState.EXITED)
				.count();
			assertThat(standing).as("replenished, less those that ended with 0, seed %d: %s", this.seed, latest)
				.isEqualTo(this.standby);
			assertThat(latest.workers()).as("of another generation, seed %d", this.seed)
				.noneMatch((worker) -> worker.state() == WorkerState.STANDBY
						&& worker.generation() != latest.generation());
			assertThat(latest.readyWorkers() + left)
				.as("desired count, less those that ended with 0, seed %d: %s", this.seed, latest)
				.isEqualTo(latest.desiredWorkers());
			if (left == 0) {
				assertThat(latest.state()).isEqualTo(ClusterState.RUNNING);
			}
			assertThat(this.answers).as("unanswered, seed %d", this.seed).allMatch(CompletableFuture::isDone);
			allResign();
			checkInvariants();
			assertThat(this.fixture.latest().leader() != null).as("leads, seed %d: %s", this.seed, latest)
				.isEqualTo(this.fixture.latest().readyWorkers() > 0);
		}

		private void allResign() {
			List<Fact.Resigned> late = new ArrayList<>(this.fixture.processes.toldToResign());
			late.removeAll(this.resigned);
			late.forEach((resignation) -> {
				this.fixture.processes.finishLeading(resignation);
				deliver(resignation);
			});
		}

		private void reapThoseAskedToEnd() {
			reap(this.fixture.processes.toldToShutDown());
			reap(this.fixture.processes.terminated());
			reap(this.fixture.processes.killed());
		}

		private void reap(Set<WorkerId> ended) {
			for (WorkerId worker : List.copyOf(ended)) {
				if (this.fixture.processes.alive().contains(worker)) {
					this.fixture.processes.exit(worker);
					this.exited.add(worker);
					accept(new Fact.Exited(worker, 143));
				}
			}
		}

		private void stop() {
			accept(new Fact.StopRequested());
			int started = this.fixture.processes.started().size();
			for (int round = 0; round < 20; round++) {
				reapThoseAskedToEnd();
				this.fixture.advance(SupervisorFixture.STOP_TIMEOUT);
			}
			assertThat(this.fixture.processes.alive()).as("left alive, seed %d", this.seed).isEmpty();
			assertThat(this.fixture.stopped).as("stops, seed %d", this.seed).isEqualTo(1);
			assertThat(this.fixture.processes.started()).as("started while stopping, seed %d", this.seed)
				.hasSize(started);
			assertThat(this.answers).as("unanswered, seed %d", this.seed).allMatch(CompletableFuture::isDone);
			checkEvents(this.fixture.published);
			assertThat(this.toldExited).as("told of as gone, seed %d", this.seed)
				.isEqualTo(withoutTrainees(this.exited.stream()));
			assertThat(this.toldStarted).as("told of as started, seed %d", this.seed)
				.isEqualTo(withoutTrainees(this.fixture.processes.started().stream().map(WorkerSpec::id)));
		}

	}

}

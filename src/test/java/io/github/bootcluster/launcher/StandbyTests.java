package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.CommandOutcome.Status;
import io.github.bootcluster.ReloadSnapshot;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import org.junit.jupiter.api.Test;

import static io.github.bootcluster.launcher.SupervisorFixture.ended;
import static org.assertj.core.api.Assertions.assertThat;

/** Two workers, 1 and 2, and behind them one that stands by: 3. */
class StandbyTests {

	private final SupervisorFixture fixture = fixture(Map.of());

	@Test
	void standbyIsStartedOnceTheLaunchHasSucceeded() {
		this.fixture.started();
		this.fixture.ready(1);
		assertThat(this.fixture.processes.started()).hasSize(2);
		this.fixture.ready(2);
		assertThat(this.fixture.launched).isEqualTo(1);
		assertThat(this.fixture.processes.started()).last().isEqualTo(new WorkerSpec(WorkerId.of(3), 0, 1, 3, 3));
		assertThat(seat().state()).isEqualTo(WorkerState.STARTING);
		assertThat(this.fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
	}

	@Test
	void everyWorkerKnowsThatStandbysShareTheMachine() {
		this.fixture.started();
		assertThat(this.fixture.processes.started()).extracting(WorkerSpec::workers).containsOnly(3);
	}

	@Test
	void launchThatFailedHasNoStandbys() {
		this.fixture.started();
		this.fixture.die(1, 1);
		this.fixture.die(2, 1);
		assertThat(this.fixture.launchFailure).isNotNull();
		assertThat(this.fixture.processes.started()).extracting(WorkerSpec::slot).doesNotContain(0);
	}

	@Test
	void standbyIsReadyOutsideOfTheRotationAndCountsNowhere() {
		allReady();
		assertThat(seat().state()).isEqualTo(WorkerState.STANDBY);
		assertThat(seat().isRoutable()).isFalse();
		assertThat(this.fixture.latest().desiredWorkers()).isEqualTo(2);
		assertThat(this.fixture.latest().readyWorkers()).isEqualTo(2);
		assertThat(this.fixture.latest().workers()).extracting(WorkerSnapshot::slot).containsExactly(1, 2, 0);
	}

	@Test
	void standbyTakesTheSlotOfACrashedWorkerInTheSameStepAndIsReplenished() {
		allReady();
		int published = this.fixture.published.size();
		this.fixture.die(2, 137);
		assertThat(this.fixture.published).hasSize(published + 1);
		WorkerSnapshot slot = this.fixture.slot(2);
		assertThat(slot).extracting(WorkerSnapshot::id, WorkerSnapshot::state, WorkerSnapshot::restarts)
			.containsExactly(WorkerId.of(3), WorkerState.READY, 1);
		assertThat(slot.lastExit().worker()).isEqualTo(WorkerId.of(2));
		assertThat(this.fixture.processes.seated()).containsExactly(Map.entry(WorkerId.of(3), 2));
		assertThat(this.fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(seat()).extracting(WorkerSnapshot::id, WorkerSnapshot::state)
			.containsExactly(WorkerId.of(4), WorkerState.STARTING);
		this.fixture.ready(4);
		assertThat(seat().state()).isEqualTo(WorkerState.STANDBY);
	}

	@Test
	void everyLiveWorkerHasALogFileOfItsOwn() {
		allReady();
		this.fixture.die(1, 137);
		assertThat(logFile(4)).as("that of the dead").isEqualTo(1);
		this.fixture.die(3, 137);
		this.fixture.advance(SupervisorFixture.MAX_DELAY.dividedBy(2));
		assertThat(logFile(5)).as("of slot 1, whose number the standby has").isEqualTo(3);
		this.fixture.ready(4);
		this.fixture.ready(5);
		this.fixture.command(new ClusterCommand.Scale(3));
		assertThat(this.fixture.slot(3).id()).isEqualTo(WorkerId.of(4));
		assertThat(logFile(6)).as("none is free").isEqualTo(4);
	}

	@Test
	void slotWhoseWorkersDieYoungDoesNotBurnTheStandbys() {
		allReady();
		this.fixture.die(1, 137);
		this.fixture.ready(4);
		this.fixture.die(3, 137);
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.BACKOFF);
		assertThat(seat().state()).isEqualTo(WorkerState.STANDBY);
		assertThat(this.fixture.supervisor.nextDeadline()).contains(this.fixture.slot(1).nextStartAt());
		this.fixture.advance(SupervisorFixture.MAX_DELAY.dividedBy(2));
		assertThat(this.fixture.slot(1)).extracting(WorkerSnapshot::id, WorkerSnapshot::state)
			.containsExactly(WorkerId.of(4), WorkerState.READY);
	}

	@Test
	void standbyStepsInAtOnceWhereNobodyServesThoughOneStarts() {
		long only = onlyOneServesAndDiedYoungBefore();
		this.fixture.die(only, 1);
		assertThat(this.fixture.slot(1)).extracting(WorkerSnapshot::id, WorkerSnapshot::state)
			.containsExactly(WorkerId.of(4), WorkerState.READY);
	}

	@Test
	void standbyStepsInAtOnceWhereNobodyServesThoughTheSlotsNextOneStarts() {
		long only = onlyOneServesAndDiedYoungBefore();
		this.fixture.begin(new ClusterCommand.Restart(WorkerId.of(only)));
		this.fixture.die(only, 1);
		assertThat(this.fixture.latest().workers()).filteredOn((worker) -> worker.slot() == 1)
			.extracting(WorkerSnapshot::state)
			.containsExactly(WorkerState.READY, WorkerState.STARTING);
		assertThat(this.fixture.slot(1).id()).isEqualTo(WorkerId.of(4));
	}

	@Test
	void standbyStepsInAtOnceForTheOnlyWorkerThatAnOperatorKilledWhileItsNextOneStarts() {
		allReady();
		this.fixture.command(new ClusterCommand.Scale(1));
		this.fixture.begin(new ClusterCommand.Restart(WorkerId.of(1)));
		this.fixture.begin(new ClusterCommand.Kill(WorkerId.of(1)));
		this.fixture.die(1, 137);
		assertThat(this.fixture.slot(1)).extracting(WorkerSnapshot::id, WorkerSnapshot::state)
			.containsExactly(WorkerId.of(3), WorkerState.READY);
	}

	@Test
	void standbyStepsInWhenItIsDueThoughTheSlotsNextOneStarts() {
		allReady();
		this.fixture.die(1, 137);
		this.fixture.ready(4);
		for (int death = 1; death <= 4; death++) {
			this.fixture.die(this.fixture.slot(1).id().value(), 1);
			this.fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(2)));
			this.fixture.advance(Duration.ofSeconds(4));
			this.fixture.ready(seat().id().value());
		}
		WorkerId only = this.fixture.slot(1).id();
		this.fixture.begin(new ClusterCommand.Restart(only));
		Instant died = this.fixture.clock.instant();
		this.fixture.die(only.value(), 1);
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.STARTING);
		Instant due = this.fixture.supervisor.nextDeadline().orElseThrow();
		assertThat(due).isBetween(died.plusMillis(1000), died.plusMillis(4000));
		this.fixture.advance(Duration.between(died, due));
		assertThat(this.fixture.latest().workers()).filteredOn((worker) -> worker.slot() == 1)
			.extracting(WorkerSnapshot::state)
			.containsExactly(WorkerState.READY, WorkerState.STARTING);
	}

	@Test
	void standbyStepsInAsSoonAsItIsReadyWhereNobodyServesAndTheSlotsWorkersNeverGotReady() {
		allReady();
		this.fixture.die(3, 1);
		long standby = seat().id().value();
		this.fixture.die(1, 1);
		this.fixture.die(2, 1);
		for (int death = 1; death <= 6; death++) {
			this.fixture.advance(Duration.ofSeconds(4));
			neverReady().forEach((worker) -> this.fixture.die(worker, 1));
		}
		assertThat(this.fixture.slot(1).nextStartAt()).isAfter(this.fixture.clock.instant().plusSeconds(2));
		this.fixture.ready(standby);
		assertThat(this.fixture.slot(1)).extracting(WorkerSnapshot::id, WorkerSnapshot::state)
			.containsExactly(WorkerId.of(standby), WorkerState.READY);
	}

	private List<Long> neverReady() {
		return this.fixture.latest()
			.workers()
			.stream()
			.filter((worker) -> worker.slot() != WorkerSnapshot.NO_SLOT && worker.state() == WorkerState.STARTING)
			.map((worker) -> worker.id().value())
			.toList();
	}

	/** Worker 4 stands by, slot 2 has one that starts. */
	private long onlyOneServesAndDiedYoungBefore() {
		allReady();
		this.fixture.die(1, 1);
		for (int death = 1; death <= 6; death++) {
			this.fixture.die(this.fixture.slot(1).id().value(), 1);
			this.fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(2)));
			this.fixture.advance(SupervisorFixture.MAX_DELAY.dividedBy(2));
			this.fixture.ready(this.fixture.slot(1).id().value());
		}
		this.fixture.die(2, 1);
		assertThat(this.fixture.slot(2).state()).isEqualTo(WorkerState.STARTING);
		this.fixture.ready(4);
		assertThat(seat().state()).isEqualTo(WorkerState.STANDBY);
		return this.fixture.slot(1).id().value();
	}

	@Test
	void timeOfStandingByDoesNotMakeADeathAnOldOne() {
		allReady();
		pass(SupervisorFixture.MAX_DELAY);
		this.fixture.die(1, 137);
		this.fixture.die(3, 137);
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.BACKOFF);
	}

	@Test
	void withoutAStandbyThatIsReadyTheSlotStartsAWorkerAsEver() {
		allReady();
		this.fixture.die(1, 137);
		this.fixture.die(2, 137);
		assertThat(this.fixture.slot(2)).extracting(WorkerSnapshot::id, WorkerSnapshot::state)
			.containsExactly(WorkerId.of(5), WorkerState.STARTING);
		assertThat(this.fixture.latest().state()).isEqualTo(ClusterState.DEGRADED);
	}

	@Test
	void standbyThatRefusesTrafficDoesNotStepInUntilItAcceptsIt() {
		allReady();
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(3), false, true));
		assertThat(seat().state()).isEqualTo(WorkerState.PAUSED);
		this.fixture.die(1, 137);
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.STARTING);
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(3), true, true));
		assertThat(seat().state()).isEqualTo(WorkerState.STANDBY);
		this.fixture.die(2, 137);
		assertThat(this.fixture.slot(2).id()).isEqualTo(WorkerId.of(3));
	}

	@Test
	void workerThatLeftWithZeroIsNotStoodInFor() {
		allReady();
		this.fixture.die(1, 0);
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.EXITED);
		assertThat(seat().state()).isEqualTo(WorkerState.STANDBY);
	}

	@Test
	void standbyIsWarmedUpBeforeAndNotAgainWhenItStepsIn() {
		SupervisorFixture warm = fixture(Map.of("cluster.worker.warm-up.paths", "/"));
		warm.started();
		for (long worker = 1; worker <= 3; worker++) {
			warm.ready(worker);
			warm.supervisor.accept(new Fact.WarmedUp(WorkerId.of(worker), 50));
		}
		assertThat(seat(warm).state()).isEqualTo(WorkerState.STANDBY);
		warm.die(1, 137);
		assertThat(warm.slot(1).state()).isEqualTo(WorkerState.READY);
		assertThat(warm.processes.warmedUp()).extracting(WorkerId::value).containsExactly(1L, 2L, 3L);
	}

	@Test
	void standbyThatDiesIsReplacedWithABackoffOfItsOwn() {
		allReady();
		this.fixture.die(3, 1);
		this.fixture.die(4, 1);
		assertThat(seat()).extracting(WorkerSnapshot::state, WorkerSnapshot::restarts)
			.containsExactly(WorkerState.BACKOFF, 2);
		assertThat(seat().lastExit().worker()).isEqualTo(WorkerId.of(4));
		assertThat(this.fixture.processes.forgotten()).containsExactly(WorkerId.of(3));
		assertThat(this.fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
		this.fixture.advance(SupervisorFixture.MAX_DELAY);
		assertThat(seat().state()).isEqualTo(WorkerState.STARTING);
		this.fixture.die(1, 1);
		assertThat(this.fixture.slot(1).state()).as("at once, whatever befell standbys")
			.isEqualTo(WorkerState.STARTING);
	}

	@Test
	void standbyThatCannotBeStartedChangesNothingForTheOthers() {
		this.fixture.started();
		this.fixture.ready(1);
		this.fixture.processes.breakDown(true);
		this.fixture.ready(2);
		assertThat(seat().state()).isEqualTo(WorkerState.BACKOFF);
		assertThat(this.fixture.launched).isEqualTo(1);
		assertThat(this.fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
	}

	@Test
	void standbyThatIsNotReadyInTimeIsReplaced() {
		this.fixture.allReady();
		passWithSignsOfLife(SupervisorFixture.START_TIMEOUT, 1, 2);
		assertThat(this.fixture.processes.toldToShutDown()).containsExactly(WorkerId.of(3));
		this.fixture.die(3, 143);
		assertThat(seat().id()).isEqualTo(WorkerId.of(4));
	}

	@Test
	void standbyThatFallsSilentCountsAsHung() {
		allReady();
		passWithSignsOfLife(SupervisorFixture.HEARTBEAT_TIMEOUT, 1, 2);
		assertThat(this.fixture.processes.askedForThreads()).containsExactly(WorkerId.of(3));
		assertThat(seat().state()).isEqualTo(WorkerState.DRAINING);
		this.fixture.die(1, 137);
		assertThat(this.fixture.slot(1).id()).as("not the one that hangs").isEqualTo(WorkerId.of(4));
	}

	@Test
	void scalingUpTakesStandbys() {
		allReady();
		CompletableFuture<CommandOutcome> scale = this.fixture.command(new ClusterCommand.Scale(4));
		assertThat(this.fixture.slot(3)).extracting(WorkerSnapshot::id, WorkerSnapshot::state)
			.containsExactly(WorkerId.of(3), WorkerState.READY);
		assertThat(this.fixture.slot(4).state()).isEqualTo(WorkerState.STARTING);
		assertThat(seat().state()).isEqualTo(WorkerState.STARTING);
		this.fixture.ready(this.fixture.slot(4).id());
		assertThat(ended(scale).status()).isEqualTo(Status.SUCCEEDED);
		assertThat(this.fixture.processes.started()).last().extracting(WorkerSpec::workers).isEqualTo(5);
	}

	@Test
	void standbyIsRenewedOnceAReloadHasSucceeded() {
		allReady();
		CompletableFuture<CommandOutcome> reload = reloadSlots();
		assertThat(this.fixture.slot(1).generation()).isEqualTo(2);
		assertThat(ended(reload).message()).contains("2 workers replaced");
		assertThat(this.fixture.latest().reload()).extracting(ReloadSnapshot::slots, ReloadSnapshot::slotsDone)
			.containsExactly(2, 2);
		assertThat(this.fixture.processes.toldToShutDown()).contains(WorkerId.of(3));
		this.fixture.die(3, 0);
		assertThat(seat()).extracting(WorkerSnapshot::state, WorkerSnapshot::generation)
			.containsExactly(WorkerState.STARTING, 2);
		assertThat(this.fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
	}

	@Test
	void standbyOfAnotherGenerationDoesNotStepIn() {
		allReady();
		reloadSlots();
		this.fixture.die(4, 137);
		assertThat(this.fixture.slot(1)).extracting(WorkerSnapshot::state, WorkerSnapshot::generation)
			.containsExactly(WorkerState.STARTING, 2);
	}

	@Test
	void seatThatIsEmptyWhenAReloadSucceedsIsFilledAgain() {
		allReady();
		this.fixture.die(3, 0);
		assertThat(seat().state()).isEqualTo(WorkerState.EXITED);
		reloadSlots();
		assertThat(seat()).extracting(WorkerSnapshot::state, WorkerSnapshot::generation)
			.containsExactly(WorkerState.STARTING, 2);
	}

	@Test
	void reloadLeavesTheStandbyAloneUntilItHasSucceeded() {
		allReady();
		CompletableFuture<CommandOutcome> reload = this.fixture.command(new ClusterCommand.Reload());
		this.fixture.ready(4);
		ReloadTests.leave(this.fixture, 1);
		this.fixture.die(5, 1);
		assertThat(this.fixture.latest().reload().state()).isEqualTo(ReloadSnapshot.State.ROLLING_BACK);
		this.fixture.ready(6);
		ReloadTests.leave(this.fixture, 4);
		assertThat(ended(reload).status()).isEqualTo(Status.FAILED);
		assertThat(seat()).extracting(WorkerSnapshot::id, WorkerSnapshot::state)
			.containsExactly(WorkerId.of(3), WorkerState.STANDBY);
	}

	@Test
	void standbyThatDiesDuringAReloadDoesNotFailIt() {
		allReady();
		CompletableFuture<CommandOutcome> reload = this.fixture.command(new ClusterCommand.Reload());
		this.fixture.die(3, 137);
		assertThat(seat()).extracting(WorkerSnapshot::state, WorkerSnapshot::generation)
			.containsExactly(WorkerState.STARTING, 1);
		this.fixture.ready(4);
		ReloadTests.leave(this.fixture, 1);
		this.fixture.ready(6);
		ReloadTests.leave(this.fixture, 2);
		assertThat(ended(reload).status()).isEqualTo(Status.SUCCEEDED);
	}

	@Test
	void slotThatLosesItsNewWorkerDuringAReloadGetsTheStandbyBack() {
		allReady();
		CompletableFuture<CommandOutcome> reload = this.fixture.command(new ClusterCommand.Reload());
		this.fixture.ready(4);
		ReloadTests.leave(this.fixture, 1);
		this.fixture.die(4, 139);
		assertThat(this.fixture.slot(1)).extracting(WorkerSnapshot::id, WorkerSnapshot::state)
			.containsExactly(WorkerId.of(3), WorkerState.READY);
		assertThat(this.fixture.latest().readyWorkers()).isEqualTo(2);
		assertThat(ended(reload).message()).contains("Generation 1 serves");
	}

	@Test
	void slotWhoseOldWorkerDiesWhileTheNewOneStartsIsServedByTheStandbyMeanwhile() {
		allReady();
		CompletableFuture<CommandOutcome> restart = this.fixture.command(new ClusterCommand.Restart(WorkerId.of(1)));
		this.fixture.die(1, 137);
		assertThat(this.fixture.workersOf(1)).extracting(WorkerSnapshot::id, WorkerSnapshot::state)
			.satisfiesExactly((own) -> assertThat(own.toList()).containsExactly(WorkerId.of(3), WorkerState.READY),
					(incoming) -> assertThat(incoming.toList()).containsExactly(WorkerId.of(4), WorkerState.STARTING));
		this.fixture.ready(4);
		assertThat(this.fixture.latest().readyWorkers()).isEqualTo(2);
		ReloadTests.leave(this.fixture, 3);
		assertThat(ended(restart).status()).isEqualTo(Status.SUCCEEDED);
	}

	@Test
	void emptySlotGetsItsWorkerOfTheNewGenerationAndNotTheStandby() {
		allReady();
		this.fixture.die(2, 0);
		this.fixture.command(new ClusterCommand.Reload());
		this.fixture.ready(4);
		ReloadTests.leave(this.fixture, 1);
		assertThat(this.fixture.processes.seated()).isEmpty();
		assertThat(seat().id()).isEqualTo(WorkerId.of(3));
		assertThat(this.fixture.processes.started()).last().isEqualTo(new WorkerSpec(WorkerId.of(5), 2, 2, 3, 2));
	}

	@Test
	void slotThatStopsFirstDoesNotTakeTheStandby() {
		SupervisorFixture stopFirst = fixture(Map.of("cluster.reload.order", "stop-first"));
		stopFirst.allReady().ready(3);
		stopFirst.command(new ClusterCommand.Reload());
		ReloadTests.leave(stopFirst, 1);
		assertThat(stopFirst.workersOf(1)).extracting(WorkerSnapshot::state).containsExactly(WorkerState.STARTING);
		assertThat(seat(stopFirst).state()).isEqualTo(WorkerState.STANDBY);
	}

	@Test
	void restartRenewsAStandbyTheNewOneFirst() {
		allReady();
		CompletableFuture<CommandOutcome> restart = this.fixture.command(new ClusterCommand.Restart(WorkerId.of(3)));
		this.fixture.ready(4);
		assertThat(this.fixture.workersOf(0)).extracting(WorkerSnapshot::state)
			.containsExactly(WorkerState.STANDBY, WorkerState.DRAINING);
		this.fixture.die(3, 0);
		assertThat(ended(restart).message()).startsWith("Standby has a new worker.");
	}

	@Test
	void standbyThatIsTakenWhileItIsRenewedLeavesItsSeatToTheNewOne() {
		allReady();
		CompletableFuture<CommandOutcome> restart = this.fixture.command(new ClusterCommand.Restart(WorkerId.of(3)));
		this.fixture.die(1, 137);
		assertThat(this.fixture.slot(1).id()).isEqualTo(WorkerId.of(3));
		assertThat(this.fixture.workersOf(0)).extracting(WorkerSnapshot::id).containsExactly(WorkerId.of(4));
		this.fixture.ready(4);
		assertThat(seat().state()).isEqualTo(WorkerState.STANDBY);
		assertThat(ended(restart).status()).isEqualTo(Status.SUCCEEDED);
	}

	@Test
	void seatWhoseStandbyIsTakenAndWhoseNewOneFailsIsFilledAllTheSame() {
		allReady();
		CompletableFuture<CommandOutcome> restart = this.fixture.command(new ClusterCommand.Restart(WorkerId.of(3)));
		this.fixture.die(1, 137);
		this.fixture.die(4, 1);
		assertThat(ended(restart).status()).isEqualTo(Status.FAILED);
		assertThat(seat()).extracting(WorkerSnapshot::id, WorkerSnapshot::state)
			.containsExactly(WorkerId.of(5), WorkerState.STARTING);
	}

	@Test
	void killedStandbyIsReplacedAtOnce() {
		allReady();
		CompletableFuture<CommandOutcome> kill = this.fixture.command(new ClusterCommand.Kill(WorkerId.of(3)));
		this.fixture.die(3, 137);
		assertThat(ended(kill).status()).isEqualTo(Status.SUCCEEDED);
		assertThat(seat()).extracting(WorkerSnapshot::id, WorkerSnapshot::restarts).containsExactly(WorkerId.of(4), 0);
	}

	@Test
	void standbyCannotBeDrained() {
		allReady();
		assertThat(this.fixture.outcome(new ClusterCommand.Drain(WorkerId.of(3))).message())
			.isEqualTo("Worker 3 (standby, pid 1003) stands by: it is not in rotation.");
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(3), false, true));
		assertThat(this.fixture.outcome(new ClusterCommand.Drain(WorkerId.of(3))).status()).isEqualTo(Status.REFUSED);
	}

	@Test
	void standbyIsRecycledTheNewOneFirst() {
		SupervisorFixture mortal = fixture(Map.of("cluster.worker.max-memory", "100MB"));
		mortal.allReady().ready(3);
		mortal.supervisor.accept(new Fact.Measured(WorkerId.of(3), 0, 200 << 20));
		mortal.advance(Duration.ofSeconds(10));
		assertThat(mortal.workersOf(0)).extracting(WorkerSnapshot::state)
			.containsExactly(WorkerState.STANDBY, WorkerState.STARTING);
		mortal.ready(4);
		mortal.die(3, 0);
		assertThat(mortal.workersOf(0)).extracting(WorkerSnapshot::id).containsExactly(WorkerId.of(4));
	}

	@Test
	void stopEndsStandbysAndStartsNone() {
		allReady();
		this.fixture.supervisor.accept(new Fact.StopRequested());
		assertThat(this.fixture.processes.toldToShutDown()).contains(WorkerId.of(3));
		this.fixture.die(3, 0);
		ReloadTests.leave(this.fixture, 1);
		ReloadTests.leave(this.fixture, 2);
		assertThat(this.fixture.stopped).isEqualTo(1);
		assertThat(this.fixture.processes.started()).hasSize(3);
	}

	private void allReady() {
		this.fixture.allReady().ready(3);
	}

	/** The workers that replace 1 and 2 are 4 and 5. */
	private CompletableFuture<CommandOutcome> reloadSlots() {
		CompletableFuture<CommandOutcome> reload = this.fixture.command(new ClusterCommand.Reload());
		for (long old = 1; old <= 2; old++) {
			List<WorkerSpec> started = this.fixture.processes.started();
			this.fixture.ready(started.get(started.size() - 1).id());
			ReloadTests.leave(this.fixture, old);
		}
		return reload;
	}

	private int logFile(long worker) {
		return this.fixture.processes.started().get((int) worker - 1).logFile();
	}

	private WorkerSnapshot seat() {
		return seat(this.fixture);
	}

	private static WorkerSnapshot seat(SupervisorFixture fixture) {
		return fixture.slot(WorkerSnapshot.NO_SLOT);
	}

	private void pass(Duration time) {
		passWithSignsOfLife(time, 1, 2, 3);
	}

	private void passWithSignsOfLife(Duration time, long... workers) {
		for (long second = 0; second < time.toSeconds(); second++) {
			for (long worker : workers) {
				this.fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(worker)));
			}
			this.fixture.advance(Duration.ofSeconds(1));
		}
	}

	private static SupervisorFixture fixture(Map<String, String> more) {
		Map<String, String> properties = new HashMap<>(more);
		properties.put("cluster.standby", "1");
		return new SupervisorFixture(2, properties);
	}

}

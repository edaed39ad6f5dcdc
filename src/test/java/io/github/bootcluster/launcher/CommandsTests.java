package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.CommandOutcome.Status;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import org.junit.jupiter.api.Test;

import static io.github.bootcluster.launcher.SupervisorFixture.ended;
import static org.assertj.core.api.Assertions.assertThat;

class CommandsTests {

	private final SupervisorFixture fixture = new SupervisorFixture(2);

	@Test
	void scalingUpStartsWorkersThatKnowHowManyTheyAre() {
		this.fixture.allReady();
		CompletableFuture<CommandOutcome> scale = this.fixture.command(new ClusterCommand.Scale(4));
		assertThat(this.fixture.processes.started()).last().isEqualTo(new WorkerSpec(WorkerId.of(4), 4, 1, 4));
		assertThat(this.fixture.latest().desiredWorkers()).isEqualTo(4);
		assertThat(this.fixture.latest().state()).isEqualTo(ClusterState.DEGRADED);
		this.fixture.ready(3);
		assertThat(scale).isNotDone();
		this.fixture.ready(4);
		assertThat(ended(scale).status()).isEqualTo(Status.SUCCEEDED);
		assertThat(this.fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
	}

	@Test
	void scalingDownDrainsTheHighestSlots() {
		this.fixture.allReady();
		CompletableFuture<CommandOutcome> scale = this.fixture.command(new ClusterCommand.Scale(1));
		assertThat(this.fixture.workersOf(2)).extracting(WorkerSnapshot::state).containsExactly(WorkerState.DRAINING);
		assertThat(this.fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
		ReloadTests.leave(this.fixture, 2);
		assertThat(ended(scale).message()).contains("1 of 1 workers are in rotation");
		assertThat(this.fixture.workersOf(2)).isEmpty();
		assertThat(this.fixture.processes.forgotten()).containsExactly(WorkerId.of(2));
	}

	@Test
	void slotThatComesBackIsIndependentOfItsDrainingPredecessor() {
		this.fixture.allReady();
		this.fixture.command(new ClusterCommand.Scale(1));
		this.fixture.command(new ClusterCommand.Scale(2));
		assertThat(this.fixture.workersOf(2)).extracting(WorkerSnapshot::state)
			.containsExactly(WorkerState.STARTING, WorkerState.DRAINING);
		ReloadTests.leave(this.fixture, 2);
		this.fixture.ready(3);
		assertThat(this.fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
	}

	@Test
	void scalingUpWhoseNewWorkerDiesSaysSoAndGoesOnTrying() {
		this.fixture.allReady();
		CompletableFuture<CommandOutcome> scale = this.fixture.command(new ClusterCommand.Scale(3));
		this.fixture.die(3, 1);
		assertThat(ended(scale).status()).isEqualTo(Status.FAILED);
		assertThat(ended(scale).message()).contains("slot 3 died: exited with status 1");
		assertThat(ended(scale).witness()).isEqualTo(WorkerId.of(3));
		assertThat(this.fixture.slot(3).state()).isEqualTo(WorkerState.STARTING);
	}

	@Test
	void scalingUpWhoseNewWorkerCannotBeStartedSaysSo() {
		this.fixture.allReady();
		this.fixture.processes.breakDown(true);
		CommandOutcome outcome = this.fixture.outcome(new ClusterCommand.Scale(3));
		assertThat(outcome.status()).isEqualTo(Status.FAILED);
		assertThat(outcome.message()).contains("error=11");
	}

	@Test
	void scalingUpDuringAReloadIsNotJudgedByTheReloadsWorker() {
		this.fixture.allReady();
		this.fixture.command(new ClusterCommand.Reload());
		this.fixture.ready(3);
		ReloadTests.leave(this.fixture, 1);
		this.fixture.ready(4);
		CompletableFuture<CommandOutcome> scale = this.fixture.command(new ClusterCommand.Scale(3));
		ReloadTests.leave(this.fixture, 2);
		long incoming = this.fixture.workersOf(3).get(1).id().value();
		this.fixture.die(incoming, 1);
		assertThat(scale).isNotDone();
	}

	@Test
	void scalingStepByStepFollowsTheLatestNumber() {
		this.fixture.allReady();
		this.fixture.command(new ClusterCommand.ScaleBy(1));
		this.fixture.command(new ClusterCommand.ScaleBy(1));
		this.fixture.command(new ClusterCommand.ScaleBy(-1));
		assertThat(this.fixture.latest().desiredWorkers()).isEqualTo(3);
	}

	@Test
	void workerThatTheSystemSendsConnectionsToCannotBeTakenOutOfRotation() {
		SupervisorFixture shared = new SupervisorFixture(1, Map.of("cluster.scheduling-policy", "none")).allReady();
		CommandOutcome outcome = shared.outcome(new ClusterCommand.Drain(WorkerId.of(1)));
		assertThat(outcome.status()).isEqualTo(Status.REFUSED);
		assertThat(outcome.message()).contains("scheduling policy 'none'", "restart it");
		assertThat(shared.slot(1).state()).isEqualTo(WorkerState.READY);
	}

	@Test
	void impossibleNumberOfWorkersIsInvalid() {
		this.fixture.allReady();
		assertThat(this.fixture.outcome(new ClusterCommand.Scale(0)).status()).isEqualTo(Status.INVALID);
		assertThat(this.fixture.outcome(new ClusterCommand.Scale(1025)).status()).isEqualTo(Status.INVALID);
		assertThat(this.fixture.outcome(new ClusterCommand.ScaleBy(-2)).status()).isEqualTo(Status.INVALID);
		assertThat(this.fixture.latest().desiredWorkers()).isEqualTo(2);
	}

	@Test
	void restartKeepsTheOldWorkerUntilTheNewOneIsReady() {
		this.fixture.allReady();
		CompletableFuture<CommandOutcome> restart = this.fixture.command(new ClusterCommand.Restart(WorkerId.of(1)));
		assertThat(this.fixture.latest().readyWorkers()).isEqualTo(2);
		this.fixture.ready(3);
		assertThat(this.fixture.latest().readyWorkers()).isEqualTo(2);
		assertThat(restart).isNotDone();
		ReloadTests.leave(this.fixture, 1);
		assertThat(ended(restart).status()).isEqualTo(Status.SUCCEEDED);
		assertThat(this.fixture.slot(1)).extracting(WorkerSnapshot::id, WorkerSnapshot::generation)
			.containsExactly(WorkerId.of(3), 1);
	}

	@Test
	void restartWhoseNewWorkerDiesKeepsTheOldOne() {
		this.fixture.allReady();
		CompletableFuture<CommandOutcome> restart = this.fixture.command(new ClusterCommand.Restart(WorkerId.of(1)));
		this.fixture.die(3, 1);
		assertThat(ended(restart).status()).isEqualTo(Status.FAILED);
		assertThat(ended(restart).witness()).isEqualTo(WorkerId.of(3));
		assertThat(this.fixture.processes.alive()).containsExactly(WorkerId.of(1), WorkerId.of(2));
	}

	@Test
	void restartBringsASlotBackWhoseWorkerLeftWithZero() {
		this.fixture.allReady();
		this.fixture.die(1, 0);
		CompletableFuture<CommandOutcome> restart = this.fixture.command(new ClusterCommand.Restart(WorkerId.of(1)));
		this.fixture.ready(3);
		assertThat(ended(restart).status()).isEqualTo(Status.SUCCEEDED);
		assertThat(this.fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
	}

	@Test
	void restartIsRefusedWhileTheSlotChangesItsWorker() {
		this.fixture.allReady();
		this.fixture.command(new ClusterCommand.Restart(WorkerId.of(1)));
		assertThat(this.fixture.outcome(new ClusterCommand.Restart(WorkerId.of(1))).status()).isEqualTo(Status.REFUSED);
		assertThat(this.fixture.outcome(new ClusterCommand.Restart(WorkerId.of(3))).status()).isEqualTo(Status.REFUSED);
	}

	@Test
	void restartGivesWayToAReload() {
		this.fixture.allReady();
		CompletableFuture<CommandOutcome> restart = this.fixture.command(new ClusterCommand.Restart(WorkerId.of(2)));
		this.fixture.command(new ClusterCommand.Reload());
		assertThat(ended(restart).message()).contains("a reload or scaling came in between");
		assertThat(this.fixture.processes.toldToShutDown()).containsExactly(WorkerId.of(3));
	}

	@Test
	void drainedWorkerIsKeptOutOfRotationUntilUndrained() {
		this.fixture.allReady();
		CommandOutcome outcome = this.fixture.outcome(new ClusterCommand.Drain(WorkerId.of(1)));
		assertThat(outcome.message()).contains("only 1 of 2 workers");
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.DRAINED);
		assertThat(this.fixture.latest().state()).isEqualTo(ClusterState.DEGRADED);
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), true, true));
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.DRAINED);
		assertThat(this.fixture.processes.toldToShutDown()).isEmpty();
		assertThat(this.fixture.outcome(new ClusterCommand.Undrain(WorkerId.of(1))).message())
			.contains("2 of 2 workers");
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.READY);
	}

	@Test
	void undrainedWorkerWhoseApplicationRefusesTrafficStaysOut() {
		this.fixture.allReady();
		this.fixture.outcome(new ClusterCommand.Drain(WorkerId.of(1)));
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), false, true));
		this.fixture.outcome(new ClusterCommand.Undrain(WorkerId.of(1)));
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.PAUSED);
	}

	@Test
	void drainedWorkerIsStillReplacedWhenItBreaksOrFallsSilent() {
		this.fixture.allReady();
		this.fixture.outcome(new ClusterCommand.Drain(WorkerId.of(1)));
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), true, false));
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.DRAINING);
		this.fixture.outcome(new ClusterCommand.Drain(WorkerId.of(2)));
		for (int i = 0; i < 30; i++) {
			this.fixture.advance(Duration.ofSeconds(1));
			this.fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(1)));
		}
		assertThat(this.fixture.processes.askedForThreads()).containsExactly(WorkerId.of(2));
	}

	@Test
	void killedWorkerIsReplacedAtOnceAndCountsAsNoCrash() {
		this.fixture.allReady();
		CompletableFuture<CommandOutcome> kill = this.fixture.command(new ClusterCommand.Kill(WorkerId.of(1)));
		assertThat(this.fixture.processes.killed()).containsExactly(WorkerId.of(1));
		assertThat(this.fixture.slot(1).isRoutable()).isFalse();
		this.fixture.die(1, 137);
		assertThat(ended(kill).status()).isEqualTo(Status.SUCCEEDED);
		assertThat(this.fixture.slot(1)).extracting(WorkerSnapshot::state, WorkerSnapshot::restarts)
			.containsExactly(WorkerState.STARTING, 0);
		assertThat(this.fixture.slot(1).lastExit().expected()).isTrue();
	}

	@Test
	void commandsForUnknownWorkersAreToldApartFromOthers() {
		this.fixture.allReady();
		for (ClusterCommand command : new ClusterCommand[] { new ClusterCommand.Restart(WorkerId.of(9)),
				new ClusterCommand.Drain(WorkerId.of(9)), new ClusterCommand.Undrain(WorkerId.of(9)),
				new ClusterCommand.Kill(WorkerId.of(9)) }) {
			assertThat(this.fixture.outcome(command).status()).isEqualTo(Status.UNKNOWN_WORKER);
		}
	}

	@Test
	void noCommandIsTakenWhileTheClusterStops() {
		this.fixture.allReady();
		this.fixture.supervisor.accept(new Fact.StopRequested());
		assertThat(this.fixture.outcome(new ClusterCommand.Scale(5)).message()).contains("stopping");
		assertThat(this.fixture.processes.started()).hasSize(2);
	}

	@Test
	void stopAnswersWhoWaitsForIt() {
		this.fixture.allReady();
		CompletableFuture<CommandOutcome> restart = this.fixture.command(new ClusterCommand.Restart(WorkerId.of(1)));
		CompletableFuture<CommandOutcome> scale = this.fixture.command(new ClusterCommand.Scale(1));
		this.fixture.supervisor.accept(new Fact.StopRequested());
		assertThat(ended(restart).message()).contains("The cluster was stopped");
		assertThat(ended(scale).message()).contains("The cluster was stopped");
	}

	@Test
	void workerThatBrokeCountsAsBrokenThoughItsReplacementIsFaster() {
		this.fixture.allReady();
		this.fixture.command(new ClusterCommand.Restart(WorkerId.of(1)));
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), true, false));
		this.fixture.ready(3);
		this.fixture.die(1, 1);
		assertThat(this.fixture.slot(1).lastExit().expected()).isFalse();
	}

	@Test
	void workerIsNotRecycledBeforeItHasServedForAWhile() {
		SupervisorFixture limited = new SupervisorFixture(1, Map.of("cluster.worker.max-lifetime", "1s")).allReady();
		limited.advance(Duration.ofSeconds(9));
		assertThat(limited.processes.started()).hasSize(1);
		limited.advance(Duration.ofSeconds(1));
		assertThat(limited.processes.started()).hasSize(2);
	}

	@Test
	void whoDoesNotWaitIsAnsweredAtOnce() {
		this.fixture.allReady();
		CompletableFuture<CommandOutcome> answer = new CompletableFuture<>();
		this.fixture.supervisor.accept(new Fact.CommandGiven(new ClusterCommand.Reload(), false, "a test", answer));
		assertThat(ended(answer).status()).isEqualTo(Status.ACCEPTED);
	}

	@Test
	void workerThatUsedUpItsRequestsIsReplacedNewFirstAndOneSlotAtATime() {
		SupervisorFixture limited = new SupervisorFixture(2,
				Map.of("cluster.worker.max-requests", "1000", "cluster.restart.stable-after", "0s"))
			.allReady();
		limited.supervisor.accept(new Fact.Measured(WorkerId.of(1), 1000, 0));
		limited.supervisor.accept(new Fact.Measured(WorkerId.of(2), 1000, 0));
		assertThat(limited.processes.alive()).containsExactly(WorkerId.of(1), WorkerId.of(2), WorkerId.of(3));
		limited.ready(3);
		assertThat(limited.latest().readyWorkers()).isEqualTo(2);
		assertThat(limited.processes.started()).hasSize(3);
		ReloadTests.leave(limited, 1);
		assertThat(limited.processes.started()).hasSize(4).last().extracting(WorkerSpec::slot).isEqualTo(2);
	}

	@Test
	void workerThatTakesTooMuchMemoryIsReplaced() {
		SupervisorFixture limited = new SupervisorFixture(1,
				Map.of("cluster.worker.max-memory", "100MB", "cluster.restart.stable-after", "0s"))
			.allReady();
		limited.supervisor.accept(new Fact.Measured(WorkerId.of(1), 0, 100 << 20));
		assertThat(limited.processes.started()).hasSize(1);
		limited.supervisor.accept(new Fact.Measured(WorkerId.of(1), 0, (100 << 20) + 1));
		assertThat(limited.processes.started()).hasSize(2);
	}

	@Test
	void workerWhoseTimeIsUpIsReplacedWithoutAnyFact() {
		SupervisorFixture limited = new SupervisorFixture(2, Map.of("cluster.worker.max-lifetime", "20s")).allReady();
		Duration lived = Duration.ZERO;
		while (limited.processes.started().size() == 2) {
			Duration step = Duration.between(limited.clock.instant(), limited.supervisor.nextDeadline().orElseThrow());
			assertThat(step).isPositive();
			lived = lived.plus(step);
			limited.advance(step);
		}
		assertThat(lived).isBetween(Duration.ofSeconds(18), Duration.ofSeconds(20));
	}

	@Test
	void recyclingThatFailsKeepsTheWorkerAndPauses() {
		SupervisorFixture limited = new SupervisorFixture(1,
				Map.of("cluster.worker.max-requests", "10", "cluster.restart.stable-after", "0s"))
			.allReady();
		limited.supervisor.accept(new Fact.Measured(WorkerId.of(1), 10, 0));
		limited.die(2, 1);
		assertThat(limited.latest().readyWorkers()).isEqualTo(1);
		limited.supervisor.accept(new Fact.Measured(WorkerId.of(1), 20, 0));
		assertThat(limited.processes.started()).hasSize(2);
		limited.advance(SupervisorFixture.MAX_DELAY);
		assertThat(limited.processes.started()).hasSize(3);
	}

	@Test
	void drainedWorkerIsNotRecycled() {
		SupervisorFixture limited = new SupervisorFixture(1,
				Map.of("cluster.worker.max-requests", "10", "cluster.restart.stable-after", "0s"))
			.allReady();
		limited.outcome(new ClusterCommand.Drain(WorkerId.of(1)));
		limited.supervisor.accept(new Fact.Measured(WorkerId.of(1), 10, 0));
		assertThat(limited.processes.started()).hasSize(1);
	}

}

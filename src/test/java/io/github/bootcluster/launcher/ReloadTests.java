package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.ClusterSnapshot;
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

class ReloadTests {

	@Test
	void workersAreReplacedOneByOneNewFirst() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		assertThat(fixture.latest().state()).isEqualTo(ClusterState.RELOADING);
		assertThat(fixture.processes.started()).last().isEqualTo(new WorkerSpec(WorkerId.of(3), 1, 2, 2));
		assertThat(fixture.workersOf(1)).extracting(WorkerSnapshot::state)
			.containsExactly(WorkerState.READY, WorkerState.STARTING);
		fixture.ready(3);
		assertThat(fixture.workersOf(1)).extracting(WorkerSnapshot::state)
			.containsExactly(WorkerState.READY, WorkerState.DRAINING);
		assertThat(fixture.workersOf(1).get(0).id()).isEqualTo(WorkerId.of(3));
		leave(fixture, 1);
		assertThat(fixture.processes.started()).last().isEqualTo(new WorkerSpec(WorkerId.of(4), 2, 2, 2));
		fixture.ready(4);
		assertThat(reload).isNotDone();
		leave(fixture, 2);
		assertThat(ended(reload).status()).isEqualTo(Status.SUCCEEDED);
		assertThat(fixture.latest().generation()).isEqualTo(2);
		assertThat(fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(fixture.latest().reload()).extracting(ReloadSnapshot::state, ReloadSnapshot::slotsDone)
			.containsExactly(ReloadSnapshot.State.SUCCEEDED, 2);
		assertRotationNeverBelow(fixture, 2);
	}

	@Test
	void oldWorkerEndsExpectedlyAndIsNotCountedAsARestart() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		reload(fixture);
		fixture.ready(2);
		leave(fixture, 1);
		assertThat(fixture.slot(1).restarts()).isZero();
		assertThat(fixture.slot(1).lastExit().expected()).isTrue();
	}

	@Test
	void severalSlotsAreReplacedAtATimeIfAskedFor() {
		SupervisorFixture fixture = new SupervisorFixture(3, Map.of("cluster.reload.batch-size", "2")).allReady();
		reload(fixture);
		assertThat(fixture.processes.aliveSpecs()).filteredOn((spec) -> spec.generation() == 2)
			.extracting(WorkerSpec::slot)
			.containsExactly(1, 2);
	}

	@Test
	void oldWorkerStopsFirstIfAskedFor() {
		SupervisorFixture fixture = new SupervisorFixture(2, Map.of("cluster.reload.order", "stop-first")).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		assertThat(fixture.processes.started()).hasSize(2);
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.DRAINING);
		leave(fixture, 1);
		assertThat(fixture.slot(1)).extracting(WorkerSnapshot::id, WorkerSnapshot::state)
			.containsExactly(WorkerId.of(3), WorkerState.STARTING);
		fixture.ready(3);
		leave(fixture, 2);
		fixture.ready(4);
		assertThat(ended(reload).status()).isEqualTo(Status.SUCCEEDED);
		assertThat(fixture.processes.alive()).containsExactly(WorkerId.of(3), WorkerId.of(4));
	}

	@Test
	void slotWhoseNewWorkerFailsAfterItsOldOneStoppedGetsTheOldGenerationAgain() {
		SupervisorFixture fixture = new SupervisorFixture(1, Map.of("cluster.reload.order", "stop-first")).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		leave(fixture, 1);
		fixture.die(2, 1);
		assertThat(ended(reload).status()).isEqualTo(Status.FAILED);
		assertThat(fixture.processes.started()).last().extracting(WorkerSpec::generation).isEqualTo(1);
	}

	@Test
	void firstNewWorkerThatDiesLeavesAllOldOnesInService() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		fixture.die(3, 1);
		CommandOutcome outcome = ended(reload);
		assertThat(outcome.status()).isEqualTo(Status.FAILED);
		assertThat(outcome.message()).contains("worker 3 (slot 1) did not get ready: exited with status 1",
				"Generation 1 serves");
		assertThat(outcome.witness()).isEqualTo(WorkerId.of(3));
		assertThat(fixture.processes.alive()).containsExactly(WorkerId.of(1), WorkerId.of(2));
		assertThat(fixture.latest().generation()).isEqualTo(1);
		assertThat(fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(fixture.latest().reload()).extracting(ReloadSnapshot::state, ReloadSnapshot::reason)
			.contains(ReloadSnapshot.State.FAILED);
		assertRotationNeverBelow(fixture, 2);
		fixture.advance(Duration.ofMinutes(10));
		assertThat(fixture.processes.started()).hasSize(3);
	}

	@Test
	void newWorkerThatIsNotReadyInTimeStopsTheReload() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		for (int second = 0; second < SupervisorFixture.START_TIMEOUT.toSeconds(); second++) {
			fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(1)));
			fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(2)));
			fixture.advance(Duration.ofSeconds(1));
		}
		assertThat(fixture.processes.toldToShutDown()).containsExactly(WorkerId.of(3));
		fixture.die(3, 143);
		assertThat(ended(reload).message()).contains("not ready within 60.0 s");
		assertThat(fixture.latest().readyWorkers()).isEqualTo(2);
	}

	@Test
	void newWorkerThatCannotBeStartedStopsTheReload() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.processes.breakDown(true);
		assertThat(ended(reload(fixture)).message()).contains("error=11");
		assertThat(fixture.processes.alive()).containsExactly(WorkerId.of(1), WorkerId.of(2));
	}

	@Test
	void laterNewWorkerThatDiesTakesThoseBeforeItBack() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		fixture.ready(3);
		leave(fixture, 1);
		fixture.die(4, 1);
		assertThat(fixture.latest().reload()).extracting(ReloadSnapshot::state)
			.isEqualTo(ReloadSnapshot.State.ROLLING_BACK);
		assertThat(fixture.latest().state()).isEqualTo(ClusterState.RELOADING);
		assertThat(fixture.processes.started()).last().isEqualTo(new WorkerSpec(WorkerId.of(5), 1, 1, 2));
		fixture.ready(5);
		leave(fixture, 3);
		assertThat(ended(reload).status()).isEqualTo(Status.FAILED);
		assertThat(fixture.processes.aliveSpecs()).extracting(WorkerSpec::generation).containsOnly(1);
		assertRotationNeverBelow(fixture, 2);
	}

	@Test
	void newWorkerThatDiesAfterItWasReadyStopsTheReload() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		fixture.ready(3);
		leave(fixture, 1);
		fixture.die(3, 137);
		assertThat(fixture.processes.toldToShutDown()).contains(WorkerId.of(4));
		assertThat(fixture.processes.started()).last().isEqualTo(new WorkerSpec(WorkerId.of(5), 1, 1, 2));
		assertThat(reload).isNotDone();
		fixture.ready(5);
		assertThat(ended(reload).message()).contains("ended by SIGKILL");
	}

	@Test
	void newWorkerThatReportsABrokenStateStopsTheReloadAtOnce() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		fixture.ready(3);
		leave(fixture, 1);
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(3), true, false));
		assertThat(fixture.latest().reload()).extracting(ReloadSnapshot::state)
			.isEqualTo(ReloadSnapshot.State.ROLLING_BACK);
		assertThat(fixture.processes.toldToShutDown()).contains(WorkerId.of(4));
		assertThat(fixture.slot(2)).extracting(WorkerSnapshot::id, WorkerSnapshot::state)
			.containsExactly(WorkerId.of(2), WorkerState.READY);
		fixture.ready(5);
		leave(fixture, 3);
		assertThat(ended(reload).message()).contains("reports a broken state", "Generation 1 serves");
	}

	@Test
	void reloadDoesNotEndWhileANewWorkerIsLeavingForAnUnknownReason() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		fixture.ready(3);
		leave(fixture, 1);
		fixture.supervisor.accept(new Fact.Disconnected(WorkerId.of(3)));
		fixture.ready(4);
		leave(fixture, 2);
		assertThat(reload).isNotDone();
		fixture.die(3, 139);
		assertThat(fixture.processes.aliveSpecs()).last()
			.extracting(WorkerSpec::slot, WorkerSpec::generation)
			.containsExactly(1, 1);
		assertThat(reload).isNotDone();
	}

	@Test
	void newWorkerThatAnOperatorKillsIsReplacedByAnotherNewOne() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		fixture.ready(3);
		leave(fixture, 1);
		fixture.command(new ClusterCommand.Kill(WorkerId.of(3)));
		fixture.ready(4);
		leave(fixture, 2);
		assertThat(reload).isNotDone();
		fixture.die(3, 137);
		fixture.ready(5);
		assertThat(ended(reload).status()).isEqualTo(Status.SUCCEEDED);
		assertThat(fixture.processes.aliveSpecs()).extracting(WorkerSpec::generation).containsExactly(2, 2);
		assertThat(fixture.latest().readyWorkers()).isEqualTo(2);
	}

	@Test
	void slotWhoseNewWorkerLeavesWithZeroGetsTheOldGenerationAgain() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		fixture.ready(3);
		leave(fixture, 1);
		fixture.die(3, 0);
		assertThat(fixture.processes.started()).last().isEqualTo(new WorkerSpec(WorkerId.of(5), 1, 1, 2));
		fixture.ready(5);
		assertThat(ended(reload).message()).contains("Generation 1 serves");
	}

	@Test
	void rollbackOfASlotThatLostItsNewWorkerDoesNotWaitForABackoff() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.die(1, 1);
		fixture.die(3, 1);
		fixture.advance(SupervisorFixture.MAX_DELAY);
		fixture.ready(4);
		reload(fixture);
		fixture.ready(5);
		leave(fixture, 4);
		fixture.die(5, 1);
		assertThat(fixture.slot(1)).extracting(WorkerSnapshot::state, WorkerSnapshot::generation)
			.containsExactly(WorkerState.STARTING, 1);
	}

	@Test
	void slotThatIsEmptySaysWhyAndNotThatAnotherWorkerLeft() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		fixture.die(1, 1);
		fixture.ready(2);
		fixture.command(new ClusterCommand.Restart(WorkerId.of(2)));
		fixture.ready(3);
		fixture.die(3, 139);
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.BACKOFF);
		leave(fixture, 2);
		assertThat(fixture.slot(1).lastExit().worker()).isEqualTo(WorkerId.of(3));
		assertThat(fixture.processes.forgotten()).doesNotContain(WorkerId.of(3));
	}

	@Test
	void reloadThatHasEndedDoesNotChangeAnyMore() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		reload(fixture);
		fixture.ready(2);
		leave(fixture, 1);
		ReloadSnapshot ended = fixture.latest().reload();
		fixture.command(new ClusterCommand.Scale(3));
		assertThat(fixture.latest().reload()).isEqualTo(ended);
	}

	@Test
	void reloadWaitsForAReplacementThatWasDecidedBefore() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		fixture.command(new ClusterCommand.Restart(WorkerId.of(1)));
		fixture.ready(2);
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		assertThat(reload).isNotDone();
		assertThat(fixture.processes.started()).hasSize(2);
		leave(fixture, 1);
		assertThat(fixture.processes.started()).last().isEqualTo(new WorkerSpec(WorkerId.of(3), 1, 2, 1));
	}

	@Test
	void nothingIsRecycledDuringAReload() {
		SupervisorFixture fixture = new SupervisorFixture(2, Map.of("cluster.worker.max-requests", "10")).allReady();
		reload(fixture);
		fixture.advance(Duration.ofSeconds(20));
		fixture.supervisor.accept(new Fact.Measured(WorkerId.of(1), 10, 0));
		fixture.supervisor.accept(new Fact.Measured(WorkerId.of(2), 10, 0));
		assertThat(fixture.processes.started()).hasSize(3);
	}

	@Test
	void nothingIsReplacedBeforeWhatTheNewWorkersRunIsStaged() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = fixture.begin(new ClusterCommand.Reload());
		assertThat(fixture.latest().state()).isEqualTo(ClusterState.RELOADING);
		assertThat(fixture.latest().reload()).extracting(ReloadSnapshot::state).isEqualTo(ReloadSnapshot.State.STAGING);
		assertThat(ended(fixture.begin(new ClusterCommand.Reload())).status()).isEqualTo(Status.REFUSED);
		fixture.advance(Duration.ofSeconds(20));
		assertThat(fixture.processes.started()).hasSize(2);
		fixture.staged("");
		assertThat(fixture.processes.started()).hasSize(3);
		assertThat(reload).isNotDone();
	}

	@Test
	void reloadFailsAndNothingHappensWhenStagingDoes() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = fixture.begin(new ClusterCommand.Reload());
		fixture.staged("app.jar cannot be copied: No space left on device");
		assertThat(ended(reload).status()).isEqualTo(Status.FAILED);
		assertThat(ended(reload).message()).contains("No space left on device").endsWith("Generation 1 serves.");
		assertThat(fixture.processes.started()).hasSize(2);
		assertThat(fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
		reload(fixture);
		assertThat(fixture.processes.started()).last().extracting(WorkerSpec::generation).isEqualTo(3);
	}

	@Test
	void restartUnderWayGoesOnWhenStagingFailsAndGivesWayWhenItDoesNot() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		CompletableFuture<CommandOutcome> restart = fixture.command(new ClusterCommand.Restart(WorkerId.of(1)));
		fixture.begin(new ClusterCommand.Reload());
		fixture.staged("it could not be read");
		assertThat(fixture.processes.toldToShutDown()).isEmpty();
		assertThat(restart).isNotDone();
		reload(fixture);
		assertThat(fixture.processes.toldToShutDown()).containsExactly(WorkerId.of(2));
	}

	@Test
	void whatPresentAndPreviousGenerationRunIsKept() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		for (int generation = 2; generation <= 4; generation++) {
			CompletableFuture<CommandOutcome> reload = reload(fixture);
			assertThat(fixture.processes.staged()).contains(generation - 1, generation);
			fixture.ready(generation);
			leave(fixture, generation - 1);
			assertThat(ended(reload).status()).isEqualTo(Status.SUCCEEDED);
		}
		assertThat(fixture.processes.staged()).containsExactlyInAnyOrder(3, 4);
		CompletableFuture<CommandOutcome> failed = reload(fixture);
		fixture.die(5, 1);
		assertThat(ended(failed).status()).isEqualTo(Status.FAILED);
		assertThat(fixture.processes.staged()).containsExactlyInAnyOrder(3, 4);
	}

	@Test
	void restartIsRefusedDuringAReload() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		reload(fixture);
		assertThat(fixture.outcome(new ClusterCommand.Restart(WorkerId.of(2))).message())
			.contains("A reload is under way");
	}

	@Test
	void slotThatIsDueWhenTheReloadComesToItStartsOneWorkerOnly() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		fixture.die(1, 1);
		fixture.die(2, 1);
		fixture.begin(new ClusterCommand.Reload());
		fixture.clock.advance(SupervisorFixture.MAX_DELAY);
		fixture.staged("");
		assertThat(fixture.processes.aliveSpecs()).extracting(WorkerSpec::generation).containsExactly(2);
	}

	@Test
	void whoIsAnsweredSeesWhatTheAnswerTellsOf() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		AtomicInteger seen = new AtomicInteger();
		reload(fixture).thenAccept((outcome) -> seen.set(fixture.latest().generation()));
		fixture.ready(2);
		leave(fixture, 1);
		assertThat(seen).hasValue(2);
	}

	@Test
	void slotThatCannotBeRolledBackKeepsItsNewWorkerAndTheOutcomeSaysSo() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		fixture.ready(3);
		leave(fixture, 1);
		fixture.die(4, 1);
		fixture.die(5, 1);
		assertThat(ended(reload).message()).contains("slots [1] keep their workers of generation 2");
		assertThat(fixture.latest().readyWorkers()).isEqualTo(2);
	}

	@Test
	void secondReloadIsRefusedWhileOneIsUnderWay() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		reload(fixture);
		assertThat(fixture.outcome(new ClusterCommand.Reload()).status()).isEqualTo(Status.REFUSED);
		assertThat(fixture.processes.started()).hasSize(2);
	}

	@Test
	void reloadIsRefusedWhileTheClusterStarts() {
		SupervisorFixture fixture = new SupervisorFixture(1).started();
		assertThat(fixture.outcome(new ClusterCommand.Reload()).message()).contains("still starting");
	}

	@Test
	void noGenerationIsUsedTwice() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		reload(fixture);
		fixture.die(2, 1);
		reload(fixture);
		assertThat(fixture.processes.started()).last().extracting(WorkerSpec::generation).isEqualTo(3);
	}

	@Test
	void slotThatBacksOffGetsItsNewWorkerFromTheReload() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.die(1, 1);
		fixture.die(3, 1);
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.BACKOFF);
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		assertThat(fixture.workersOf(1)).singleElement()
			.extracting(WorkerSnapshot::state, WorkerSnapshot::generation)
			.containsExactly(WorkerState.STARTING, 2);
		fixture.advance(SupervisorFixture.MAX_DELAY);
		assertThat(fixture.workersOf(1)).hasSize(1);
		fixture.ready(4);
		fixture.ready(5);
		leave(fixture, 2);
		assertThat(ended(reload).status()).isEqualTo(Status.SUCCEEDED);
	}

	@Test
	void slotThatBacksOffGoesOnTryingWhenTheReloadFails() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.die(1, 1);
		fixture.die(3, 1);
		reload(fixture);
		fixture.advance(Duration.ofSeconds(1));
		fixture.die(4, 1);
		assertThat(fixture.processes.started()).last().isEqualTo(new WorkerSpec(WorkerId.of(5), 1, 1, 2));
	}

	@Test
	void oldWorkerThatDiesDuringItsReplacementLeavesItsSlotToTheNewOne() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		fixture.die(1, 137);
		assertThat(fixture.processes.alive()).containsExactly(WorkerId.of(2));
		fixture.ready(2);
		assertThat(ended(reload).status()).isEqualTo(Status.SUCCEEDED);
	}

	@Test
	void clusterThatIsScaledMeanwhileIsReloadedToItsNewSize() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		fixture.command(new ClusterCommand.Scale(3));
		fixture.ready(4);
		for (long id = 3; id <= 7; id++) {
			if (fixture.processes.alive().contains(WorkerId.of(id))) {
				fixture.ready(id);
			}
			List.copyOf(fixture.latest().workers())
				.stream()
				.filter((worker) -> worker.state() == WorkerState.DRAINING)
				.forEach((worker) -> leave(fixture, worker.id().value()));
		}
		assertThat(ended(reload).status()).isEqualTo(Status.SUCCEEDED);
		assertThat(fixture.processes.aliveSpecs()).extracting(WorkerSpec::generation).containsExactly(2, 2, 2);
	}

	@Test
	void clusterThatIsScaledDownMeanwhileEndsItsReload() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		fixture.ready(3);
		leave(fixture, 1);
		CompletableFuture<CommandOutcome> scale = fixture.command(new ClusterCommand.Scale(1));
		assertThat(ended(reload).status()).isEqualTo(Status.SUCCEEDED);
		leave(fixture, 2);
		assertThat(scale).isNotDone();
		leave(fixture, 4);
		assertThat(ended(scale).status()).isEqualTo(Status.SUCCEEDED);
		assertThat(fixture.processes.alive()).containsExactly(WorkerId.of(3));
	}

	@Test
	void stopEndsTheReloadAndAnswersWhoWaits() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		CompletableFuture<CommandOutcome> reload = reload(fixture);
		fixture.supervisor.accept(new Fact.StopRequested());
		assertThat(ended(reload).status()).isEqualTo(Status.FAILED);
		assertThat(fixture.processes.toldToShutDown()).contains(WorkerId.of(3));
		leave(fixture, 1);
		leave(fixture, 2);
		fixture.die(3, 143);
		assertThat(fixture.stopped).isEqualTo(1);
	}

	@Test
	void outputOfTheFailedWorkerIsKeptUntilTheNextReload() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		reload(fixture);
		fixture.die(2, 1);
		fixture.die(1, 137);
		assertThat(fixture.processes.forgotten()).isEmpty();
		fixture.ready(3);
		reload(fixture);
		assertThat(fixture.processes.forgotten()).containsExactly(WorkerId.of(2));
	}

	private static CompletableFuture<CommandOutcome> reload(SupervisorFixture fixture) {
		return fixture.command(new ClusterCommand.Reload());
	}

	/** It was asked to end, and does so in good order. */
	static void leave(SupervisorFixture fixture, long worker) {
		fixture.supervisor.accept(new Fact.Drained(WorkerId.of(worker)));
		assertThat(fixture.processes.toldToShutDown()).contains(WorkerId.of(worker));
		fixture.die(worker, 0);
	}

	private static void assertRotationNeverBelow(SupervisorFixture fixture, int workers) {
		assertThat(fixture.published).filteredOn((snapshot) -> snapshot.state() != ClusterState.STARTING)
			.extracting(ClusterSnapshot::readyWorkers)
			.allMatch((ready) -> ready >= workers);
	}

}

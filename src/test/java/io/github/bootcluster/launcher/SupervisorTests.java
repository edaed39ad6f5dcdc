package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SupervisorTests {

	@Test
	void startStartsOneWorkerPerSlot() {
		SupervisorFixture fixture = new SupervisorFixture(3).started();
		assertThat(fixture.processes.started()).extracting(WorkerSpec::slot).containsExactly(1, 2, 3);
		assertThat(fixture.latest().state()).isEqualTo(ClusterState.STARTING);
		assertThat(fixture.latest().workers()).extracting(WorkerSnapshot::state).containsOnly(WorkerState.STARTING);
	}

	@Test
	void workerIsWelcomedWhenItConnects() {
		SupervisorFixture fixture = new SupervisorFixture(2).started();
		fixture.supervisor.accept(new Fact.Connected(WorkerId.of(2)));
		assertThat(fixture.processes.welcomed()).containsExactly(WorkerId.of(2));
	}

	@Test
	void workerIsReadyWhenItListensAndAccepts() {
		SupervisorFixture fixture = new SupervisorFixture(1).started();
		fixture.supervisor.accept(new Fact.Listening(WorkerId.of(1), 40001));
		assertThat(fixture.slot(1).isRoutable()).isFalse();
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), true, true));
		assertThat(fixture.slot(1).isRoutable()).isTrue();
		assertThat(fixture.slot(1).port()).isEqualTo(40001);
		assertThat(fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(fixture.launched).isEqualTo(1);
	}

	@Test
	void workerThatAcceptsWithoutWebServerIsEndedForIt() {
		SupervisorFixture fixture = new SupervisorFixture(1).started();
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), true, true));
		fixture.supervisor.accept(new Fact.Drained(WorkerId.of(1)));
		assertThat(fixture.processes.toldToShutDown()).containsExactly(WorkerId.of(1));
		fixture.die(1, 0);
		assertThat(fixture.launchFailure).isNotNull();
		assertThat(fixture.launchFailure.reason()).contains("without a web server");
	}

	@Test
	void workerThatCrashedIsReplacedInItsSlotAtOnce() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.die(1, 137);
		assertThat(fixture.processes.started()).last().isEqualTo(new WorkerSpec(WorkerId.of(3), 1, 1, 2));
		WorkerSnapshot slot = fixture.slot(1);
		assertThat(slot.state()).isEqualTo(WorkerState.STARTING);
		assertThat(slot.restarts()).isEqualTo(1);
		assertThat(slot.lastExit()).isEqualTo(new ExitInfo(WorkerId.of(1), 137, "SIGKILL", false,
				fixture.clock.instant(), ExitInfo.Cause.SIGNAL, "ended by SIGKILL"));
		assertThat(fixture.latest().state()).isEqualTo(ClusterState.DEGRADED);
		fixture.ready(3);
		assertThat(fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
	}

	@Test
	void workerThatExitedWithZeroUnexpectedlyIsNotReplaced() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.die(1, 0);
		fixture.advance(Duration.ofMinutes(10));
		assertThat(fixture.processes.started()).hasSize(2);
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.EXITED);
		assertThat(fixture.slot(1).lastExit()).extracting(ExitInfo::expected).isEqualTo(false);
		assertThat(fixture.latest().state()).isEqualTo(ClusterState.DEGRADED);
	}

	@Test
	void workerThatExitedWithZeroUnexpectedlyIsReplacedWhenAlwaysAskedFor() {
		SupervisorFixture fixture = new SupervisorFixture(2, Map.of("cluster.restart.on-exit", "always")).allReady();
		fixture.die(1, 0);
		assertThat(fixture.processes.started()).hasSize(3);
	}

	@Test
	void workerThatIsNotReadyInTimeIsEndedAndReplaced() {
		SupervisorFixture fixture = new SupervisorFixture(2).started();
		fixture.ready(1);
		fixture.advance(SupervisorFixture.START_TIMEOUT.minusMillis(1));
		assertThat(fixture.processes.toldToShutDown()).isEmpty();
		fixture.advance(Duration.ofMillis(1));
		assertThat(fixture.processes.toldToShutDown()).containsExactly(WorkerId.of(2));
		fixture.advance(Endings.GRACE);
		assertThat(fixture.processes.killed()).containsExactly(WorkerId.of(2));
		fixture.die(2, 137);
		assertThat(fixture.slot(2).lastExit()).extracting(ExitInfo::reason)
			.isEqualTo("not ready within 60.0 s; ended by SIGKILL");
		assertThat(fixture.processes.started()).hasSize(3);
	}

	@Test
	void workerEndedForNotBeingReadyIsReplacedEvenIfItExitsWithZero() {
		SupervisorFixture fixture = new SupervisorFixture(2).started();
		fixture.ready(1);
		fixture.advance(SupervisorFixture.START_TIMEOUT);
		fixture.die(2, 0);
		assertThat(fixture.processes.started()).hasSize(3);
	}

	@Test
	void workerThatGivesNoSignOfLifeIsAskedWhyThenEndedAndReplaced() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		pass(fixture, SupervisorFixture.HEARTBEAT_TIMEOUT, 2);
		assertThat(fixture.processes.askedForThreads()).containsExactly(WorkerId.of(1));
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.DRAINING);
		assertThat(fixture.slot(2).isRoutable()).isTrue();
		assertThat(fixture.processes.terminated()).isEmpty();
		fixture.advance(Endings.DUMP_TIME);
		assertThat(fixture.processes.terminated()).isEmpty();
		assertThat(fixture.processes.killed()).containsExactly(WorkerId.of(1));
		fixture.die(1, 137);
		assertThat(fixture.processes.started()).last().isEqualTo(new WorkerSpec(WorkerId.of(3), 1, 1, 2));
		assertThat(fixture.slot(1).lastExit()).extracting(ExitInfo::reason)
			.isEqualTo("gave no sign of life for 30.0 s; ended by SIGKILL");
	}

	@Test
	void workerThatComesToAfterItHungIsToldToEndBeforeItIsKilled() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		pass(fixture, SupervisorFixture.HEARTBEAT_TIMEOUT, 2);
		pass(fixture, Endings.DUMP_TIME, 1, 2);
		assertThat(fixture.processes.terminated()).containsExactly(WorkerId.of(1));
		assertThat(fixture.processes.killed()).isEmpty();
		fixture.advance(Endings.GRACE);
		assertThat(fixture.processes.killed()).containsExactly(WorkerId.of(1));
	}

	@Test
	void programThatGivesNoSignOfLifeIsToldToEndAtOnceThenKilled() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.processes.dumpNoThreads();
		pass(fixture, SupervisorFixture.HEARTBEAT_TIMEOUT, 2);
		assertThat(fixture.processes.terminated()).containsExactly(WorkerId.of(1));
		fixture.advance(Endings.GRACE.minusMillis(1));
		assertThat(fixture.processes.killed()).isEmpty();
		fixture.advance(Duration.ofMillis(1));
		assertThat(fixture.processes.killed()).containsExactly(WorkerId.of(1));
	}

	@Test
	void workerThatHangsWhileItFinishesItsRequestsIsNotGivenAllTheTimeForThat() {
		SupervisorFixture fixture = new SupervisorFixture(2, Map.of("cluster.worker.stop-timeout", "10m")).allReady();
		fixture.begin(new ClusterCommand.Restart(WorkerId.of(1)));
		fixture.ready(3);
		assertThat(fixture.processes.toldToShutDown()).isEmpty();
		pass(fixture, SupervisorFixture.HEARTBEAT_TIMEOUT, 2, 3);
		assertThat(fixture.processes.askedForThreads()).containsExactly(WorkerId.of(1));
		fixture.advance(Endings.DUMP_TIME);
		assertThat(fixture.processes.killed()).containsExactly(WorkerId.of(1));
		fixture.die(1, 137);
		assertThat(fixture.slot(1)).extracting(WorkerSnapshot::id, WorkerSnapshot::state, WorkerSnapshot::restarts)
			.containsExactly(WorkerId.of(3), WorkerState.READY, 0);
	}

	@Test
	void workerThatHasLongRequestsToFinishIsGivenTheTimeForThat() {
		SupervisorFixture fixture = new SupervisorFixture(2, Map.of("cluster.worker.stop-timeout", "10m")).allReady();
		fixture.begin(new ClusterCommand.Restart(WorkerId.of(1)));
		fixture.ready(3);
		pass(fixture, Duration.ofMinutes(9), 1, 2, 3);
		assertThat(fixture.processes.askedForThreads()).isEmpty();
		assertThat(fixture.processes.toldToShutDown()).isEmpty();
	}

	@Test
	void workerThatGivesSignsOfLifeIsLeftAlone() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		pass(fixture, SupervisorFixture.HEARTBEAT_TIMEOUT.multipliedBy(10), 1, 2);
		assertThat(fixture.processes.askedForThreads()).isEmpty();
		assertThat(fixture.latest().readyWorkers()).isEqualTo(2);
	}

	@Test
	void noWorkerIsBlamedForATimeInWhichTheLauncherDidNotListen() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.clock.advance(SupervisorFixture.HEARTBEAT_TIMEOUT.multipliedBy(10));
		fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(2)));
		assertThat(fixture.processes.askedForThreads()).isEmpty();
		pass(fixture, SupervisorFixture.HEARTBEAT_TIMEOUT, 2);
		assertThat(fixture.processes.askedForThreads()).containsExactly(WorkerId.of(1));
	}

	@Test
	void supervisorWakesUpToLookForSignsOfLifeWhenNothingHappens() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		while (fixture.processes.askedForThreads().isEmpty()) {
			Instant next = fixture.supervisor.nextDeadline().orElseThrow();
			assertThat(next).isAfter(fixture.clock.instant());
			fixture.advance(Duration.between(fixture.clock.instant(), next));
		}
		assertThat(fixture.latest().readyWorkers()).isZero();
	}

	/** Time goes by second by second, while these workers give signs of life. */
	private static void pass(SupervisorFixture fixture, Duration time, long... alive) {
		for (long second = 0; second < time.toSeconds(); second++) {
			fixture.advance(Duration.ofSeconds(1));
			for (long worker : alive) {
				fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(worker)));
			}
		}
	}

	@Test
	void slotWhoseWorkersDieYoungBacksOff() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.die(1, 1);
		fixture.die(3, 1);
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.BACKOFF);
		assertThat(fixture.slot(1).pid()).isNull();
		assertThat(Duration.between(fixture.clock.instant(), fixture.slot(1).nextStartAt()))
			.isBetween(Duration.ofMillis(160), Duration.ofMillis(200));
		fixture.advance(Duration.ofMillis(200));
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.STARTING);
		assertThat(fixture.slot(2).isRoutable()).isTrue();
	}

	@Test
	void slotWhoseWorkersDieYoungBacksOffForLongWhileAnotherServes() {
		SupervisorFixture fixture = oneOfTwoBacksOff();
		assertThat(fixture.slot(1).nextStartAt()).isAfter(fixture.clock.instant().plusSeconds(10));
		fixture.advance(Duration.ofSeconds(5));
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.BACKOFF);
	}

	@Test
	void slotsDoNotBackOffWhileNobodyServes() {
		SupervisorFixture fixture = oneOfTwoBacksOff();
		fixture.die(2, 1);
		for (int death = 1; death <= 14; death++) {
			List<Long> started = starting(fixture);
			assertThat(started).isNotEmpty();
			started.forEach(fixture::ready);
			fixture.advance(Duration.ofSeconds(1));
			started.forEach((worker) -> fixture.die(worker, 1));
			fixture.advance(Duration.ofMillis(200));
		}
		// One that never served helps nobody, while the other slot's might.
		assertThat(starting(fixture)).hasSize(1);
		fixture.die(starting(fixture).get(0), 1);
		assertThat(starting(fixture)).hasSize(1);
		fixture.die(starting(fixture).get(0), 1);
		assertThat(fixture.latest().workers())
			.allSatisfy((worker) -> assertThat(worker.nextStartAt()).isAfter(fixture.clock.instant().plusSeconds(5)));
	}

	@Test
	void slotDoesNotBackOffWhileTheOnlyOtherWorkerIsOnItsWayOut() {
		SupervisorFixture fixture = oneOfTwoBacksOff();
		fixture.advance(Duration.ofMillis(300));
		fixture.supervisor.accept(new Fact.Disconnected(WorkerId.of(2)));
		assertThat(fixture.slot(2).state()).isEqualTo(WorkerState.DRAINING);
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.STARTING);
	}

	@Test
	void supervisorWakesForASlotThatIsNotToBackOffAnyMore() {
		SupervisorFixture fixture = oneOfTwoBacksOff();
		Instant died = fixture.clock.instant();
		fixture.supervisor.accept(new Fact.Disconnected(WorkerId.of(2)));
		assertThat(fixture.supervisor.nextDeadline()).contains(died.plusMillis(200));
		assertThat(fixture.slot(1).nextStartAt()).as("as it is told").isEqualTo(died.plusMillis(200));
		fixture.advance(Duration.ofMillis(199));
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.BACKOFF);
		fixture.advance(Duration.ofMillis(1));
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.STARTING);
	}

	@Test
	void slotBacksOffAgainOnceSomebodyServes() {
		SupervisorFixture fixture = oneOfTwoBacksOff();
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(2), false, true));
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(2), true, true));
		fixture.advance(Duration.ofSeconds(5));
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.BACKOFF);
	}

	@Test
	void startsThatTheSystemRefusesAreTriedOneAtATimeThoughNobodyServes() {
		SupervisorFixture fixture = new SupervisorFixture(8).allReady();
		fixture.processes.breakDown(true);
		for (int worker = 1; worker <= 8; worker++) {
			fixture.die(worker, 1);
		}
		for (int i = 0; i < 10; i++) {
			fixture.advance(SupervisorFixture.MAX_DELAY);
		}
		int before = fixture.processes.refused();
		for (int i = 0; i < 200; i++) {
			fixture.advance(Duration.ofMillis(10));
		}
		assertThat(fixture.processes.refused() - before).isBetween(9, 10);
	}

	@Test
	void startsThatTheSystemRefusesDoNotMakeSlotsBackOffWhileNobodyServes() {
		SupervisorFixture fixture = oneOfTwoBacksOff();
		fixture.processes.breakDown(true);
		fixture.die(2, 1);
		for (int i = 0; i < 10; i++) {
			fixture.advance(Duration.ofMillis(200));
		}
		fixture.processes.breakDown(false);
		fixture.advance(Duration.ofMillis(200));
		assertThat(starting(fixture)).isNotEmpty();
	}

	/** Worker 2 serves, those of slot 1 died young again and again. */
	private static SupervisorFixture oneOfTwoBacksOff() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		for (int death = 1; death <= 9; death++) {
			fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(2)));
			fixture.advance(SupervisorFixture.MAX_DELAY);
			if (death > 1) {
				fixture.ready(fixture.slot(1).id().value());
			}
			fixture.die(fixture.slot(1).id().value(), 1);
		}
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.BACKOFF);
		return fixture;
	}

	private static List<Long> starting(SupervisorFixture fixture) {
		return fixture.latest()
			.workers()
			.stream()
			.filter((worker) -> worker.state() == WorkerState.STARTING)
			.map((worker) -> worker.id().value())
			.toList();
	}

	@Test
	void nextDeadlineIsTheEarliestOfAllSlots() {
		SupervisorFixture fixture = new SupervisorFixture(2).started();
		assertThat(fixture.supervisor.nextDeadline())
			.contains(fixture.clock.instant().plus(SupervisorFixture.START_TIMEOUT));
		fixture.ready(1);
		fixture.ready(2);
		assertThat(fixture.supervisor.nextDeadline())
			.hasValueSatisfying((look) -> assertThat(look).isBefore(fixture.clock.instant().plusSeconds(30)));
		fixture.die(1, 1);
		fixture.die(3, 1);
		assertThat(fixture.supervisor.nextDeadline()).contains(fixture.slot(1).nextStartAt());
	}

	@Test
	void workerThatRefusesTrafficLeavesTheRotationUntilItAccepts() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), false, true));
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.PAUSED);
		fixture.advance(Duration.ofHours(1));
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.PAUSED);
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), true, true));
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.READY);
	}

	@Test
	void workerWhoseStateIsBrokenIsDrainedEndedAndReplaced() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), true, false));
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.DRAINING);
		assertThat(fixture.processes.toldToShutDown()).isEmpty();
		fixture.supervisor.accept(new Fact.Drained(WorkerId.of(1)));
		assertThat(fixture.processes.toldToShutDown()).containsExactly(WorkerId.of(1));
		fixture.die(1, 0);
		assertThat(fixture.processes.started()).hasSize(3);
	}

	@Test
	void workerThatLostItsConnectionButLivesIsKilledAndReplaced() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.supervisor.accept(new Fact.Disconnected(WorkerId.of(1)));
		assertThat(fixture.slot(1).isRoutable()).isFalse();
		fixture.advance(Endings.GRACE);
		assertThat(fixture.processes.killed()).containsExactly(WorkerId.of(1));
		fixture.die(1, 137);
		assertThat(fixture.slot(1).lastExit()).extracting(ExitInfo::reason)
			.isEqualTo("lost its control connection; ended by SIGKILL");
	}

	@Test
	void lastExitTellsTheSignalWhenTheConnectionEndsFirst() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.supervisor.accept(new Fact.Disconnected(WorkerId.of(1)));
		fixture.die(1, 139);
		assertThat(fixture.slot(1).lastExit()).extracting(ExitInfo::reason).isEqualTo("ended by SIGSEGV");
	}

	@Test
	void processThatCannotBeStartedIsTriedAgainAfterBackoff() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.processes.breakDown(true);
		fixture.die(1, 1);
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.BACKOFF);
		assertThat(fixture.slot(1).lastExit()).extracting(ExitInfo::reason).asString().contains("error=11");
		assertThat(fixture.processes.forgotten()).containsExactly(WorkerId.of(1));
		fixture.processes.breakDown(false);
		fixture.advance(SupervisorFixture.MAX_DELAY);
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.STARTING);
	}

	@Test
	void launchFailsWhenEveryFirstWorkerDies() {
		SupervisorFixture fixture = new SupervisorFixture(2).started();
		fixture.die(1, 1);
		assertThat(fixture.launchFailure).isNull();
		fixture.clock.advance(Duration.ofMillis(1));
		fixture.die(2, 1);
		assertThat(fixture.launchFailure).isNotNull();
		assertThat(fixture.launchFailure.worker()).isEqualTo(WorkerId.of(2));
		assertThat(fixture.launched).isZero();
		assertThat(fixture.processes.toldToShutDown()).containsExactly(WorkerId.of(3));
		fixture.advance(Duration.ofMinutes(1));
		assertThat(fixture.processes.started()).hasSize(3);
	}

	@Test
	void launchSucceedsWhenOneOfTheFirstWorkersDies() {
		SupervisorFixture fixture = new SupervisorFixture(2).started();
		fixture.die(1, 1);
		fixture.ready(2);
		assertThat(fixture.launched).isEqualTo(1);
		assertThat(fixture.launchFailure).isNull();
		assertThat(fixture.latest().state()).isEqualTo(ClusterState.DEGRADED);
	}

	@Test
	void launchSucceedsWhenAWorkerWasReadyEvenIfAllAreDeadByNow() {
		SupervisorFixture fixture = new SupervisorFixture(2).started();
		fixture.ready(1);
		fixture.die(1, 1);
		fixture.die(2, 1);
		assertThat(fixture.launchFailure).isNull();
		assertThat(fixture.launched).isEqualTo(1);
	}

	@Test
	void stopDrainsThenShutsDownAndReplacesNobody() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.supervisor.accept(new Fact.StopRequested());
		assertThat(fixture.latest().state()).isEqualTo(ClusterState.STOPPING);
		assertThat(fixture.latest().workers()).extracting(WorkerSnapshot::state).containsOnly(WorkerState.DRAINING);
		fixture.supervisor.accept(new Fact.Drained(WorkerId.of(1)));
		fixture.supervisor.accept(new Fact.Drained(WorkerId.of(2)));
		assertThat(fixture.processes.toldToShutDown()).hasSize(2);
		fixture.die(1, 0);
		assertThat(fixture.stopped).isZero();
		fixture.die(2, 143);
		assertThat(fixture.stopped).isEqualTo(1);
		assertThat(fixture.processes.started()).hasSize(2);
		assertThat(fixture.slot(2).lastExit()).extracting(ExitInfo::expected).isEqualTo(true);
	}

	@Test
	void stopShutsDownAWorkerThatDoesNotDrainInTimeAndKillsItIfItStays() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		fixture.supervisor.accept(new Fact.StopRequested());
		fixture.advance(SupervisorFixture.STOP_TIMEOUT);
		assertThat(fixture.processes.toldToShutDown()).hasSize(1);
		assertThat(fixture.processes.killed()).isEmpty();
		fixture.advance(Endings.GRACE);
		assertThat(fixture.processes.killed()).hasSize(1);
	}

	@Test
	void stopShutsDownAStartingWorkerAtOnce() {
		SupervisorFixture fixture = new SupervisorFixture(1).started();
		fixture.supervisor.accept(new Fact.StopRequested());
		assertThat(fixture.processes.toldToShutDown()).hasSize(1);
		fixture.die(1, 143);
		assertThat(fixture.stopped).isEqualTo(1);
		assertThat(fixture.launchFailure).isNull();
	}

	@Test
	void stopGivesUpSlotsThatWaitForTheirNextWorker() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		fixture.die(1, 1);
		fixture.die(2, 1);
		fixture.supervisor.accept(new Fact.StopRequested());
		assertThat(fixture.stopped).isEqualTo(1);
		fixture.advance(Duration.ofMinutes(1));
		assertThat(fixture.processes.started()).hasSize(2);
	}

	@Test
	void heartbeatIsShownButNotTold() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		int before = fixture.published.size();
		fixture.clock.advance(Duration.ofSeconds(1));
		fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(1)));
		assertThat(fixture.slot(1).heartbeatAt()).isEqualTo(fixture.clock.instant());
		assertThat(fixture.published).hasSize(before);
	}

	@Test
	void versionsGrowByOneWithEveryChange() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.die(1, 1);
		long first = fixture.published.get(0).version();
		for (int i = 0; i < fixture.published.size(); i++) {
			assertThat(fixture.published.get(i).version()).isEqualTo(first + i);
		}
	}

	@Test
	void outputOfAWorkerIsForgottenWhenTheNextOneOfItsSlotHasDied() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		fixture.die(1, 1);
		assertThat(fixture.processes.forgotten()).isEmpty();
		fixture.die(2, 1);
		assertThat(fixture.processes.forgotten()).containsExactly(WorkerId.of(1));
	}

	@Test
	void factsAboutUnknownWorkersChangeNothing() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		ClusterSnapshot before = fixture.latest();
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(99), true, true));
		fixture.supervisor.accept(new Fact.Exited(WorkerId.of(99), 1));
		assertThat(fixture.latest()).isEqualTo(before);
	}

	@Test
	void workerThatAcceptsTrafficIsNotHungThoughItWasSilentAtItsStart() {
		SupervisorFixture fixture = new SupervisorFixture(1).started();
		fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(1)));
		fixture.advance(SupervisorFixture.HEARTBEAT_TIMEOUT.plusSeconds(10));
		fixture.ready(1);
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.READY);
	}

}

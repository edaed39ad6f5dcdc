package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.CommandOutcome.Status;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import org.junit.jupiter.api.Test;

import static io.github.bootcluster.launcher.SupervisorFixture.ended;
import static org.assertj.core.api.Assertions.assertThat;

/** What the supervisor makes of warm-ups. */
class WarmUpTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final SupervisorFixture fixture = new SupervisorFixture(1,
			Map.of("cluster.worker.warm-up.paths", "/,/search"));

	@Test
	void workerThatAcceptsTrafficIsWarmedUpBeforeItJoinsTheRotation() {
		this.fixture.started().ready(1);
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.WARMING);
		assertThat(this.fixture.slot(1).isRoutable()).isFalse();
		assertThat(this.fixture.processes.warming()).containsExactly(WorkerId.of(1));
		assertThat(this.fixture.launched).isZero();
		warmedUp(1);
		assertThat(this.fixture.slot(1).isRoutable()).isTrue();
		assertThat(this.fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(this.fixture.launched).isEqualTo(1);
	}

	@Test
	void withoutPathsThereIsNoWarmUp() {
		SupervisorFixture cold = new SupervisorFixture(1, Map.of("cluster.worker.warm-up.requests", "5")).allReady();
		assertThat(cold.slot(1).state()).isEqualTo(WorkerState.READY);
		assertThat(cold.processes.warmedUp()).isEmpty();
	}

	@Test
	void warmUpTakesNothingOfTheStartTimeout() {
		this.fixture.started();
		this.fixture.advance(SupervisorFixture.START_TIMEOUT.minusMillis(1));
		this.fixture.ready(1);
		this.fixture.advance(TIMEOUT);
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.WARMING);
		warmedUp(1);
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.READY);
	}

	@Test
	void warmUpWhoseEndIsNotReportedKeepsNobodyOutForEver() {
		this.fixture.started().ready(1);
		this.fixture.advance(TIMEOUT.plus(WarmUps.GRACE).minusMillis(1));
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.WARMING);
		assertThat(this.fixture.supervisor.nextDeadline()).contains(this.fixture.clock.instant().plusMillis(1));
		this.fixture.advance(Duration.ofMillis(1));
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.READY);
		assertThat(this.fixture.processes.warming()).isEmpty();
		warmedUp(1);
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.READY);
	}

	@Test
	void workerThatRefusesTrafficMeanwhileIsPausedAndNotWarmedUpAgain() {
		this.fixture.started().ready(1);
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), false, true));
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.PAUSED);
		assertThat(this.fixture.processes.warming()).isEmpty();
		warmedUp(1);
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.PAUSED);
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), true, true));
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.READY);
		assertThat(this.fixture.processes.warmedUp()).containsExactly(WorkerId.of(1));
	}

	@Test
	void workerThatGoesOnRefusingBeforeItWasEverReadyIsReplaced() {
		this.fixture.started().ready(1);
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), false, true));
		passWithSignsOfLife(SupervisorFixture.START_TIMEOUT);
		assertThat(this.fixture.processes.toldToShutDown()).containsExactly(WorkerId.of(1));
		this.fixture.die(1, 143);
		assertThat(this.fixture.launchFailure).extracting(ExitInfo::reason)
			.asString()
			.contains("never ready, and has refused traffic for 60.0 s");
	}

	@Test
	void workerThatWasReadyMayRefuseForAsLongAsItLikes() {
		this.fixture.started().ready(1);
		warmedUp(1);
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), false, true));
		passWithSignsOfLife(SupervisorFixture.START_TIMEOUT.multipliedBy(3));
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.PAUSED);
	}

	@Test
	void workerThatAcceptsAgainAfterItWasReadyIsNotWarmedUpAgain() {
		this.fixture.started().ready(1);
		warmedUp(1);
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), false, true));
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), true, true));
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.READY);
		assertThat(this.fixture.processes.warmedUp()).hasSize(1);
	}

	@Test
	void workerThatDiesMeanwhileIsReplacedAndItsWarmUpEnds() {
		SupervisorFixture two = new SupervisorFixture(2, Map.of("cluster.worker.warm-up.paths", "/")).started();
		two.ready(1);
		two.supervisor.accept(new Fact.WarmedUp(WorkerId.of(1), 50));
		two.ready(2);
		two.die(2, 139);
		assertThat(two.processes.warming()).isEmpty();
		assertThat(two.slot(2)).extracting(WorkerSnapshot::id, WorkerSnapshot::state)
			.containsExactly(WorkerId.of(3), WorkerState.STARTING);
		two.supervisor.accept(new Fact.WarmedUp(WorkerId.of(2), 3));
		assertThat(two.latest().readyWorkers()).isEqualTo(1);
	}

	@Test
	void workerThatFallsSilentMeanwhileCountsAsHung() {
		SupervisorFixture patient = new SupervisorFixture(1,
				Map.of("cluster.worker.warm-up.paths", "/", "cluster.worker.warm-up.timeout", "10m"))
			.allReady();
		for (int i = 0; i < 5; i++) {
			patient.advance(SupervisorFixture.HEARTBEAT_TIMEOUT.dividedBy(4));
		}
		assertThat(patient.processes.askedForThreads()).containsExactly(WorkerId.of(1));
		assertThat(patient.processes.warming()).isEmpty();
		assertThat(patient.slot(1).state()).isEqualTo(WorkerState.DRAINING);
	}

	@Test
	void workerWhoseStateIsBrokenIsReplacedThoughItIsBeingWarmedUp() {
		this.fixture.started().ready(1);
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), true, false));
		assertThat(this.fixture.slot(1).state()).isEqualTo(WorkerState.DRAINING);
		assertThat(this.fixture.processes.warming()).isEmpty();
	}

	@Test
	void workerOfAReloadTakesItsSlotOnlyOnceItIsWarm() {
		this.fixture.started().ready(1);
		warmedUp(1);
		CompletableFuture<CommandOutcome> reload = this.fixture.command(new ClusterCommand.Reload());
		this.fixture.ready(2);
		assertThat(this.fixture.workersOf(1)).extracting(WorkerSnapshot::state)
			.containsExactly(WorkerState.READY, WorkerState.WARMING);
		warmedUp(2);
		assertThat(this.fixture.workersOf(1)).extracting(WorkerSnapshot::state)
			.containsExactly(WorkerState.READY, WorkerState.DRAINING);
		ReloadTests.leave(this.fixture, 1);
		assertThat(ended(reload).status()).isEqualTo(Status.SUCCEEDED);
	}

	@Test
	void workerOfAReloadThatRefusesWhileItIsWarmedUpFailsItInTheEnd() {
		this.fixture.started().ready(1);
		warmedUp(1);
		CompletableFuture<CommandOutcome> reload = this.fixture.command(new ClusterCommand.Reload());
		this.fixture.ready(2);
		this.fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(2), false, true));
		assertThat(this.fixture.outcome(new ClusterCommand.Drain(WorkerId.of(2))).status()).isEqualTo(Status.REFUSED);
		passWithSignsOfLife(SupervisorFixture.START_TIMEOUT);
		this.fixture.die(2, 143);
		assertThat(ended(reload).message()).contains("refused traffic");
		assertThat(this.fixture.latest().readyWorkers()).isEqualTo(1);
	}

	@Test
	void workerThatIsWarmedUpCannotBeDrainedButKilled() {
		this.fixture.started().ready(1);
		warmedUp(1);
		this.fixture.command(new ClusterCommand.Restart(WorkerId.of(1)));
		this.fixture.ready(2);
		assertThat(this.fixture.outcome(new ClusterCommand.Drain(WorkerId.of(2))).message())
			.contains("is starting: it is not in rotation yet");
		this.fixture.command(new ClusterCommand.Kill(WorkerId.of(2)));
		assertThat(this.fixture.processes.killed()).containsExactly(WorkerId.of(2));
		assertThat(this.fixture.processes.warming()).isEmpty();
	}

	@Test
	void stopEndsWarmUpsAtOnce() {
		this.fixture.started().ready(1);
		this.fixture.supervisor.accept(new Fact.StopRequested());
		assertThat(this.fixture.processes.warming()).isEmpty();
		assertThat(this.fixture.processes.toldToShutDown()).containsExactly(WorkerId.of(1));
		this.fixture.die(1, 0);
		assertThat(this.fixture.stopped).isEqualTo(1);
	}

	private void warmedUp(long worker) {
		this.fixture.supervisor.accept(new Fact.WarmedUp(WorkerId.of(worker), 100));
	}

	private void passWithSignsOfLife(Duration time) {
		for (long second = 0; second < time.toSeconds(); second++) {
			this.fixture.processes.alive()
				.forEach((worker) -> this.fixture.supervisor.accept(new Fact.HeartbeatReceived(worker)));
			this.fixture.advance(Duration.ofSeconds(1));
		}
	}

}

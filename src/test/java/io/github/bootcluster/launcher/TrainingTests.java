package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.CommandOutcome.Status;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@link Training} by a {@link Supervisor} over fake processes. */
class TrainingTests {

	private final SupervisorFixture fixture = new SupervisorFixture(2);

	@Test
	void workerOutsideOfTheSlotsIsTrainedOnceAllServe() {
		this.fixture.processes.caching();
		this.fixture.started();
		this.fixture.ready(1);
		assertThat(this.fixture.processes.trained()).isEmpty();
		this.fixture.ready(2);
		assertThat(this.fixture.processes.trained()).containsExactly(new WorkerSpec(WorkerId.of(3), 0, 1, 2));
		assertThat(this.fixture.latest().workers()).extracting(WorkerSnapshot::id)
			.containsExactly(WorkerId.of(1), WorkerId.of(2));
		this.fixture.ready(3);
		assertThat(this.fixture.processes.welcomed()).contains(WorkerId.of(3));
		assertThat(this.fixture.processes.toldToShutDown()).containsExactly(WorkerId.of(3));
		assertThat(this.fixture.latest().readyWorkers()).isEqualTo(2);
		this.fixture.die(3, 0);
		assertThat(this.fixture.processes.forgotten()).contains(WorkerId.of(3));
		// Whatever came of it: once is enough.
		this.fixture.advance(Duration.ofMinutes(1));
		assertThat(this.fixture.processes.trained()).hasSize(1);
		assertThat(this.fixture.slot(1).restarts()).isZero();
	}

	@Test
	void nothingIsTrainedWithoutNeed() {
		this.fixture.allReady();
		assertThat(this.fixture.processes.started()).hasSize(2);
	}

	@Test
	void nothingIsTrainedWhileAWorkerIsMissing() {
		this.fixture.processes.caching();
		this.fixture.started();
		this.fixture.ready(1);
		this.fixture.die(2, 1);
		assertThat(this.fixture.processes.trained()).isEmpty();
		this.fixture.ready(3);
		assertThat(this.fixture.processes.trained()).hasSize(1);
	}

	@Test
	void trainedWorkerGetsTheWarmUpFirst() {
		SupervisorFixture warmed = new SupervisorFixture(1, Map.of("cluster.worker.warm-up.paths", "/hello"));
		warmed.processes.caching();
		warmed.started();
		warmed.ready(1);
		warmed.supervisor.accept(new Fact.WarmedUp(WorkerId.of(1), 50));
		warmed.ready(2);
		assertThat(warmed.processes.trained()).hasSize(1);
		assertThat(warmed.processes.toldToShutDown()).isEmpty();
		warmed.supervisor.accept(new Fact.WarmedUp(WorkerId.of(2), 50));
		assertThat(warmed.processes.toldToShutDown()).containsExactly(WorkerId.of(2));
	}

	@Test
	void reloadEndsTheTrainingAndHasItsOwn() {
		this.fixture.processes.caching();
		this.fixture.allReady();
		CompletableFuture<CommandOutcome> reload = this.fixture.command(new ClusterCommand.Reload());
		assertThat(this.fixture.processes.killed()).containsExactly(WorkerId.of(3));
		this.fixture.die(3, 137);
		this.fixture.ready(4);
		ReloadTests.leave(this.fixture, 1);
		this.fixture.ready(5);
		ReloadTests.leave(this.fixture, 2);
		assertThat(SupervisorFixture.ended(reload).status()).isEqualTo(Status.SUCCEEDED);
		assertThat(this.fixture.processes.trained()).extracting(WorkerSpec::generation).containsExactly(1, 2);
	}

	@Test
	void trainingThatAReloadEndedIsTakenUpAgainWhenThatHasFailed() {
		this.fixture.processes.caching();
		this.fixture.allReady();
		CompletableFuture<CommandOutcome> reload = this.fixture.command(new ClusterCommand.Reload());
		this.fixture.die(3, 137);
		this.fixture.die(4, 1);
		assertThat(SupervisorFixture.ended(reload).status()).isEqualTo(Status.FAILED);
		assertThat(this.fixture.processes.trained()).extracting(WorkerSpec::generation).containsExactly(1, 1);
	}

	@Test
	void trainingThatTakesTooLongIsEnded() {
		this.fixture.processes.caching();
		this.fixture.allReady();
		for (int i = 0; i < 5 * SupervisorFixture.START_TIMEOUT.toSeconds(); i++) {
			this.fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(1)));
			this.fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(2)));
			assertThat(this.fixture.processes.killed()).isEmpty();
			this.fixture.advance(Duration.ofSeconds(1));
		}
		assertThat(this.fixture.processes.killed()).containsExactly(WorkerId.of(3));
		this.fixture.die(3, 137);
		assertThat(this.fixture.latest().readyWorkers()).isEqualTo(2);
		assertThat(this.fixture.processes.trained()).hasSize(1);
	}

	@Test
	void cacheThatTakesTooLongToWriteIsGivenUp() {
		this.fixture.processes.caching();
		this.fixture.allReady();
		this.fixture.ready(3);
		assertThat(this.fixture.supervisor.nextDeadline()).isPresent();
		Duration limit = SupervisorFixture.STOP_TIMEOUT.plus(Duration.ofMinutes(5));
		for (long second = 0; second < limit.toSeconds(); second++) {
			this.fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(1)));
			this.fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(2)));
			assertThat(this.fixture.processes.killed()).isEmpty();
			this.fixture.advance(Duration.ofSeconds(1));
		}
		assertThat(this.fixture.processes.killed()).containsExactly(WorkerId.of(3));
	}

	@Test
	void crashOfItsWorkerIsNobodysConcern() {
		this.fixture.processes.caching();
		this.fixture.allReady();
		this.fixture.die(3, 139);
		assertThat(this.fixture.processes.started()).hasSize(3);
		assertThat(this.fixture.latest().readyWorkers()).isEqualTo(2);
	}

	@Test
	void stopEndsTheTrainingToo() {
		this.fixture.processes.caching();
		this.fixture.allReady();
		this.fixture.supervisor.accept(new Fact.StopRequested());
		assertThat(this.fixture.processes.killed()).containsExactly(WorkerId.of(3));
		ReloadTests.leave(this.fixture, 1);
		ReloadTests.leave(this.fixture, 2);
		assertThat(this.fixture.stopped).isZero();
		this.fixture.die(3, 137);
		assertThat(this.fixture.stopped).isEqualTo(1);
	}

}

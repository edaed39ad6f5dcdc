package io.github.bootcluster.launcher;

import java.util.List;
import java.util.Map;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.WorkerDraining;
import io.github.bootcluster.WorkerEvent;
import io.github.bootcluster.WorkerExited;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerReady;
import io.github.bootcluster.WorkerStarted;
import io.github.bootcluster.WorkerState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the supervisor tells of its workers. */
class ChronicleTests {

	@Test
	void workerThatServesTellsOfItsStartAndItsReadiness() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		assertThat(fixture.events).containsExactly(
				new WorkerStarted(WorkerId.of(1), 1, 1, FakeProcesses.pidOf(WorkerId.of(1)), fixture.clock.instant()),
				new WorkerReady(WorkerId.of(1), 1, 1, FakeProcesses.pidOf(WorkerId.of(1)), fixture.clock.instant()));
	}

	@Test
	void killedWorkerTellsHowItEndedAndOfNoDrain() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		fixture.events.clear();
		fixture.supervisor.accept(new Fact.Disconnected(WorkerId.of(1)));
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.DRAINING);
		fixture.die(1, 137);
		assertThat(fixture.events).hasSize(2);
		assertThat(fixture.events.get(0)).isInstanceOfSatisfying(WorkerExited.class, (exited) -> {
			assertThat(exited.worker()).isEqualTo(WorkerId.of(1));
			assertThat(exited.slot()).isEqualTo(1);
			assertThat(exited.pid()).isEqualTo(FakeProcesses.pidOf(WorkerId.of(1)));
			assertThat(exited.exit().code()).isEqualTo(137);
			assertThat(exited.exit().signal()).isEqualTo("SIGKILL");
			assertThat(exited.exit().expected()).isFalse();
			assertThat(exited.at()).isEqualTo(exited.exit().at());
		});
		assertThat(fixture.events.get(1)).isInstanceOf(WorkerStarted.class)
			.extracting(WorkerEvent::worker)
			.isEqualTo(WorkerId.of(2));
	}

	@Test
	void replacedWorkerDrainsThenExitsAsExpected() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		fixture.command(new ClusterCommand.Restart(WorkerId.of(1)));
		fixture.ready(2);
		fixture.supervisor.accept(new Fact.Drained(WorkerId.of(1)));
		fixture.die(1, 143);
		List<WorkerEvent> ofTheOld = fixture.events.stream()
			.filter((event) -> event.worker().equals(WorkerId.of(1)))
			.toList();
		assertThat(ofTheOld).hasExactlyElementsOfTypes(WorkerStarted.class, WorkerReady.class, WorkerDraining.class,
				WorkerExited.class);
		assertThat(((WorkerExited) ofTheOld.get(3)).exit().expected()).isTrue();
	}

	@Test
	void workerThatRefusesTrafficAndComesBackIsReadyOnce() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), false, true));
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), true, true));
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.READY);
		assertThat(fixture.events).hasExactlyElementsOfTypes(WorkerStarted.class, WorkerReady.class);
	}

	@Test
	void standbyIsReadyOnceItHasSteppedIn() {
		SupervisorFixture fixture = new SupervisorFixture(1, Map.of("cluster.standby", "1")).allReady();
		fixture.ready(2);
		assertThat(fixture.events.get(fixture.events.size() - 1)).isInstanceOf(WorkerStarted.class)
			.extracting(WorkerEvent::slot)
			.isEqualTo(0);
		fixture.events.clear();
		fixture.die(1, 137);
		assertThat(fixture.events).hasExactlyElementsOfTypes(WorkerExited.class, WorkerReady.class,
				WorkerStarted.class);
		assertThat(fixture.events.get(1)).extracting(WorkerEvent::slot).isEqualTo(1);
	}

	@Test
	void eventIsToldAfterTheStateThatShowsIt() {
		SupervisorFixture fixture = new SupervisorFixture(1).started();
		int[] seen = new int[1];
		fixture.onEvent = (event) -> {
			if (event instanceof WorkerReady) {
				seen[0]++;
				assertThat(fixture.published.get(fixture.published.size() - 1).readyWorkers()).isEqualTo(1);
			}
		};
		fixture.ready(1);
		assertThat(seen[0]).isEqualTo(1);
	}

	@Test
	void trainingTellsOfNothing() {
		SupervisorFixture fixture = new SupervisorFixture(1);
		fixture.processes.caching();
		fixture.allReady();
		assertThat(fixture.processes.trained()).hasSize(1);
		fixture.events.clear();
		fixture.ready(2);
		fixture.die(2, 0);
		assertThat(fixture.events).isEmpty();
	}

}

package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.control.ControlMessage.Heartbeat;
import io.github.bootcluster.control.ControlMessage.Recycle;
import io.github.bootcluster.control.ControlMessage.Resigned;
import io.github.bootcluster.control.JvmUsage;
import io.github.bootcluster.messaging.PostOffice;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of what workers say. */
class ControlFactsTests {

	private static final WorkerId WORKER = WorkerId.of(1);

	private final List<Fact> facts = new ArrayList<>();

	private final Vitals vitals = new Vitals();

	private final ControlFacts control = new ControlFacts(this.facts::add, new PostOffice((worker) -> true, 1),
			new MeterCalls(MeterCalls.PATIENCE), this.vitals, new Inquiries(Duration.ofSeconds(1)));

	@Test
	void resignationNamesItsTerm() {
		this.control.received(WORKER, new Resigned(3));
		assertThat(this.facts).containsExactly(new Fact.Resigned(WORKER, 3));
	}

	@Test
	void heartbeatTellsWhatTheJvmUsesIfItSays() {
		this.control.received(WORKER, new Heartbeat());
		assertThat(this.vitals.of(WORKER)).isEmpty();
		this.control.received(WORKER, new Heartbeat(new JvmUsage(10, 20L, 3, 1500, 7)));
		assertThat(this.vitals.of(WORKER)).contains(new WorkerVitals(null, null, 10L, 20L, 3L, 1.5, 7));
		assertThat(this.facts).containsExactly(new Fact.HeartbeatReceived(WORKER), new Fact.HeartbeatReceived(WORKER));
	}

	@Test
	void workerThatWantsToBeRecycledIsReplacedOnceAndServesUntilThen() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		for (int i = 0; i < 3; i++) {
			this.control.received(WORKER, new Recycle());
		}
		assertThat(this.facts).hasSize(3).allSatisfy((fact) -> {
			Fact.CommandGiven given = (Fact.CommandGiven) fact;
			assertThat(given.command()).isEqualTo(new ClusterCommand.Restart(WORKER));
			assertThat(given.source()).isEqualTo("worker 1 itself");
		});
		this.facts.forEach(fixture.supervisor::accept);
		assertThat(fixture.processes.alive()).hasSize(2);
		assertThat(fixture.latest().readyWorkers()).isEqualTo(1);
		fixture.ready(2);
		fixture.supervisor.accept(new Fact.Drained(WORKER));
		assertThat(fixture.processes.toldToShutDown()).containsExactly(WORKER);
		fixture.die(1, 143);
		assertThat(fixture.slot(1).id()).isEqualTo(WorkerId.of(2));
		assertThat(fixture.processes.alive()).containsExactly(WorkerId.of(2));
	}

}

package io.github.bootcluster.launcher;

import java.util.Map;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Who leads, and when the next one does. The fake processes allow one at a time. */
class ElectionTests {

	private static final WorkerId FIRST = WorkerId.of(1);

	private static final WorkerId SECOND = WorkerId.of(2);

	@Test
	void firstWorkerInRotationLeadsAndStaysWhenOthersJoin() {
		SupervisorFixture fixture = new SupervisorFixture(2).started();
		assertThat(fixture.latest().leader()).isNull();
		fixture.ready(2);
		assertThat(fixture.latest().leader()).isEqualTo(SECOND);
		fixture.ready(1);
		assertThat(fixture.latest().leader()).isEqualTo(SECOND);
		assertThat(fixture.processes.leading()).containsExactly(Map.entry(SECOND, 1L));
	}

	@Test
	void deadLeaderIsSucceededAtOnce() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.die(1, 137);
		assertThat(fixture.latest().leader()).isEqualTo(SECOND);
		assertThat(fixture.processes.leading()).containsExactly(Map.entry(SECOND, 2L));
	}

	@Test
	void lostConnectionIsNotTheEndOfTheLeader() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.supervisor.accept(new Fact.Disconnected(FIRST));
		assertThat(fixture.latest().leader()).isNull();
		fixture.advance(Endings.GRACE);
		assertThat(fixture.processes.killed()).contains(FIRST);
		assertThat(fixture.latest().leader()).isNull();
		fixture.die(1, 137);
		assertThat(fixture.latest().leader()).isEqualTo(SECOND);
	}

	@Test
	void drainedLeaderIsSucceededOnceItHasResigned() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.command(new ClusterCommand.Drain(FIRST));
		assertThat(fixture.latest().leader()).isNull();
		assertThat(fixture.processes.toldToResign()).containsExactly(new Fact.Resigned(FIRST, 1));
		resign(fixture, FIRST, 1);
		assertThat(fixture.latest().leader()).isEqualTo(SECOND);
	}

	@Test
	void pausedLeaderThatComesBackMustResignAllTheSame() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		fixture.supervisor.accept(new Fact.AvailabilityChanged(FIRST, false, true));
		fixture.supervisor.accept(new Fact.AvailabilityChanged(FIRST, true, true));
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.READY);
		assertThat(fixture.latest().leader()).isNull();
		resign(fixture, FIRST, 1);
		assertThat(fixture.latest().leader()).isEqualTo(FIRST);
		assertThat(fixture.processes.leading()).containsExactly(Map.entry(FIRST, 2L));
	}

	@Test
	void lateAnswerOfAnEarlierTermChangesNothing() {
		SupervisorFixture fixture = new SupervisorFixture(1).allReady();
		fixture.supervisor.accept(new Fact.AvailabilityChanged(FIRST, false, true));
		resign(fixture, FIRST, 1);
		fixture.supervisor.accept(new Fact.AvailabilityChanged(FIRST, true, true));
		fixture.supervisor.accept(new Fact.AvailabilityChanged(FIRST, false, true));
		fixture.supervisor.accept(new Fact.Resigned(FIRST, 1));
		fixture.supervisor.accept(new Fact.AvailabilityChanged(FIRST, true, true));
		assertThat(fixture.latest().leader()).as("still at work in its second term").isNull();
		resign(fixture, FIRST, 2);
		assertThat(fixture.latest().leader()).isEqualTo(FIRST);
	}

	@Test
	void silentLeaderIsSucceededOnceItsProcessIsGone() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		for (int i = 0; i < 8; i++) {
			fixture.advance(SupervisorFixture.HEARTBEAT_TIMEOUT.dividedBy(4));
			fixture.supervisor.accept(new Fact.HeartbeatReceived(SECOND));
		}
		assertThat(fixture.slot(1).state()).isEqualTo(WorkerState.DRAINING);
		assertThat(fixture.latest().leader()).isNull();
		fixture.die(1, 137);
		assertThat(fixture.latest().leader()).isEqualTo(SECOND);
	}

	@Test
	void reloadChangesTheLeaderOnceAndToTheNewGeneration() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		fixture.command(new ClusterCommand.Reload());
		fixture.ready(3);
		resign(fixture, FIRST, 1);
		assertThat(fixture.latest().leader()).as("of the new generation, though 2 is older").isEqualTo(WorkerId.of(3));
		fixture.supervisor.accept(new Fact.Drained(FIRST));
		fixture.die(1, 143);
		fixture.ready(4);
		assertThat(fixture.latest().leader()).isEqualTo(WorkerId.of(3));
	}

	@Test
	void standbyDoesNotLeadAndTrainingNeither() {
		SupervisorFixture fixture = new SupervisorFixture(1, Map.of("cluster.standby", "1"));
		fixture.processes.caching();
		fixture.allReady();
		fixture.ready(2);
		fixture.ready(3);
		assertThat(fixture.processes.trained()).hasSize(1);
		assertThat(fixture.latest().leader()).isEqualTo(FIRST);
		assertThat(fixture.processes.leading()).containsOnlyKeys(FIRST);
	}

	@Test
	void programsThatKnowNoClusterHaveNoLeader() {
		SupervisorFixture fixture = new SupervisorFixture(1, Map.of("cluster.worker.command", "node server.js"))
			.allReady();
		assertThat(fixture.latest().readyWorkers()).isEqualTo(1);
		assertThat(fixture.latest().leader()).isNull();
		assertThat(fixture.processes.leading()).isEmpty();
	}

	private static void resign(SupervisorFixture fixture, WorkerId worker, long term) {
		Fact.Resigned resignation = new Fact.Resigned(worker, term);
		fixture.processes.finishLeading(resignation);
		fixture.supervisor.accept(resignation);
	}

}

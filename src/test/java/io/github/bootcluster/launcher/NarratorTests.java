package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.TimelineEntry;
import io.github.bootcluster.TimelineEntry.Kind;
import io.github.bootcluster.WorkerId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the timeline tells of what the supervisor does. */
class NarratorTests {

	private long seen;

	@Test
	void launchIsToldFromItsBeginningToTheWholeCluster() {
		SupervisorFixture fixture = new SupervisorFixture(2).allReady();
		assertThat(news(fixture)).containsExactly("STATE The cluster starts, with 2 workers.",
				"STARTED Worker 1 (slot 1, pid 1001) started.", "STARTED Worker 2 (slot 2, pid 1002) started.",
				"READY Worker 1 (slot 1, pid 1001) is in rotation.",
				"READY Worker 2 (slot 2, pid 1002) is in rotation.",
				"STATE The cluster is whole: 2 of 2 workers in rotation.");
	}

	@Test
	void entryHasTheWorkerItsSlotAndItsGeneration() {
		SupervisorFixture fixture = new SupervisorFixture(1).started();
		assertThat(fixture.timeline.after(0)).containsExactly(
				new TimelineEntry(1, fixture.clock.instant(), Kind.STATE, null, 0, 1,
						"The cluster starts, with 1 worker."),
				new TimelineEntry(2, fixture.clock.instant(), Kind.STARTED, WorkerId.of(1), 1, 1,
						"Worker 1 (slot 1, pid 1001) started."));
	}

	@Test
	void killedWorkerCrashesAndTheNextOneComesBack() {
		SupervisorFixture fixture = ready(2);
		fixture.die(1, 137);
		fixture.ready(3);
		assertThat(news(fixture)).containsExactly("CRASHED Worker 1 (slot 1, pid 1001) crashed: ended by SIGKILL.",
				"STARTED Worker 3 (slot 1, pid 1003) started.",
				"STATE The cluster is degraded: 1 of 2 workers in rotation.",
				"READY Worker 3 (slot 1, pid 1003) is in rotation.",
				"STATE The cluster is whole: 2 of 2 workers in rotation.");
	}

	@Test
	void slotWhoseWorkersDieYoungWaits() {
		SupervisorFixture fixture = ready(1);
		fixture.die(1, 1);
		news(fixture);
		fixture.die(2, 1);
		List<String> news = news(fixture);
		assertThat(news).hasSize(2);
		assertThat(news.get(0)).isEqualTo("CRASHED Worker 2 (slot 1, pid 1002) crashed: exited with status 1.");
		assertThat(news.get(1)).matches("BACKOFF Slot 1 waits \\d+\\.\\d s for its next worker\\.");
		fixture.advance(Duration.ofMillis(1));
		assertThat(news(fixture)).isEmpty();
		fixture.advance(SupervisorFixture.MAX_DELAY);
		assertThat(news(fixture)).containsExactly("STARTED Worker 3 (slot 1, pid 1003) started.");
	}

	@Test
	void processThatCouldNotBeStartedIsToldWithTheReason() {
		SupervisorFixture fixture = ready(1);
		fixture.processes.breakDown(true);
		fixture.die(1, 137);
		fixture.advance(Duration.ZERO);
		assertThat(news(fixture)).anySatisfy((entry) -> assertThat(entry)
			.matches("BACKOFF Slot 1 (waits .* for its next worker|gets its next worker at once): "
					+ "worker \\d+ of slot 1 could not be started: error=11, Resource temporarily unavailable\\."));
	}

	@Test
	void workerThatEndsByItselfWithoutAnErrorIsNotReplacedAndThatIsTold() {
		SupervisorFixture fixture = ready(2);
		fixture.die(1, 0);
		assertThat(news(fixture)).containsExactly(
				"CRASHED Worker 1 (slot 1, pid 1001) ended by itself and is not replaced (cluster.restart.on-exit): exited with status 0.",
				"STATE The cluster is degraded: 1 of 2 workers in rotation.");
	}

	@Test
	void signsOfLifeAreNoNews() {
		SupervisorFixture fixture = ready(1);
		fixture.clock.advance(Duration.ofSeconds(1));
		fixture.supervisor.accept(new Fact.HeartbeatReceived(WorkerId.of(1)));
		fixture.supervisor.tick();
		assertThat(news(fixture)).isEmpty();
	}

	@Test
	void workerThatRefusesTrafficIsPausedAndComesBack() {
		SupervisorFixture fixture = ready(1);
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), false, true));
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), true, true));
		assertThat(news(fixture)).containsExactly(
				"PAUSED Worker 1 (slot 1, pid 1001) is out of rotation: its application refuses traffic.",
				"STATE The cluster is degraded: 0 of 1 worker in rotation.",
				"READY Worker 1 (slot 1, pid 1001) is in rotation again.",
				"STATE The cluster is whole: 1 of 1 worker in rotation.");
	}

	@Test
	void workerThatAnOperatorHoldsIsPausedAndComesBack() {
		SupervisorFixture fixture = ready(2);
		fixture.outcome(new ClusterCommand.Drain(WorkerId.of(1)));
		assertThat(news(fixture))
			.startsWith("PAUSED Worker 1 (slot 1, pid 1001) is out of rotation: an operator holds it.");
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), false, true));
		fixture.outcome(new ClusterCommand.Undrain(WorkerId.of(1)));
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), true, true));
		assertThat(news(fixture)).startsWith(
				"PAUSED Worker 1 (slot 1, pid 1001) is held by nobody any more, but its application refuses traffic.",
				"READY Worker 1 (slot 1, pid 1001) is in rotation again.");
	}

	@Test
	void workerThatRefusesTrafficBeforeItIsWarmIsReadyOnce() {
		SupervisorFixture fixture = new SupervisorFixture(1, Map.of("cluster.worker.warm-up.paths", "/")).started();
		fixture.ready(1);
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), false, true));
		fixture.supervisor.accept(new Fact.AvailabilityChanged(WorkerId.of(1), true, true));
		assertThat(news(fixture)).filteredOn((entry) -> entry.startsWith("READY"))
			.containsExactly("READY Worker 1 (slot 1, pid 1001) is in rotation.");
	}

	@Test
	void reloadIsToldStepByStep() {
		SupervisorFixture fixture = ready(2);
		fixture.begin(new ClusterCommand.Reload());
		fixture.staged("");
		for (long old = 1; old <= 2; old++) {
			fixture.ready(old + 2);
			fixture.supervisor.accept(new Fact.Drained(WorkerId.of(old)));
			fixture.clock.advance(Duration.ofSeconds(1));
			fixture.die(old, 143);
		}
		assertThat(news(fixture)).containsExactly("STATE The cluster reloads: 2 of 2 workers in rotation.",
				"RELOAD Reload to generation 2 begins (by a test): what its workers run is being staged.",
				"RELOAD Reload to generation 2: staged, 2 slots get new workers.",
				"STARTED Worker 3 (slot 1, pid 1003) started.", "READY Worker 3 (slot 1, pid 1003) is in rotation.",
				"DRAINING Worker 1 (slot 1, pid 1001) gets no more requests and will end.",
				"RELOAD Reload to generation 2: 1 of 2 slots done.",
				"EXITED Worker 1 (slot 1, pid 1001) is gone, as asked: ended by SIGTERM.",
				"STARTED Worker 4 (slot 2, pid 1004) started.", "READY Worker 4 (slot 2, pid 1004) is in rotation.",
				"DRAINING Worker 2 (slot 2, pid 1002) gets no more requests and will end.",
				"RELOAD Reload to generation 2: 2 of 2 slots done.",
				"EXITED Worker 2 (slot 2, pid 1002) is gone, as asked: ended by SIGTERM.",
				"RELOAD Reload to generation 2 succeeded after 2.0 s.",
				"STATE The cluster is whole: 2 of 2 workers in rotation.");
	}

	@Test
	void reloadThatFailsIsToldWithTheReason() {
		SupervisorFixture fixture = ready(1);
		fixture.command(new ClusterCommand.Reload());
		news(fixture);
		fixture.die(2, 1);
		assertThat(news(fixture)).startsWith("CRASHED Worker 2 (slot 1, pid 1002) crashed: exited with status 1.")
			.contains("RELOAD Reload to generation 2 failed after 0.0 s: "
					+ "worker 2 (slot 1) did not get ready: exited with status 1.");
		fixture.begin(new ClusterCommand.Reload());
		fixture.staged("no space left");
		assertThat(news(fixture)).contains("RELOAD Reload to generation 3 failed after 0.0 s: no space left.");
	}

	@Test
	void reloadThatIsRolledBackIsToldSo() {
		SupervisorFixture fixture = ready(2);
		fixture.command(new ClusterCommand.Reload());
		fixture.ready(3);
		fixture.supervisor.accept(new Fact.Drained(WorkerId.of(1)));
		fixture.die(1, 143);
		news(fixture);
		fixture.die(4, 1);
		assertThat(news(fixture)).contains("RELOAD Reload to generation 2 is rolled back: "
				+ "worker 4 (slot 2) did not get ready: exited with status 1.");
	}

	@Test
	void scalingIsToldBeforeWhatComesOfIt() {
		SupervisorFixture fixture = ready(1);
		fixture.command(new ClusterCommand.Scale(2));
		assertThat(news(fixture)).containsExactly("SCALED There are to be 2 workers instead of 1.",
				"STARTED Worker 2 (slot 2, pid 1002) started.",
				"STATE The cluster is degraded: 1 of 2 workers in rotation.");
	}

	@Test
	void stopIsToldToItsEnd() {
		SupervisorFixture fixture = ready(1);
		fixture.supervisor.accept(new Fact.StopRequested());
		fixture.supervisor.accept(new Fact.Drained(WorkerId.of(1)));
		fixture.die(1, 143);
		assertThat(news(fixture)).containsExactly("STATE The cluster stops: 0 of 1 worker in rotation.",
				"DRAINING Worker 1 (slot 1, pid 1001) gets no more requests and will end.",
				"EXITED Worker 1 (slot 1, pid 1001) is gone, as asked: ended by SIGTERM.");
	}

	@Test
	void standbyIsInRotationOnceItSteppedIn() {
		SupervisorFixture fixture = new SupervisorFixture(1, Map.of("cluster.standby", "1")).allReady();
		fixture.ready(2);
		assertThat(news(fixture)).endsWith("STARTED Worker 2 (standby, pid 1002) started.");
		fixture.die(1, 137);
		assertThat(news(fixture)).containsExactly("CRASHED Worker 1 (slot 1, pid 1001) crashed: ended by SIGKILL.",
				"READY Worker 2 (slot 1, pid 1002) is in rotation.", "STARTED Worker 3 (standby, pid 1003) started.");
	}

	private SupervisorFixture ready(int workers) {
		SupervisorFixture fixture = new SupervisorFixture(workers).allReady();
		news(fixture);
		return fixture;
	}

	/** What was told since the last call. */
	private List<String> news(SupervisorFixture fixture) {
		List<TimelineEntry> entries = fixture.timeline.after(this.seen);
		if (!entries.isEmpty()) {
			this.seen = entries.get(entries.size() - 1).number();
		}
		return entries.stream().map((entry) -> entry.kind() + " " + entry.message()).toList();
	}

}

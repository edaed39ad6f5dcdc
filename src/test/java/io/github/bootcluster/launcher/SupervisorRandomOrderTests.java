package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import io.github.bootcluster.ClusterProperties.Restart.OnExit;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Thousands of random histories: facts in any order, late, doubled, about the dead. After
 * every step the invariants hold; once the faults end, so does every history.
 */
class SupervisorRandomOrderTests {

	private static final int HISTORIES = 2000;

	private static final int STEPS = 60;

	@Test
	void invariantsHoldInEveryHistory() {
		for (int seed = 0; seed < HISTORIES; seed++) {
			new History(seed).play();
		}
	}

	private static final class History {

		private final int seed;

		private final Random random;

		private final SupervisorFixture fixture;

		private final int workers;

		private final Set<WorkerId> exited = new HashSet<>();

		private int seen;

		History(int seed) {
			this.seed = seed;
			this.random = new Random(seed);
			this.workers = 1 + this.random.nextInt(4);
			OnExit onExit = this.random.nextBoolean() ? OnExit.FAILURE : OnExit.ALWAYS;
			this.fixture = new SupervisorFixture(this.workers, onExit, this.random);
		}

		void play() {
			this.fixture.supervisor.start();
			for (int step = 0; step < STEPS; step++) {
				step();
				checkInvariants();
			}
			if (this.random.nextBoolean()) {
				faultsEnd();
			}
			stop();
		}

		private void step() {
			WorkerId worker = WorkerId.of(1 + this.random.nextInt(this.fixture.processes.started().size() + 2));
			switch (this.random.nextInt(12)) {
				case 0 -> accept(new Fact.Connected(worker));
				case 1 -> accept(new Fact.Listening(worker, 40000 + (int) worker.value()));
				case 2, 3 -> accept(new Fact.AvailabilityChanged(worker, true, true));
				case 4 ->
					accept(new Fact.AvailabilityChanged(worker, this.random.nextBoolean(), this.random.nextInt(4) > 0));
				case 5 -> accept(new Fact.HeartbeatReceived(worker));
				case 6 -> accept(new Fact.Disconnected(worker));
				case 7 -> accept(new Fact.Drained(worker));
				case 8 -> dieIfAlive(worker);
				case 9 -> this.fixture.advance(Duration.ofMillis(this.random.nextInt(20_000)));
				case 10 -> timePassesInSilence();
				default -> this.fixture.processes.breakDown(this.random.nextInt(4) == 0);
			}
		}

		/** As the supervisor's own clock has it: no longer than it may go unnoticed. */
		private void timePassesInSilence() {
			for (int i = this.random.nextInt(10); i > 0; i--) {
				this.fixture.advance(SupervisorFixture.HEARTBEAT_TIMEOUT.dividedBy(4));
				reap(this.fixture.processes.killed());
			}
		}

		private void accept(Fact fact) {
			this.fixture.supervisor.accept(fact);
		}

		private void dieIfAlive(WorkerId worker) {
			if (this.fixture.processes.alive().contains(worker)) {
				this.fixture.processes.exit(worker);
				this.exited.add(worker);
				accept(new Fact.Exited(worker, this.random.nextBoolean() ? 0 : 137));
				// The system may tell of one death twice, in two ways.
				accept(new Fact.Disconnected(worker));
			}
			else if (this.exited.contains(worker)) {
				accept(new Fact.Exited(worker, 1));
			}
		}

		private void checkInvariants() {
			ClusterSnapshot latest = this.fixture.latest();
			assertThat(latest.workers()).as("one entry per slot, seed %d", this.seed).hasSize(this.workers);
			Map<Integer, WorkerId> bySlot = new HashMap<>();
			this.fixture.processes.aliveSpecs()
				.forEach((spec) -> assertThat(bySlot.put(spec.slot(), spec.id()))
					.as("second process in slot %d, seed %d", spec.slot(), this.seed)
					.isNull());
			for (WorkerSnapshot worker : latest.workers()) {
				boolean alive = this.fixture.processes.alive().contains(worker.id());
				assertThat(worker.state().isAlive()).as("%s, seed %d", worker, this.seed).isEqualTo(alive);
				assertThat(worker.pid() != null).isEqualTo(alive);
				assertThat(worker.nextStartAt() != null).isEqualTo(worker.state() == WorkerState.BACKOFF);
			}
			List<ClusterSnapshot> published = this.fixture.published;
			for (; this.seen < published.size() - 1; this.seen++) {
				assertThat(published.get(this.seen + 1).version()).isEqualTo(published.get(this.seen).version() + 1);
			}
			assertThat(this.fixture.launched + ((this.fixture.launchFailure != null) ? 1 : 0))
				.as("launch concluded twice, seed %d", this.seed)
				.isLessThanOrEqualTo(1);
		}

		/** Whoever is asked to end does, and whoever starts becomes ready. */
		private void faultsEnd() {
			this.fixture.processes.breakDown(false);
			for (int round = 0; round < 20; round++) {
				reapThoseAskedToEnd();
				this.fixture.processes.alive().forEach((worker) -> {
					this.fixture.ready(worker);
					accept(new Fact.HeartbeatReceived(worker));
				});
				List.copyOf(this.fixture.latest().workers()).forEach((worker) -> accept(new Fact.Drained(worker.id())));
				this.fixture.advance(SupervisorFixture.MAX_DELAY);
				checkInvariants();
			}
			if (this.fixture.launchFailure != null) {
				assertThat(this.fixture.processes.alive()).as("given up, seed %d", this.seed).isEmpty();
				return;
			}
			long left = this.fixture.latest()
				.workers()
				.stream()
				.filter((worker) -> worker.state() == WorkerState.EXITED)
				.count();
			assertThat(this.fixture.latest().readyWorkers() + left)
				.as("desired count, less those that ended with 0, seed %d: %s", this.seed, this.fixture.latest())
				.isEqualTo(this.workers);
			if (left == 0) {
				assertThat(this.fixture.latest().state()).isEqualTo(ClusterState.RUNNING);
			}
		}

		private void reapThoseAskedToEnd() {
			reap(this.fixture.processes.toldToShutDown());
			reap(this.fixture.processes.terminated());
			reap(this.fixture.processes.killed());
		}

		private void reap(Set<WorkerId> ended) {
			for (WorkerId worker : List.copyOf(ended)) {
				if (this.fixture.processes.alive().contains(worker)) {
					this.fixture.processes.exit(worker);
					accept(new Fact.Exited(worker, 143));
				}
			}
		}

		private void stop() {
			accept(new Fact.StopRequested());
			int started = this.fixture.processes.started().size();
			for (int round = 0; round < 20; round++) {
				reapThoseAskedToEnd();
				this.fixture.advance(SupervisorFixture.STOP_TIMEOUT);
			}
			assertThat(this.fixture.processes.alive()).as("left alive, seed %d", this.seed).isEmpty();
			assertThat(this.fixture.stopped).as("stops, seed %d", this.seed).isEqualTo(1);
			assertThat(this.fixture.processes.started()).as("started while stopping, seed %d", this.seed)
				.hasSize(started);
		}

	}

}

package io.github.bootcluster.launcher;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class UsageMeterTests {

	private static final WorkerId SELF = WorkerId.of(1);

	private static final WorkerId GONE = WorkerId.of(2);

	private static final WorkerId WAITING = WorkerId.of(3);

	private final Vitals vitals = new Vitals();

	private final Queue<Fact> facts = new ConcurrentLinkedQueue<>();

	@Test
	void everyProcessIsMeasuredAndOneThatVanishesHoldsNobodyUp() throws Exception {
		assumeTrue(ResidentMemory.isSupported(), "no /proc here");
		Process process = new ProcessBuilder("sleep", "0").start();
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		try (UsageMeter meter = start(Map.of(), process.pid())) {
			await().untilAsserted(() -> assertThat(this.vitals.of(SELF).map(WorkerVitals::cpu)).isPresent());
			WorkerVitals self = this.vitals.of(SELF).orElseThrow();
			assertThat(self.cpu()).isBetween(0.0, (double) Runtime.getRuntime().availableProcessors() + 0.5);
			assertThat(self.residentBytes()).isGreaterThan(16 << 20);
			assertThat(self.heapUsedBytes()).isNull();
			assertThat(this.vitals.of(GONE)).contains(new WorkerVitals(null, null, null, null, null, null, null));
			assertThat(this.vitals.of(WAITING)).as("has no process").isEmpty();
			assertThat(this.facts).as("no limit, no need to know").isEmpty();
			assertThat(meter).isNotNull();
		}
	}

	@Test
	void supervisorIsToldWhereThereAreLimits() {
		try (UsageMeter meter = start(Map.of("cluster.worker.max-requests", "1000"), Long.MAX_VALUE)) {
			await().untilAsserted(() -> assertThat(this.facts).contains(new Fact.Measured(GONE, 42, 0)));
			assertThat(this.facts).anySatisfy((fact) -> assertThat(((Fact.Measured) fact).worker()).isEqualTo(SELF));
			assertThat(meter).isNotNull();
		}
	}

	private UsageMeter start(Map<String, String> properties, long gone) {
		ClusterSnapshot snapshot = new SupervisorFixture(1).latest();
		snapshot = snapshot.withTraffic(snapshot.dispatcher(),
				List.of(worker(SELF, ProcessHandle.current().pid(), WorkerState.READY),
						worker(GONE, gone, WorkerState.DRAINING), worker(WAITING, null, WorkerState.BACKOFF)));
		ClusterSnapshot cluster = snapshot;
		return UsageMeter.start(SupervisorFixture.properties(properties).worker(), () -> cluster, this.vitals,
				this.facts::add);
	}

	private static WorkerSnapshot worker(WorkerId id, Long pid, WorkerState state) {
		return new WorkerSnapshot(id, (int) id.value(), 1, pid, 40000, state, Instant.EPOCH, 0, 0, 42, 0, null, null,
				null);
	}

}

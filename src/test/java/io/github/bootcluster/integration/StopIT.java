package io.github.bootcluster.integration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** How a cluster ends. */
class StopIT {

	@TempDir
	Path directory;

	@Test
	void signalLetsRequestsFinishAndLeavesNothingRunning() throws Exception {
		try (ClusterProcess cluster = tiny().property("cluster.dispatch.access-log.enabled", "true")
			.start()
			.awaitServing()) {
			CompletableFuture<String> slow = slowRequest(cluster, 2000);
			cluster.signal("TERM");
			assertThat(slow.get(30, TimeUnit.SECONDS)).startsWith("done by ");
			assertThat(cluster.awaitExit(Duration.ofSeconds(30))).isZero();
			assertThat(cluster.survivors()).isEmpty();
			assertThat(this.directory.resolve("home/control.sock")).doesNotExist();
			assertThat(Files.readAllLines(this.directory.resolve("home/access.log")))
				.filteredOn((line) -> line.contains("\"GET /slow?millis=2000 HTTP/1.1\" 200 "))
				.singleElement()
				.asString()
				.endsWith("outcome=answered");
		}
	}

	@Test
	void ctrlCReachesWorkersTooAndRequestsStillFinish() throws Exception {
		try (ClusterProcess cluster = tiny().start().awaitServing()) {
			CompletableFuture<String> slow = slowRequest(cluster, 2000);
			// A terminal signals the whole process group.
			List<Long> workers = cluster.workerPids();
			workers.forEach((worker) -> ClusterProcess.signal("INT", worker));
			cluster.signal("INT");
			workers.forEach((worker) -> ClusterProcess.signal("HUP", worker));
			assertThat(slow.get(30, TimeUnit.SECONDS)).startsWith("done by ");
			assertThat(cluster.awaitExit(Duration.ofSeconds(30))).isZero();
			assertThat(cluster.survivors()).isEmpty();
			assertThat(this.directory.resolve("home/control.sock")).doesNotExist();
		}
	}

	@Test
	void stopDuringTheStartEndsTheWorkersToo() throws Exception {
		try (ClusterProcess cluster = tiny().property("tiny.start-delay-millis", "60000").start()) {
			cluster.await("both workers to be spawned", () -> cluster.workerPids().size() == 2);
			cluster.signal("TERM");
			assertThat(cluster.awaitExit(Duration.ofSeconds(20))).isZero();
			assertThat(cluster.survivors()).isEmpty();
		}
	}

	@Test
	void otherSignalAfterTheFirstDoesNotHurryTheStop() throws Exception {
		try (ClusterProcess cluster = tiny().property("cluster.workers", "1").start().awaitServing()) {
			CompletableFuture<String> slow = slowRequest(cluster, 4000);
			cluster.signal("INT");
			cluster.await("the stop to begin", () -> cluster.output().contains("stopping gracefully"));
			cluster.signal("TERM");
			assertThat(slow.get(30, TimeUnit.SECONDS)).startsWith("done by ");
			assertThat(cluster.awaitExit(Duration.ofSeconds(30))).isZero();
		}
	}

	@Test
	void requestThatTakesLongerThanTheStopTimeoutDoesNotHoldTheStop() throws Exception {
		try (ClusterProcess cluster = tiny().property("cluster.workers", "1")
			.property("cluster.worker.stop-timeout", "1s")
			.start()
			.awaitServing()) {
			CompletableFuture<String> slow = slowRequest(cluster, 60_000);
			cluster.signal("TERM");
			assertThat(cluster.awaitExit(Duration.ofSeconds(20))).isZero();
			assertThat(cluster.survivors()).isEmpty();
			assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo("The server is shutting down.\n");
		}
	}

	@Test
	void sameSignalAgainStopsAtOnce() throws Exception {
		try (ClusterProcess cluster = tiny().property("cluster.workers", "1").start().awaitServing()) {
			slowRequest(cluster, 60_000);
			cluster.signal("TERM");
			cluster.await("the stop to begin", () -> cluster.output().contains("stopping gracefully"));
			cluster.signal("TERM");
			cluster.awaitExit(Duration.ofSeconds(15));
			assertThat(cluster.survivors()).isEmpty();
		}
	}

	@Test
	void workersEndWithinTwoSecondsOfTheirRequestsWhenTheLauncherIsKilled() throws Exception {
		try (ClusterProcess cluster = tiny().start().awaitServing()) {
			int busy = cluster.slot(1).get("port").asInt();
			long busyPid = cluster.pidOfSlot(1);
			// Straight to the worker: the launcher's connections die with it.
			CompletableFuture<String> slow = ClusterProcess.async(() -> cluster.getDirectly(busy, "/slow?millis=4000"));
			cluster.await("the request to arrive", () -> cluster.output().contains("slow for 4000"));
			cluster.signal("KILL");
			assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo("done by " + busyPid);
			Awaitility.await("the workers to end")
				.atMost(Duration.ofSeconds(2))
				.pollInterval(Duration.ofMillis(20))
				.until(() -> cluster.survivors().isEmpty());
		}
	}

	private ClusterProcess.Builder tiny() {
		return ClusterProcess.of(Program.TINY, this.directory);
	}

	private static CompletableFuture<String> slowRequest(ClusterProcess cluster, int millis) {
		CompletableFuture<String> slow = ClusterProcess.async(() -> cluster.get("/slow?millis=" + millis).body());
		cluster.await("the request to be in flight",
				() -> cluster.status()
					.get("workers")
					.valueStream()
					.mapToInt((worker) -> worker.get("inFlight").asInt())
					.sum() == 1);
		return slow;
	}

}

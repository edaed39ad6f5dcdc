package io.github.bootcluster.integration;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What operators find out about a running cluster, and have its workers tell. */
class ObservationIT {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	/** Of a class that logs each request at that level. */
	private static final String LOGGER = "org.springframework.web.servlet.DispatcherServlet";

	@TempDir
	Path directory;

	@Test
	void applicationIsObservedFromItsLaunchToItsReplacement() {
		try (ClusterProcess cluster = ClusterProcess.of(Program.TINY, this.directory)
			.property("management.endpoint.cluster.access", "unrestricted")
			.start()
			.awaitServing()) {
			cluster.awaitReady(1, 0);
			cluster.awaitReady(2, 0);
			vitalsTellTheBusyFromTheIdle(cluster);
			threadsAreTold(cluster);
			levelIsSetAndOutlivesACrash(cluster);
			frozenWorkerHoldsNobodyUp(cluster);
		}
	}

	@Test
	void otherProgramsHaveATimelineAndVitalsButCannotBeAsked() {
		try (ClusterProcess cluster = ClusterProcess.of(Program.TINY, this.directory)
			.without("spring.profiles.active")
			.without("cluster.worker.jvm-args")
			.property("cluster.worker.command", Program.HTTP_PROGRAM)
			.property("management.endpoint.cluster.access", "unrestricted")
			.start()
			.awaitServing()) {
			cluster.awaitReady(1, 0);
			cluster.awaitSlot(1, (worker) -> worker.has("vitals") && worker.get("vitals").has("cpu"));
			JsonNode vitals = cluster.slot(1).get("vitals");
			assertThat(vitals.get("residentBytes").asLong()).isGreaterThan(1 << 20);
			assertThat(vitals.has("heapUsedBytes")).isFalse();
			assertThat(events(cluster, 0)).contains("STARTED 1", "READY 1", "STARTED 2", "READY 2", "STATE");
			assertThat(cluster.command("/1", "{\"action\":\"thread-dump\"}")).satisfies((answer) -> {
				assertThat(answer.statusCode()).isEqualTo(409);
				assertThat(answer.body()).contains("programs of cluster.worker.command");
			});
			assertThat(
					cluster.command("", "{\"action\":\"log-level\",\"logger\":\"a\",\"level\":\"DEBUG\"}").statusCode())
				.isEqualTo(409);
			assertThat(cluster.json("/actuator/cluster").get("sessionStore").toString())
				.isEqualTo("{\"type\":\"none\",\"status\":\"UP\"}");
			assertRefused(cluster.get("/actuator/cluster/events?after=soon"), "'after' is 'soon'");
			assertRefused(cluster.get("/actuator/cluster/1?after=soon"), "'after' is 'soon'");
			assertRefused(cluster.get("/actuator/cluster/nobody"), "'nobody' is not the id of a worker");
			assertThat(cluster.get("/actuator/cluster/4711").statusCode()).isEqualTo(404);
		}
	}

	private void vitalsTellTheBusyFromTheIdle(ClusterProcess cluster) {
		CompletableFuture<?> work = ClusterProcess
			.async(() -> cluster.getDirectly(cluster.slot(1).get("port").asInt(), "/burn?millis=4000"));
		cluster.await("the busy one to show", () -> {
			double busy = cpu(cluster.slot(1));
			return busy > 0.1 && busy > cpu(cluster.slot(2));
		});
		JsonNode vitals = cluster.slot(2).get("vitals");
		assertThat(vitals.get("residentBytes").asLong()).isGreaterThan(32 << 20);
		assertThat(vitals.get("heapUsedBytes").asLong()).isPositive().isLessThan(vitals.get("heapMaxBytes").asLong());
		assertThat(vitals.get("heapMaxBytes").asLong()).isLessThanOrEqualTo(256 << 20);
		assertThat(vitals.get("threads").asInt()).isGreaterThan(5);
		assertThat(vitals.has("gcCount")).isTrue();
		assertThat(vitals.has("gcSeconds")).isTrue();
		work.join();
	}

	private void threadsAreTold(ClusterProcess cluster) {
		HttpResponse<String> answer = cluster.command("/1", "{\"action\":\"thread-dump\"}");
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		assertThat(JSON.readTree(answer.body()).get("threadDump").asString()).contains("Full thread dump", "http-nio",
				"cluster-heartbeat");
	}

	private void levelIsSetAndOutlivesACrash(ClusterProcess cluster) {
		long before = latest(cluster);
		HttpResponse<String> answer = cluster.command("",
				"{\"action\":\"log-level\",\"logger\":\"%s\",\"level\":\"debug\",\"wait\":true}".formatted(LOGGER));
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		assertThat(answer.body()).contains("has the level DEBUG in worker 1, worker 2;");
		assertThat(cluster.output()).contains("log-level of all workers, " + LOGGER + "=DEBUG (by HTTP request from");
		assertLogsRequests(cluster, 1);

		long killed = cluster.pidOfSlot(1);
		ClusterProcess.signal("KILL", killed);
		cluster.awaitReady(1, killed);
		assertLogsRequests(cluster, 1);
		assertThat(events(cluster, before)).containsSubsequence("CRASHED 1", "STARTED 3", "READY 3", "STATE");
		assertThat(cluster.json("/actuator/cluster/events?after=" + before).toString())
			.contains("(slot 1, pid %d) crashed: ended by SIGKILL.".formatted(killed));

		answer = cluster.command("/3",
				"{\"action\":\"log-level\",\"logger\":\"%s\",\"level\":null,\"wait\":true}".formatted(LOGGER));
		assertThat(answer.body()).contains("has its configured level again in worker 3");
		int lines = debugLines(cluster, 1);
		cluster.getDirectly(cluster.slot(1).get("port").asInt(), "/print?text=after-the-reset");
		cluster.awaitOutput("after-the-reset (error)");
		assertThat(debugLines(cluster, 1)).isEqualTo(lines);
	}

	private void frozenWorkerHoldsNobodyUp(ClusterProcess cluster) {
		long frozen = cluster.pidOfSlot(2);
		ClusterProcess.signal("STOP", frozen);
		Instant asked = Instant.now();
		HttpResponse<String> answer = cluster.command("/2", "{\"action\":\"thread-dump\"}");
		assertThat(Duration.between(asked, Instant.now())).isLessThan(ClusterProcess.PATIENCE);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
		assertThat(answer.body()).contains("SIGQUIT").doesNotContain("threadDump");
		ClusterProcess.signal("CONT", frozen);
		cluster.await("the threads in its output",
				() -> cluster.json("/actuator/cluster/2").get("output").toString().contains("http-nio"));
	}

	private static void assertLogsRequests(ClusterProcess cluster, int slot) {
		int before = debugLines(cluster, slot);
		cluster.getDirectly(cluster.slot(slot).get("port").asInt(), "/who");
		cluster.await("a request in the log of slot " + slot, () -> debugLines(cluster, slot) > before);
	}

	private static int debugLines(ClusterProcess cluster, int slot) {
		return (int) cluster.outputLines()
			.stream()
			.filter((line) -> line.startsWith("worker-" + slot) && line.contains("DEBUG")
					&& line.contains("DispatcherServlet"))
			.count();
	}

	private static double cpu(JsonNode worker) {
		return worker.path("vitals").path("cpu").asDouble(0);
	}

	private static long latest(ClusterProcess cluster) {
		return cluster.json("/actuator/cluster/events").get("latest").asLong();
	}

	/** Kind and worker of each. */
	private static List<String> events(ClusterProcess cluster, long after) {
		List<String> events = new ArrayList<>();
		cluster.json("/actuator/cluster/events?after=" + after)
			.get("events")
			.forEach((event) -> events
				.add(event.get("kind").asString() + (event.has("worker") ? " " + event.get("worker").asLong() : "")));
		return events;
	}

	private static void assertRefused(HttpResponse<String> answer, String reason) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
		assertThat(answer.body()).contains(reason);
	}

}

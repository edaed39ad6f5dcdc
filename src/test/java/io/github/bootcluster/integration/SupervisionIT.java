package io.github.bootcluster.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Workers that die, refuse, break or never get ready. */
class SupervisionIT {

	@TempDir
	Path directory;

	@Test
	void crashedWorkersAreReplacedInTheirSlotsWithoutAFailedRequest() {
		try (ClusterProcess cluster = tiny().start().awaitServing(); Load load = Load.reading(cluster, "/who", 1)) {
			long first = cluster.pidOfSlot(1);
			ClusterProcess.signal("KILL", first);
			JsonNode replaced = cluster.awaitReady(1, first);
			assertThat(replaced.get("id").asLong()).isEqualTo(3);
			assertThat(replaced.get("restarts").asInt()).isEqualTo(1);
			JsonNode exit = replaced.get("lastExit");
			assertThat(exit.get("code").asInt()).isEqualTo(137);
			assertThat(exit.get("signal").asString()).isEqualTo("SIGKILL");
			assertThat(exit.get("expected").asBoolean()).isFalse();
			assertThat(exit.get("reason").asString()).isNotBlank();

			long second = cluster.pidOfSlot(2);
			ClusterProcess.signal("SEGV", second);
			cluster.awaitReady(2, second);
			load.assertNoFailure();
			cluster.await("the temporary files of those that crashed to be gone",
					() -> temporaryDirectories().equals(Set.of("launcher", "worker-3", "worker-4")));
		}
	}

	private Set<String> temporaryDirectories() {
		try (Stream<Path> temporary = Files.list(this.directory.resolve("home/worker-tmp"))) {
			return temporary.map((path) -> path.getFileName().toString().replaceFirst("-\\d+$", ""))
				.collect(Collectors.toSet());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void exitWithErrorIsReplacedAndExitWithZeroIsNot() {
		try (ClusterProcess cluster = tiny().property("cluster.dispatch.queue-timeout", "3s")
			.property("management.endpoint.health.probes.add-additional-paths", "true")
			.start()
			.awaitServing()) {
			for (String path : List.of("/actuator/health/liveness", "/actuator/health/readiness", "/livez",
					"/readyz")) {
				assertThat(cluster.get(path).body()).as(path).contains("\"status\":\"UP\"");
			}
			assertThat(cluster.get("/print?text=last-words").statusCode()).isEqualTo(200);
			assertThat(cluster.get("/print?text=last-words").statusCode()).isEqualTo(200);
			long victim = cluster.pidOfSlot(2);
			exitWorkersWith(cluster, 3);
			JsonNode replaced = cluster.awaitReady(2, victim);
			assertThat(replaced.get("lastExit").get("code").asInt()).isEqualTo(3);
			JsonNode details = cluster.json("/actuator/cluster/" + replaced.get("id").asLong());
			assertThat(details.get("lastExitOutput").toString()).contains("last-words", "last-words (error)");

			cluster.awaitReady(1, 0);
			exitWorkersWith(cluster, 0);
			JsonNode ended = cluster.awaitSlot(1, (worker) -> worker.get("state").asString().equals("EXITED"));
			assertThat(ended.get("lastExit").get("expected").asBoolean()).isFalse();
			assertThat(ended.has("pid")).isFalse();
			cluster.awaitSlot(2, (worker) -> worker.get("state").asString().equals("EXITED"));
			assertThat(cluster.status().get("state").asString()).isEqualTo("DEGRADED");

			for (String path : List.of("/actuator/health", "/actuator/health/readiness", "/readyz")) {
				assertThat(cluster.get(path).statusCode()).as(path).isEqualTo(503);
			}
			assertThat(cluster.get("/livez").statusCode()).as("the cluster itself lives").isEqualTo(200);
			HttpResponse<String> refused = cluster.get("/who");
			assertThat(refused.statusCode()).isEqualTo(503);
			assertThat(refused.headers().firstValue("Retry-After")).isPresent();
		}
	}

	/**
	 * GET is retried on another worker when the first one dies of it, so that one request
	 * ends both; being lost twice, it is answered with an error.
	 */
	private static void exitWorkersWith(ClusterProcess cluster, int status) {
		assertThat(cluster.get("/exit?status=" + status).statusCode()).isEqualTo(502);
	}

	@Test
	void onlyWorkerIsReplacedWhateverEndsItAndRequestsWait() {
		try (ClusterProcess cluster = tiny().property("cluster.workers", "1")
			.property("cluster.dispatch.queue-timeout", "60s")
			.property("cluster.worker.jvm-args", "-Xmx100m,-XX:TieredStopAtLevel=1")
			.start()
			.awaitServing()) {
			long killed = cluster.pidOfSlot(1);
			ClusterProcess.signal("KILL", killed);
			cluster.awaitSlot(1, (worker) -> !worker.get("state").asString().equals("READY"));
			HttpResponse<String> answer = cluster.get("/who");
			assertThat(answer.statusCode()).isEqualTo(200);
			assertThat(answer.body()).doesNotContain("\"pid\":" + killed);

			long broken = cluster.awaitReady(1, killed).get("pid").asLong();
			assertThat(cluster.get("/liveness?state=BROKEN").statusCode()).isEqualTo(200);
			JsonNode second = cluster.awaitReady(1, broken);
			assertThat(second.get("lastExit").get("reason").asString()).contains("broken state");

			long greedy = second.get("pid").asLong();
			HttpRequest request = HttpRequest.newBuilder(cluster.uri("/exhaust")).POST(BodyPublishers.noBody()).build();
			assertThat(cluster.send(request).statusCode()).isEqualTo(502);
			JsonNode third = cluster.awaitReady(1, greedy);
			JsonNode details = cluster.json("/actuator/cluster/" + third.get("id").asLong());
			assertThat(details.get("lastExitOutput").toString()).contains("OutOfMemoryError");
		}
	}

	@Test
	void workerThatRefusesTrafficLeavesTheRotationAndComesBack() {
		try (ClusterProcess cluster = tiny().property("cluster.workers", "1")
			.property("cluster.dispatch.queue-timeout", "1s")
			.start()
			.awaitServing()) {
			assertThat(cluster.get("/readiness?state=REFUSING_TRAFFIC").statusCode()).isEqualTo(200);
			cluster.awaitSlot(1, (worker) -> worker.get("state").asString().equals("PAUSED"));
			assertThat(cluster.get("/who").statusCode()).isEqualTo(503);
			int port = cluster.slot(1).get("port").asInt();
			assertThat(cluster.getDirectly(port, "/readiness?state=ACCEPTING_TRAFFIC")).isEqualTo("ok");
			cluster.awaitReady(1, 0);
			assertThat(cluster.get("/who").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void workerThatHangsIsReplacedWhetherItComesToOrNot() {
		try (ClusterProcess cluster = tiny().property("cluster.worker.heartbeat-timeout", "3s")
			.property("cluster.dispatch.max-in-flight-per-worker", "1000")
			.start()
			.awaitServing()) {
			long hung = cluster.pidOfSlot(1);
			ClusterProcess.signal("STOP", hung);
			cluster.awaitSlot(1, (worker) -> worker.get("state").asString().equals("DRAINING"));
			// What it was asked meanwhile it now answers.
			ClusterProcess.signal("CONT", hung);
			JsonNode replaced = cluster.awaitReady(1, hung);
			assertThat(replaced.get("lastExit").get("reason").asString()).startsWith("gave no sign of life for 3.0 s");
			JsonNode details = cluster.json("/actuator/cluster/" + replaced.get("id").asLong());
			assertThat(details.get("lastExitOutput").toString()).contains("Full thread dump", "cluster-heartbeat");
			assertThat(cluster.get("/who").statusCode()).isEqualTo(200);

			long frozen = cluster.pidOfSlot(2);
			ClusterProcess.signal("STOP", frozen);
			for (int i = 0; i < 4; i++) {
				assertThat(cluster.get("/who").statusCode()).as("goes to another").isEqualTo(200);
			}
			JsonNode next = cluster.awaitReady(2, frozen);
			assertThat(next.get("lastExit").get("signal").asString()).as("it cannot end itself").isEqualTo("SIGKILL");
		}
	}

	@Test
	void launcherGoesOnWhenOneWorkerDiesWhileStarting() {
		try (ClusterProcess cluster = tiny().property("tiny.start-delay-millis", "1500").start()) {
			cluster.await("both workers to be spawned", () -> cluster.workerPids().size() == 2);
			ClusterProcess.signal("KILL", cluster.workerPids().get(0));
			cluster.awaitServing();
			cluster.awaitReady(1, 0);
			cluster.awaitReady(2, 0);
			assertThat(cluster.status().get("state").asString()).isEqualTo("RUNNING");
		}
	}

	private ClusterProcess.Builder tiny() {
		return ClusterProcess.of(Program.TINY, this.directory).property("cluster.dispatch.queue-timeout", "30s");
	}

}

package io.github.bootcluster.integration;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What operators ask of a running cluster, by HTTP and by signals. */
class CommandsIT {

	/**
	 * From kill -9 to the spawning of the next: the goal is 50 ms; this is a slow
	 * machine's.
	 */
	private static final Duration REPLACED_WITHIN = Duration.ofSeconds(2);

	@TempDir
	Path directory;

	@Test
	void clusterIsScaledUnderLoad() {
		try (ClusterProcess cluster = external().start().awaitServing(); Load load = Load.reading(cluster, "/", 4)) {
			assertThat(done(cluster, "", "{\"action\":\"scale\",\"workers\":4,\"wait\":true}"))
				.contains("4 of 4 workers are in rotation");
			assertThat(cluster.workerPids()).hasSize(4);
			assertThat(done(cluster, "", "{\"action\":\"scale\",\"workers\":1,\"wait\":true}"))
				.contains("1 of 1 workers are in rotation");
			assertThat(cluster.workerPids()).hasSize(1);
			assertThat(cluster.status().get("workers")).hasSize(1);
			load.assertNoFailure();
		}
	}

	@Test
	void clusterIsScaledAndReloadedBySignals() {
		try (ClusterProcess cluster = external().start().awaitServing(); Load load = Load.reading(cluster, "/", 2)) {
			cluster.signal("TTIN");
			cluster.awaitReady(3, 0);
			cluster.signal("TTOU");
			cluster.await("slot 3 to go", () -> cluster.status().get("workers").size() == 2);
			long before = cluster.pidOfSlot(2);
			cluster.signal("HUP");
			cluster.awaitReady(2, before);
			cluster.await("the reload to end", () -> cluster.status().get("state").asString().equals("RUNNING"));
			cluster.awaitOutput("scale (by SIGTTIN): From 2 to 3 workers.", "scale (by SIGTTOU): From 3 to 2 workers.",
					"reload (by SIGHUP): Reload to generation 2 succeeded");
			load.assertNoFailure();
		}
	}

	@Test
	void scalingDuringAReloadAndACrashStormComesToADefinedEnd() {
		try (ClusterProcess cluster = external().property("cluster.restart.stable-after", "0s").start().awaitServing();
				Load load = Load.reading(cluster, "/", 2)) {
			for (int round = 0; round < 4; round++) {
				done(cluster, "", "{\"action\":\"reload\"}");
				done(cluster, "", "{\"action\":\"scale\",\"workers\":%d}".formatted(2 + (round + 1) % 3));
				ClusterProcess.signal("KILL", cluster.awaitReady(1, 0).get("pid").asLong());
				cluster.await("the end of round " + round,
						() -> cluster.status().get("state").asString().equals("RUNNING"));
			}
			JsonNode status = cluster.status();
			assertThat(status.get("workers")).hasSize(status.get("desiredWorkers").asInt());
			assertThat(cluster.workerPids()).hasSize(status.get("desiredWorkers").asInt());
			load.assertNoFailure();
		}
	}

	@Test
	void oneWorkerIsDrainedUndrainedRestartedAndKilled() {
		try (ClusterProcess cluster = external().start().awaitServing(); Load load = Load.reading(cluster, "/", 2)) {
			long first = cluster.pidOfSlot(1);
			assertThat(done(cluster, "/1", "{\"action\":\"drain\"}")).contains("only 1 of 2 workers are in rotation");
			assertThat(cluster.slot(1).get("state").asString()).isEqualTo("DRAINED");
			cluster.await("what it had to be answered", () -> cluster.slot(1).get("inFlight").asInt() == 0);
			long requests = cluster.slot(1).get("requests").asLong();
			long other = cluster.slot(2).get("requests").asLong();
			cluster.await("the other one to serve", () -> cluster.slot(2).get("requests").asLong() > other + 20);
			assertThat(cluster.slot(1).get("requests").asLong()).isEqualTo(requests);
			assertThat(cluster.slot(1).get("pid").asLong()).isEqualTo(first);
			assertThat(done(cluster, "/1", "{\"action\":\"undrain\"}")).contains("2 of 2 workers are in rotation");
			cluster.await("it to serve again", () -> cluster.slot(1).get("requests").asLong() > requests);

			assertThat(done(cluster, "/1", "{\"action\":\"restart\",\"wait\":true}"))
				.contains("Slot 1 has a new worker");
			assertThat(cluster.slot(1).get("id").asLong()).isEqualTo(3);
			assertThat(cluster.slot(1).get("restarts").asInt()).isZero();

			assertThat(done(cluster, "/3", "{\"action\":\"kill\",\"wait\":true}")).contains("is gone");
			JsonNode replaced = cluster.awaitReady(1, 0);
			assertThat(replaced.get("lastExit").get("signal").asString()).isEqualTo("SIGKILL");
			assertThat(replaced.get("lastExit").get("expected").asBoolean()).isTrue();
			load.assertNoFailure();
		}
	}

	@Test
	void workersAreRecycledOneAfterTheOtherWithoutAFailedRequest() {
		try (ClusterProcess cluster = external().property("cluster.worker.max-requests", "150")
			.property("cluster.restart.stable-after", "1s")
			.property("cluster.worker.max-lifetime", "1h")
			.start()
			.awaitServing(); Load load = Load.reading(cluster, "/", 2)) {
			cluster.await("both workers to be recycled", () -> {
				JsonNode status = cluster.status();
				assertThat(status.get("workers").size()).as("one slot at a time: %s", status).isLessThanOrEqualTo(3);
				assertThat(readyWorkers(status)).as("capacity: %s", status).isEqualTo(2);
				cluster.workerPids();
				return cluster.slot(1).get("id").asLong() > 2 && cluster.slot(2).get("id").asLong() > 2;
			});
			cluster.awaitOutput("is recycled: it has had", "(cluster.worker.max-requests)");
			load.assertNoFailure();
		}
	}

	@Test
	void workerThatTakesTooMuchMemoryIsRecycled() {
		try (ClusterProcess cluster = external().property("cluster.workers", "1")
			.property("cluster.worker.max-memory", "5MB")
			.property("cluster.restart.stable-after", "0s")
			.start()
			.awaitServing()) {
			cluster.awaitSlot(1, (worker) -> worker.get("id").asLong() > 1);
			cluster.awaitOutput("(cluster.worker.max-memory)");
			assertThat(cluster.slot(1).get("restarts").asInt()).isZero();
		}
	}

	@Test
	void killedWorkerIsReplacedWithinAMoment() {
		try (ClusterProcess cluster = ClusterProcess.of(Program.TINY, this.directory).start().awaitServing()) {
			long killed = cluster.pidOfSlot(1);
			Instant before = Instant.now();
			ClusterProcess.signal("KILL", killed);
			JsonNode next = cluster.awaitSlot(1, (worker) -> worker.get("restarts").asInt() == 1);
			Duration noticed = Duration.between(before, Instant.parse(next.get("lastExit").get("at").asString()));
			Duration spawned = Duration.between(before, Instant.parse(next.get("startedAt").asString()));
			System.out.printf(
					"kill -9 of an application's worker: known after %d ms, replacement spawned after %d ms%n",
					noticed.toMillis(), spawned.toMillis());
			assertThat(spawned).isLessThan(REPLACED_WITHIN);
		}
	}

	@Test
	void commandsAreNotTakenUnlessAllowed() {
		try (ClusterProcess cluster = external().without("management.endpoint.cluster.access").start().awaitServing()) {
			assertThat(cluster.command("", "{\"action\":\"reload\"}").statusCode()).isIn(404, 405);
			assertThat(cluster.command("/1", "{\"action\":\"kill\"}").statusCode()).isIn(404, 405);
			assertThat(cluster.status().get("state").asString()).isEqualTo("RUNNING");
			assertThat(cluster.slot(1).get("id").asLong()).isEqualTo(1);
		}
	}

	@Test
	void commandsThatMakeNoSenseAreRefusedWithAReason() {
		try (ClusterProcess cluster = external().start().awaitServing()) {
			assertRefused(cluster.command("", "{\"action\":\"explode\"}"), 400,
					"'action' is 'explode', but must be one of 'reload', 'scale'");
			assertRefused(cluster.command("", "{}"), 400, "action");
			assertRefused(cluster.command("", "{\"action\":\"scale\"}"), 400, "'workers' is missing");
			assertRefused(cluster.command("", "{\"action\":\"scale\",\"workers\":0}"), 400, "from 1 to 1024, not 0");
			assertRefused(cluster.command("", "{\"action\":\"scale\",\"workers\":\"many\"}"), 400,
					"'workers' is 'many', but must be a whole number");
			assertRefused(cluster.command("", "{\"action\":\"reload\",\"wait\":\"yes\"}"), 400, "true or false");
			assertRefused(cluster.command("", "{\"action\":\"reload\",\"workers\":2}"), 400, "scale");
			assertRefused(cluster.command("", "[1]"), 400, "");
			assertRefused(cluster.command("", "not JSON"), 400, "");
			assertRefused(cluster.command("/99", "{\"action\":\"restart\"}"), 404, "no live worker 99");
			assertRefused(cluster.command("/0", "{\"action\":\"restart\"}"), 400, "start at 1");
			assertRefused(cluster.command("/x", "{\"action\":\"restart\"}"), 400, "");
			assertRefused(cluster.command("/1", "{\"action\":\"undrain\"}"), 409, "is not drained, but READY");
			assertRefused(cluster.command("", " ".repeat(20_000) + "{}"), 413, "at most");
			assertRefused(cluster.command("?action=reload", ""), 400, "nothing in the query");
			assertRefused(post(cluster, "application/x-www-form-urlencoded", null, "action=reload"), 415, "");
			assertRefused(post(cluster, "text/plain", null, "{\"action\":\"reload\"}"), 415, "");
			assertRefused(post(cluster, "application/json", "https://evil.test", "{\"action\":\"reload\"}"), 403,
					"another origin");
			assertRefused(post(cluster, "application/json", "null", "{\"action\":\"reload\"}"), 403, "another origin");
			assertThat(post(cluster, "application/json", cluster.uri("").toString(),
					"{\"action\":\"scale\",\"workers\":2}")
				.statusCode()).isEqualTo(200);
			assertThat(cluster.status().get("generation").asInt()).isEqualTo(1);
			assertThat(cluster.status().has("reload")).isFalse();
			cluster.awaitOutput("(by HTTP request from 127.0.0.1) refused",
					"refused (HTTP request from 127.0.0.1, origin https://evil.test)");
		}
	}

	@Test
	void pidFileIsThereWhileTheClusterIs() throws IOException, InterruptedException {
		Path file = this.directory.resolve("cluster.pid");
		try (ClusterProcess cluster = external().property("cluster.pid-file", file.toString()).start().awaitServing()) {
			assertThat(Files.readString(file)).isEqualTo(cluster.pid() + "\n");
			cluster.signal("TERM");
			assertThat(cluster.awaitExit(Duration.ofSeconds(30))).isZero();
			assertThat(file).doesNotExist();
		}
	}

	private static String done(ClusterProcess cluster, String path, String json) {
		HttpResponse<String> answer = cluster.command(path, json);
		assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
		return answer.body();
	}

	private static HttpResponse<String> post(ClusterProcess cluster, String type, String origin, String body) {
		HttpRequest.Builder request = HttpRequest.newBuilder(cluster.uri("/actuator/cluster"))
			.header("Content-Type", type)
			.POST(BodyPublishers.ofString(body));
		if (origin != null) {
			request.header("Origin", origin);
		}
		return cluster.send(request.build());
	}

	private static void assertRefused(HttpResponse<String> answer, int status, String reason) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
		assertThat(answer.body()).contains(reason);
	}

	private static long readyWorkers(JsonNode status) {
		return status.get("workers")
			.valueStream()
			.filter((worker) -> worker.get("state").asString().equals("READY"))
			.count();
	}

	private ClusterProcess.Builder external() {
		return ClusterProcess.of(Program.TINY, this.directory)
			.without("spring.profiles.active")
			.without("cluster.worker.jvm-args")
			.property("cluster.worker.command", Program.HTTP_PROGRAM)
			.property("management.endpoint.cluster.access", "unrestricted");
	}

}

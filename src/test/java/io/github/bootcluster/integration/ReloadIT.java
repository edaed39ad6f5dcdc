package io.github.bootcluster.integration;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Reloads of real clusters, most of them under load. */
class ReloadIT {

	private static final int RELOADS = Integer.getInteger("cluster.test.reloads", 2);

	private static final JsonMapper JSON = JsonMapper.builder().build();

	@TempDir
	Path directory;

	@Test
	void reloadsFailNoRequestAndLoseNoSession() {
		try (ClusterProcess cluster = tiny().start().awaitServing();
				Load load = Load.readingAndCounting(cluster, "/who", 2)) {
			for (int reload = 1; reload <= RELOADS; reload++) {
				List<Long> before = pids(cluster);
				HttpResponse<String> answer = cluster.command("", "{\"action\":\"reload\",\"wait\":true}");
				assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
				assertThat(pids(cluster)).hasSize(2).doesNotContainAnyElementsOf(before);
				JsonNode status = cluster.status();
				assertThat(status.get("state").asString()).isEqualTo("RUNNING");
				assertThat(status.get("generation").asInt()).isEqualTo(1 + reload);
				cluster.workerPids();
			}
			load.assertNoFailure();
			System.out.printf("reloads of a cluster: %d reloads, %d requests, 0 failed, %s retries%n", RELOADS,
					load.answered(), cluster.status().get("dispatcher").get("retries"));
		}
	}

	@Test
	void newGenerationThatDoesNotStartLeavesTheOldOneInService() throws IOException {
		Path settings = Files.createFile(this.directory.resolve("settings.properties"));
		try (ClusterProcess cluster = tiny().property("spring.config.import", "file:" + settings)
			.start()
			.awaitServing(); Load load = Load.readingAndCounting(cluster, "/who", 1)) {
			List<Long> before = pids(cluster);
			Files.writeString(settings, "tiny.fail-at-start=wrong password for the flux compensator\n");
			HttpResponse<String> answer = cluster.command("", "{\"action\":\"reload\",\"wait\":true}");
			assertThat(answer.statusCode()).isEqualTo(500);
			JsonNode failed = JSON.readTree(answer.body());
			assertThat(failed.get("outcome").asString()).isEqualTo("FAILED");
			assertThat(failed.get("message").asString()).contains("did not get ready: exited with status 1",
					"Generation 1 serves");
			assertThat(failed.get("output").toString()).contains("wrong password for the flux compensator");
			assertThat(pids(cluster)).isEqualTo(before);
			JsonNode status = cluster.status();
			assertThat(status.get("state").asString()).isEqualTo("RUNNING");
			assertThat(status.get("generation").asInt()).isEqualTo(1);
			assertThat(status.get("reload").get("state").asString()).isEqualTo("FAILED");
			assertThat(status.get("reload").get("output").toString()).contains("flux compensator");
			cluster.awaitOutput("did not get ready: exited with status 1");

			Files.writeString(settings, "");
			assertThat(cluster.command("", "{\"action\":\"reload\",\"wait\":true}").statusCode()).isEqualTo(200);
			assertThat(cluster.status().get("generation").asInt()).isEqualTo(3);
			load.assertNoFailure();
		}
	}

	@Test
	void newWorkerThatIsNotReadyInTimeStopsTheReload() throws IOException {
		try (ClusterProcess cluster = external("test -e stuck && exec sleep 100;")
			.property("cluster.worker.start-timeout", "10s")
			.start()
			.awaitServing(); Load load = Load.reading(cluster, "/", 1)) {
			List<Long> before = pids(cluster);
			Files.createFile(this.directory.resolve("stuck"));
			HttpResponse<String> answer = cluster.command("", "{\"action\":\"reload\",\"wait\":true}");
			assertThat(answer.statusCode()).isEqualTo(500);
			assertThat(answer.body()).contains("not ready within 10.0 s");
			assertThat(pids(cluster)).isEqualTo(before);
			load.assertNoFailure();
		}
	}

	@Test
	void slotsThatWereReplacedGoBackWhenALaterOneFails() {
		try (ClusterProcess cluster = external("sleep 2;")
			// The answer of a command may take longer than that of a worker.
			.property("cluster.dispatch.response-timeout", "3s")
			.start()
			.awaitServing(); Load load = Load.reading(cluster, "/", 2)) {
			CompletableFuture<HttpResponse<String>> reload = ClusterProcess
				.async(() -> cluster.command("", "{\"action\":\"reload\",\"wait\":true}"));
			JsonNode incoming = awaitIncoming(cluster, 2);
			assertThat(cluster.slot(1).get("generation").asInt()).isEqualTo(2);
			HttpResponse<String> second = cluster.command("", "{\"action\":\"reload\"}");
			assertThat(second.statusCode()).isEqualTo(409);
			assertThat(second.body()).contains("A reload is under way");
			ClusterProcess.signal("KILL", incoming.get("pid").asLong());
			HttpResponse<String> answer = reload.join();
			assertThat(answer.statusCode()).isEqualTo(500);
			assertThat(answer.body()).contains("ended by SIGKILL");
			assertThat(cluster.slot(1).get("generation").asInt()).isEqualTo(1);
			assertThat(cluster.slot(2).get("generation").asInt()).isEqualTo(1);
			assertThat(cluster.status().get("state").asString()).isEqualTo("RUNNING");
			assertThat(cluster.status().get("workers")).hasSize(2);
			load.assertNoFailure();
		}
	}

	@Test
	void oldWorkerFinishesWhatItHasWhileTheNewOneServes() {
		try (ClusterProcess cluster = external("").property("cluster.workers", "1").start().awaitServing()) {
			long old = cluster.pidOfSlot(1);
			CompletableFuture<String> slow = ClusterProcess.async(() -> cluster.get("/slow?8000").body());
			cluster.await("the request to be in flight", () -> cluster.slot(1).get("inFlight").asInt() == 1);
			cluster.signal("HUP");
			cluster.await("the old worker to leave", () -> cluster.slot(1).get("pid").asLong() != old);
			assertThat(cluster.get("/").body()).isEqualTo(Long.toString(cluster.pidOfSlot(1)));
			assertThat(cluster.status().get("workers")).hasSize(2);
			assertThat(slow).isNotDone();
			assertThat(slow.join()).isEqualTo("done");
			cluster.await("the reload to end", () -> cluster.status().get("state").asString().equals("RUNNING"));
			assertThat(cluster.status().get("reload").get("source").asString()).isEqualTo("SIGHUP");
			assertThat(cluster.status().get("workers")).hasSize(1);
		}
	}

	@Test
	void stopDuringAReloadEndsAll() throws InterruptedException {
		try (ClusterProcess cluster = tiny().start().awaitServing()) {
			CompletableFuture<HttpResponse<String>> reload = ClusterProcess
				.async(() -> cluster.command("", "{\"action\":\"reload\",\"wait\":true}"));
			awaitIncoming(cluster, 1);
			cluster.signal("TERM");
			assertThat(reload.join().body()).contains("failed: the cluster was stopped.");
			assertThat(cluster.awaitExit(Duration.ofSeconds(60))).isZero();
			assertThat(cluster.survivors()).isEmpty();
		}
	}

	/** The worker that starts beside the one of a slot. */
	private static JsonNode awaitIncoming(ClusterProcess cluster, int slot) {
		cluster.await("a second worker in slot " + slot, () -> incoming(cluster, slot) != null);
		cluster.workerPids();
		return incoming(cluster, slot);
	}

	private static JsonNode incoming(ClusterProcess cluster, int slot) {
		return cluster.status()
			.get("workers")
			.valueStream()
			.filter((worker) -> worker.get("slot").asInt() == slot && worker.get("state").asString().equals("STARTING"))
			.findFirst()
			.orElse(null);
	}

	private static List<Long> pids(ClusterProcess cluster) {
		return cluster.status().get("workers").valueStream().map((worker) -> worker.get("pid").asLong()).toList();
	}

	/** A program that starts within a moment, after what a shell does first. */
	private ClusterProcess.Builder external(String first) {
		return ClusterProcess.of(Program.TINY, this.directory)
			.without("spring.profiles.active")
			.without("cluster.worker.jvm-args")
			.property("cluster.worker.command", "sh -c '%s exec %s'".formatted(first, Program.HTTP_PROGRAM))
			.property("management.endpoint.cluster.access", "unrestricted");
	}

	private ClusterProcess.Builder tiny() {
		return ClusterProcess.of(Program.TINY, this.directory)
			.property("cluster.dispatch.queue-timeout", "30s")
			.property("management.endpoint.cluster.access", "unrestricted");
	}

}

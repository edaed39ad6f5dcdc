package io.github.bootcluster.integration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Workers that stand by and workers that are warmed up, as real processes. */
class StandbyIT {

	private static final int KILLS = Integer.getInteger("cluster.test.kills", 3);

	private static final int REQUESTS = 1000;

	private static final int WARM_UPS = 3;

	@TempDir
	Path directory;

	@Test
	void standbyStepsInForAKilledWorkerAndNoRequestFails() {
		try (ClusterProcess cluster = external().property("cluster.standby", "1")
			.property("cluster.restart.stable-after", "0s")
			.start()
			.awaitServing(); Load load = Load.reading(cluster, "/", 4)) {
			long slowest = 0;
			for (int kill = 0; kill < KILLS; kill++) {
				int slot = 1 + kill % 2;
				JsonNode standby = cluster.awaitStandby(0);
				long killed = cluster.pidOfSlot(slot);
				int answered = load.answered();
				cluster.await("requests", () -> load.answered() > answered);
				ClusterProcess.signal("KILL", killed);
				JsonNode successor = cluster.awaitReady(slot, killed);
				assertThat(successor.get("pid")).as("the one that stood by").isEqualTo(standby.get("pid"));
				assertThat(successor.get("startedAt")).isEqualTo(standby.get("startedAt"));
				assertThat(successor.get("lastExit").get("signal").asString()).isEqualTo("SIGKILL");
				cluster.awaitStandby(standby.get("pid").asLong());
				slowest = Math.max(slowest, stepInTime(cluster, standby.get("id").asLong()).toMillis());
				cluster.awaitOutput("worker-" + slot + " | HTTP program", "standby | HTTP program");
			}
			cluster.await("enough requests", () -> load.answered() >= REQUESTS);
			JsonNode status = cluster.status();
			assertThat(status.get("state").asString()).isEqualTo("RUNNING");
			assertThat(status.get("desiredWorkers").asInt()).isEqualTo(2);
			load.assertNoFailure();
			System.out.printf(
					"standbys that step in, %d ms after the exit at most: %d kills, %d GET, 0 failed, %s retries%n",
					slowest, KILLS, load.answered(), status.get("dispatcher").get("retries"));
		}
	}

	@Test
	void freshWorkerGetsItsWarmUpBeforeTheFirstRequestOfAClient() {
		try (ClusterProcess cluster = external().property("cluster.workers", "1")
			.property("cluster.worker.warm-up.paths", "/a,/b?c=d")
			.property("cluster.worker.warm-up.requests", Integer.toString(WARM_UPS))
			.start()
			.awaitServing(); Load load = Load.reading(cluster, "/client", 2)) {
			cluster.await("requests of clients", () -> load.answered() > 0);
			assertWarmedUpFirst(cluster);
			long killed = cluster.pidOfSlot(1);
			ClusterProcess.signal("KILL", killed);
			cluster.awaitReady(1, killed);
			int answered = load.answered();
			cluster.await("requests of clients", () -> load.answered() > answered);
			assertWarmedUpFirst(cluster);
			load.assertNoFailure();
		}
	}

	@Test
	void sameApplicationStandsByWarmWithALogFileOfItsOwn() {
		try (ClusterProcess cluster = ClusterProcess.of(Program.TINY, this.directory)
			.property("cluster.workers", "1")
			.property("cluster.standby", "1")
			.property("cluster.worker.warm-up.paths", "/who,/nowhere")
			.property("cluster.worker.warm-up.requests", Integer.toString(WARM_UPS))
			.property("logging.file.name", this.directory.resolve("app.log").toString())
			.start()
			.awaitServing()) {
			JsonNode standby = cluster.awaitStandby(0);
			assertThat(cluster.outputLines())
				.filteredOn((line) -> line.contains("warmed up with " + 2 * WARM_UPS + " requests in "))
				.hasSize(2);
			assertThat(cluster.outputLines()).filteredOn((line) -> line.contains("Warm-up: "))
				.singleElement()
				.asString()
				.contains("GET /nowhere was answered with 404");
			assertThat(this.directory).isDirectoryContaining("glob:**/app-worker-1.log")
				.isDirectoryContaining("glob:**/app-worker-2.log");
			long killed = cluster.pidOfSlot(1);
			ClusterProcess.signal("KILL", killed);
			assertThat(cluster.awaitReady(1, killed).get("pid")).isEqualTo(standby.get("pid"));
			assertThat(cluster.json("/who").get("pid")).isEqualTo(standby.get("pid"));
			cluster.get("/print?text=here-I-am");
			cluster.await("its output", () -> cluster.output().contains("worker-1 | here-I-am"));
			cluster.awaitStandby(standby.get("pid").asLong());
			assertThat(Files.exists(this.directory.resolve("app-worker-3.log"))).as("number 1 is free again").isFalse();
		}
	}

	private ClusterProcess.Builder external() {
		return ClusterProcess.of(Program.TINY, this.directory)
			.without("spring.profiles.active")
			.without("cluster.worker.jvm-args")
			.property("cluster.worker.command", Program.HTTP_PROGRAM);
	}

	private static void assertWarmedUpFirst(ClusterProcess cluster) {
		List<String> seen = cluster.getDirectly(cluster.slot(1).get("port").asInt(), "/seen").lines().toList();
		List<String> warmUp = seen.subList(0, 2 * WARM_UPS);
		assertThat(warmUp.subList(0, 2)).containsExactly("/a boot-cluster warm-up", "/b?c=d boot-cluster warm-up");
		assertThat(warmUp).allMatch((line) -> line.endsWith(" boot-cluster warm-up"));
		assertThat(seen.subList(2 * WARM_UPS, seen.size())).isNotEmpty()
			.allMatch((line) -> line.startsWith("/client "));
	}

	/** From the line that tells of an exit to that of the one who steps in for it. */
	private static Duration stepInTime(ClusterProcess cluster, long worker) {
		List<String> lines = cluster.outputLines();
		String stepIn = lines.stream()
			.filter((line) -> line.matches(".* Worker %d \\(slot \\d, .* steps in for worker \\d+".formatted(worker)))
			.findFirst()
			.orElseThrow(() -> new AssertionError(cluster.output()));
		String lost = stepIn.substring(stepIn.lastIndexOf(' ') + 1);
		String exit = lines.stream()
			.filter((line) -> line.matches(".* Worker %s \\(.* died after .*".formatted(lost)))
			.findFirst()
			.orElseThrow(() -> new AssertionError(cluster.output()));
		return Duration.between(time(exit), time(stepIn));
	}

	private static OffsetDateTime time(String line) {
		return OffsetDateTime.parse(line.substring(0, line.indexOf(' ')));
	}

}

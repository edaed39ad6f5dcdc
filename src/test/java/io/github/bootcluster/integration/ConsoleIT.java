package io.github.bootcluster.integration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of what the processes of a cluster write. */
class ConsoleIT {

	private static final Pattern NOTICE = Pattern
		.compile("worker-1 \\| \\.\\.\\. (\\d+) lines were not written: the console does not keep up");

	@TempDir
	Path directory;

	@Test
	void consoleNobodyReadsStopsNeitherAFloodingWorkerNorItsPeersNorTheLauncher() throws Exception {
		try (ClusterProcess cluster = ClusterProcess.of(Program.TINY, this.directory)
			.without("spring.profiles.active")
			.without("cluster.worker.jvm-args")
			.property("cluster.worker.command", Program.HTTP_PROGRAM)
			.start()
			.awaitServing()) {
			JsonNode worker = cluster.slot(1);
			long peer = cluster.pidOfSlot(2);
			cluster.holdOutput();
			CompletableFuture<String> flood = ClusterProcess
				.async(() -> cluster.getDirectly(worker.get("port").asInt(), "/flood?3000"));
			Set<String> answers = new HashSet<>();
			cluster.await("an answer of each worker", () -> {
				answers.add(cluster.get("/").body());
				return answers.size() == 2;
			});
			ClusterProcess.signal("KILL", peer);
			cluster.awaitReady(2, peer);
			long lines = Long.parseLong(flood.get());
			assertThat(cluster.pidOfSlot(1)).isEqualTo(worker.get("pid").asLong());
			cluster.await("the last line to be kept",
					() -> lastLine(cluster).startsWith("flood line %09d ".formatted(lines)));
			assertThat(cluster.output()).doesNotContain("flood line");
			cluster.goOnWithOutput();
			cluster.awaitOutput("lines were not written");
			List<String> output = cluster.outputLines();
			long written = output.stream().filter((line) -> line.startsWith("worker-1 | flood line ")).count();
			long missing = output.stream()
				.map(NOTICE::matcher)
				.filter(Matcher::matches)
				.mapToLong((notice) -> Long.parseLong(notice.group(1)))
				.sum();
			System.out.printf("flood of a console nobody reads: %d lines in 3 s, %d written later, %d told of%n", lines,
					written, missing);
			assertThat(written).isGreaterThan(1000);
			assertThat(written + missing).isEqualTo(lines);
			// What the launcher said meanwhile was not pushed out.
			cluster.awaitOutput("Worker 2 (slot 2, pid %d) died".formatted(peer));
			cluster.signal("TERM");
			assertThat(cluster.awaitExit(Duration.ofSeconds(30))).isZero();
			assertThat(cluster.outputLines()).last().asString().endsWith(": Stopped");
		}
	}

	@Test
	void structuredLogsAreOneObjectALineThatTellsItsWorker() throws Exception {
		try (ClusterProcess cluster = ClusterProcess.of(Program.TINY, this.directory)
			.property("logging.structured.format.console", "logstash")
			.property("logging.structured.json.add.team", "blue")
			// Started from a class path, the launcher's JVM would warn past the launcher.
			.jvmArgument("--enable-native-access=ALL-UNNAMED")
			// So it would of an archive that was made without that argument.
			.withoutArchives()
			.start()
			.awaitServing()) {
			assertThat(cluster.get("/print?text=printed").statusCode()).isEqualTo(200);
			assertThat(cluster.get("/exit?status=no-number").statusCode()).isEqualTo(400);
			cluster.awaitOutput("printed (error)");
			ClusterProcess.signal("QUIT", cluster.pidOfSlot(2));
			cluster.awaitOutput("Full thread dump");
			cluster.signal("TERM");
			assertThat(cluster.awaitExit(Duration.ofSeconds(30))).isZero();
			List<JsonNode> entries = cluster.outputLines().stream().map(JsonMapper.shared()::readTree).toList();
			assertThat(entries).allSatisfy(
					(entry) -> assertThat(entry.at("/boot_cluster/role").asString()).isIn("launcher", "worker"));
			for (int slot = 1; slot <= 2; slot++) {
				String own = "{\"role\":\"worker\",\"worker\":{\"id\":%1$d,\"slot\":%1$d,\"generation\":1}}"
					.formatted(slot);
				assertThat(entries).anySatisfy((entry) -> {
					assertThat(entry.get("message").asString()).startsWith("Started TinyApplication");
					assertThat(entry.get("team").asString()).isEqualTo("blue");
					assertThat(entry.get("boot_cluster").toString()).isEqualTo(own);
				});
			}
			assertThat(entries).extracting((entry) -> entry.get("message").asString())
				.contains("printed", "printed (error)", "Stopped")
				.anySatisfy((message) -> assertThat(message).startsWith("\"cluster-heartbeat\" ").contains("\n\tat "));
		}
	}

	@Test
	void reasonOfAFailedStartIsWrittenToTheEnd() throws Exception {
		try (ClusterProcess cluster = ClusterProcess.of(Program.TINY, this.directory)
			.property("tiny.fail-at-start", "the moon is in the seventh house")
			.start()) {
			assertThat(cluster.awaitExit(ClusterProcess.PATIENCE)).isEqualTo(1);
			assertThat(cluster.output()).contains("worker-1 | ", "the moon is in the seventh house", "Action:")
				.containsPattern("without the profile 'launcher'\\.\\s*$");
		}
	}

	private static String lastLine(ClusterProcess cluster) {
		JsonNode output = cluster.json("/actuator/cluster/1").get("output");
		return output.isEmpty() ? "" : output.get(output.size() - 1).asString();
	}

}

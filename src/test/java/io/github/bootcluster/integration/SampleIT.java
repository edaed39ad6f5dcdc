package io.github.bootcluster.integration;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The sample from its runnable jar, with no setting of its own beyond a free port. */
class SampleIT {

	@TempDir
	static Path directory;

	private static ClusterProcess cluster;

	@BeforeAll
	static void start() {
		cluster = ClusterProcess.of(Program.SAMPLE_JAR, directory).start().awaitServing();
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	void bannerTellsUrlPidsTimeAndWhereToLook() {
		String output = cluster.output();
		assertThat(output).containsPattern("2 of 2 workers serve http://localhost:\\d+/ after \\d+\\.\\d s")
			.contains("pid " + cluster.pidOfSlot(1) + ", " + cluster.pidOfSlot(2))
			.contains("/actuator/cluster")
			.contains("kill " + cluster.pid());
	}

	@Test
	void helloIsAnsweredByTheWorkersInTurnOverOneConnection() {
		List<String> answers = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			answers.add(cluster.get("/hello").body());
		}
		Set<String> distinct = new HashSet<>(answers);
		assertThat(distinct).containsExactlyInAnyOrder("Hello from " + cluster.pidOfSlot(1) + "\n",
				"Hello from " + cluster.pidOfSlot(2) + "\n");
		for (int i = 1; i < answers.size(); i++) {
			assertThat(answers.get(i)).isNotEqualTo(answers.get(i - 1));
		}
		assertThat(cluster.status().get("dispatcher").get("connections").asInt()).isEqualTo(1);
	}

	@Test
	void helloBurnsLoopsWhenAsked() {
		assertThat(cluster.get("/hello?loops=1000000").body()).startsWith("Hello from ");
		assertThat(cluster.get("/hello?loops=x").statusCode()).isEqualTo(400);
	}

	@Test
	void statusHasTheFieldsOfTheContract() {
		JsonNode status = cluster.status();
		assertThat(status.propertyNames()).contains("state", "policy", "generation", "desiredWorkers", "version",
				"launcher", "dispatcher", "sessionStore", "workers");
		assertThat(status.get("state").asString()).isEqualTo("RUNNING");
		assertThat(status.get("policy").asString()).isEqualTo("round-robin");
		assertThat(status.get("desiredWorkers").asInt()).isEqualTo(2);
		assertThat(status.get("launcher").get("pid").asLong()).isEqualTo(cluster.pid());
		assertThat(status.get("launcher").get("javaVersion").asString()).isEqualTo(System.getProperty("java.version"));
		assertThat(status.get("dispatcher").get("port").asInt()).isEqualTo(cluster.port());
		assertThat(status.get("dispatcher").propertyNames()).contains("connections", "inFlight", "queued", "requests",
				"retries", "failures");
		assertThat(status.get("sessionStore").get("type").asString()).isEqualTo("embedded-h2");
		assertThat(status.get("workers")).hasSize(2);
		JsonNode worker = status.get("workers").get(0);
		assertThat(worker.propertyNames()).contains("id", "slot", "generation", "pid", "port", "state", "startedAt",
				"restarts", "inFlight", "requests", "failures", "heartbeatAt");
		assertThat(cluster.workerPids()).containsExactlyInAnyOrder(cluster.pidOfSlot(1), cluster.pidOfSlot(2));
	}

	@Test
	void workerIsShownWithItsLastLines() {
		JsonNode worker = cluster.json("/actuator/cluster/" + cluster.slot(1).get("id").asLong());
		assertThat(worker.get("pid").asLong()).isEqualTo(cluster.pidOfSlot(1));
		assertThat(worker.get("output").toString()).contains("Started SampleApplication");
	}

	@Test
	void unknownWorkerIsNotFoundAndNonsenseIsABadRequest() {
		assertThat(cluster.get("/actuator/cluster/4711").statusCode()).isEqualTo(404);
		assertThat(cluster.get("/actuator/cluster/0").statusCode()).isEqualTo(400);
		assertThat(cluster.get("/actuator/cluster/first").statusCode()).isEqualTo(400);
	}

	@Test
	void healthHasAClusterComponent() {
		JsonNode health = cluster.json("/actuator/health");
		assertThat(health.get("status").asString()).isEqualTo("UP");
		assertThat(health.get("components").get("cluster").get("status").asString()).isEqualTo("UP");
		assertThat(health.get("components").get("sessionStore").toString()).contains("UP", "embedded-h2");
	}

	@Test
	void actuatorOfTheWorkersCannotBeReached() {
		// Disguised so that the dispatcher does not take the path for the launcher's.
		for (String path : List.of("/%61ctuator/health", "/x/..;/actuator/health", "/actuator;x/health",
				"//actuator/health")) {
			assertThat(cluster.get(path).statusCode()).as(path).isIn(400, 404);
		}
	}

	@Test
	void everyLineOfAWorkerTellsItsWorker() {
		assertThat(cluster.outputLines()).filteredOn((line) -> line.contains("Started SampleApplication"))
			.hasSize(2)
			.allMatch((line) -> line.matches("worker-[12] \\| .*"));
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void noSecretIsOnACommandLineOrInTheOutput() throws Exception {
		String environment = Files.readString(Path.of("/proc", Long.toString(cluster.pidOfSlot(1)), "environ"),
				StandardCharsets.ISO_8859_1);
		String credential = environment.replaceFirst("(?s).*BOOT_CLUSTER_CREDENTIAL=([0-9a-f]+).*", "$1");
		assertThat(credential).matches("[0-9a-f]{32}");
		String secret = Files.readString(directory.resolve("home/session-store.secret")).trim();
		for (long pid : List.of(cluster.pid(), cluster.pidOfSlot(1), cluster.pidOfSlot(2))) {
			String commandLine = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"),
					StandardCharsets.ISO_8859_1);
			assertThat(commandLine).doesNotContain(credential, secret, "jdbc:", "password");
		}
		assertThat(cluster.output()).doesNotContain(credential, secret, "jdbc:h2:tcp");
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void workersAndStoreListenOnLoopbackOnly() throws Exception {
		int listeners = 0;
		for (long pid : List.of(cluster.pid(), cluster.pidOfSlot(1), cluster.pidOfSlot(2))) {
			Set<String> sockets = socketsOf(pid);
			for (String table : List.of("tcp", "tcp6")) {
				for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "net", table))) {
					String[] fields = line.trim().split("\\s+");
					if (fields.length > 9 && fields[3].equals("0A") && sockets.contains("socket:[" + fields[9] + "]")) {
						// 127.0.0.1, also when mapped into IPv6, as the kernel prints it.
						assertThat(fields[1]).as("listener of " + pid).contains("0100007F:");
						listeners++;
					}
				}
			}
		}
		// The public port, the launcher's own server, the session store; a worker each.
		assertThat(listeners).isEqualTo(5);
	}

	private static Set<String> socketsOf(long pid) throws Exception {
		Set<String> sockets = new HashSet<>();
		try (var descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
			for (Path descriptor : descriptors.toList()) {
				if (Files.isSymbolicLink(descriptor)) {
					sockets.add(Files.readSymbolicLink(descriptor).toString());
				}
			}
		}
		return sockets;
	}

}

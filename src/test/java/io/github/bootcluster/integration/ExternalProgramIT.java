package io.github.bootcluster.integration;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Workers that are not this application, nor know of any cluster. */
class ExternalProgramIT {

	private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	private static final int CLIENTS = 4;

	private static final int KILLS = 4;

	private static final int REQUESTS = 2000;

	@TempDir
	Path directory;

	@Test
	void nodeServerIsServedByItsProcessesInTurn() throws Exception {
		Installed.require("node", ExternalProgramIT.class);
		Files.writeString(this.directory.resolve("server.js"), """
				require('http').createServer((request, response) => response.end(String(process.pid)))
				    .listen(process.env.PORT, '127.0.0.1');
				""");
		try (ClusterProcess cluster = external(Program.SAMPLE_JAR, "node server.js")
			.property("spring.profiles.active", "launcher")
			.property("cluster.workers", "3")
			.property("management.endpoint.cluster.access", "unrestricted")
			.start()
			.awaitServing()) {
			assertAnsweredInTurn(cluster, "/", 3);
			long killed = cluster.pidOfSlot(2);
			ClusterProcess.signal("KILL", killed);
			cluster.awaitReady(2, killed);
			assertAnsweredInTurn(cluster, "/", 3);
			List<Long> before = cluster.workerPids();
			HttpResponse<String> reload = cluster.command("", "{\"action\":\"reload\",\"wait\":true}");
			assertThat(reload.statusCode()).as(reload.body()).isEqualTo(200);
			assertThat(cluster.workerPids()).hasSize(3).doesNotContainAnyElementsOf(before);
			assertAnsweredInTurn(cluster, "/", 3);
			assertStopsClean(cluster);
		}
	}

	@Test
	void commandAloneMakesALauncherAndTheProgramHearsOnlyOfItsPort() throws Exception {
		try (ClusterProcess cluster = external(Program.HTTP_PROGRAM).property("cluster.workers", "3")
			.property("cluster.worker.environment.COLOUR", "blue")
			.environment("JAVA_TOOL_OPTIONS", "-Dof.the=launcher")
			.start()
			.awaitServing()) {
			assertAnsweredInTurn(cluster, "/", 3);
			String environment = cluster.getDirectly(cluster.slot(1).get("port").asInt(), "/environment");
			assertThat(environment.lines()).contains("PORT=" + cluster.slot(1).get("port"), "COLOUR=blue",
					"PATH=" + System.getenv("PATH"));
			assertThat(environment).doesNotContain("CREDENTIAL", "BOOT_CLUSTER_SOCKET", "JAVA_TOOL_OPTIONS");
			JsonNode status = cluster.status();
			assertThat(status.get("sessionStore").get("type").asString()).isEqualTo("none");
			assertThat(status.get("state").asString()).isEqualTo("RUNNING");
			try (Stream<Path> files = Files.list(this.directory.resolve("home"))) {
				assertThat(files.map((file) -> file.getFileName().toString()))
					.containsExactlyInAnyOrder("launcher.lock", "control.sock", "worker-tmp");
			}
			String heartbeat = cluster.slot(1).get("heartbeatAt").asString();
			cluster.awaitSlot(1, (worker) -> !worker.get("heartbeatAt").asString().equals(heartbeat));
		}
	}

	@Test
	void noRequestFailsWhileProcessesAreKilled() {
		try (ClusterProcess cluster = external(Program.HTTP_PROGRAM).property("cluster.workers", "3")
			.property("cluster.restart.stable-after", "0s")
			.start()
			.awaitServing()) {
			AtomicBoolean enough = new AtomicBoolean();
			AtomicInteger answered = new AtomicInteger();
			ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
			List<CompletableFuture<Object>> clients = IntStream.range(0, CLIENTS)
				.mapToObj((number) -> ClusterProcess.async(() -> {
					while (!enough.get()) {
						HttpResponse<String> response = cluster.get("/");
						answered.incrementAndGet();
						if (response.statusCode() != 200 || !response.body().matches("\\d+")) {
							failures.add(response.statusCode() + " " + response.body());
						}
					}
					return null;
				}))
				.toList();
			try {
				for (int kill = 0; kill < KILLS; kill++) {
					int slot = 1 + kill % 3;
					long pid = cluster.awaitReady(slot, 0).get("pid").asLong();
					ClusterProcess.signal("KILL", pid);
					JsonNode replaced = cluster.awaitReady(slot, pid);
					assertThat(replaced.get("lastExit").get("signal").asString()).isEqualTo("SIGKILL");
				}
				cluster.await("enough requests", () -> answered.get() >= REQUESTS);
			}
			finally {
				enough.set(true);
			}
			clients.forEach(CompletableFuture::join);
			assertThat(failures).isEmpty();
			System.out.printf("kills of external programs: %d kills, %d GET, %s retries%n", KILLS, answered.get(),
					cluster.status().get("dispatcher").get("retries"));
		}
	}

	@Test
	void stopLetsRequestsFinishAndEndsTheProcesses() throws Exception {
		try (ClusterProcess cluster = external(Program.HTTP_PROGRAM).start().awaitServing()) {
			CompletableFuture<String> slow = ClusterProcess.async(() -> cluster.get("/slow?2000").body());
			cluster.await("the request to be in flight",
					() -> cluster.slot(1).get("inFlight").asInt() + cluster.slot(2).get("inFlight").asInt() == 1);
			assertStopsClean(cluster);
			assertThat(slow.get(30, TimeUnit.SECONDS)).isEqualTo("done");
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void launcherThatIsKilledTakesTheProcessesWithIt() {
		Installed.require("setpriv", ExternalProgramIT.class);
		try (ClusterProcess cluster = external(Program.HTTP_PROGRAM).start().awaitServing()) {
			assertThat(cluster.workerPids()).hasSize(2);
			cluster.signal("KILL");
			Awaitility.await("the workers to end")
				.atMost(Duration.ofSeconds(20))
				.pollInterval(Duration.ofMillis(20))
				.until(() -> cluster.survivors().isEmpty());
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void whatAProcessHasStartedEndsWithIt() throws Exception {
		Installed.require("setsid", ExternalProgramIT.class);
		// Not the shell's last command, so that it cannot take the shell's place.
		try (ClusterProcess cluster = externalList("sh", "-c", Program.HTTP_PROGRAM + "; echo ended").start()
			.awaitServing()) {
			assertThat(cluster.workerPids()).as("shells and servers").hasSize(4);
			long shell = cluster.pidOfSlot(1);
			long server = Long.parseLong(cluster.getDirectly(cluster.slot(1).get("port").asInt(), "/"));
			assertThat(server).isNotEqualTo(shell);
			ClusterProcess.signal("KILL", shell);
			cluster.awaitReady(1, shell);
			Awaitility.await("the server to end with its shell")
				.atMost(Duration.ofSeconds(10))
				.until(() -> !cluster.survivors().contains(server));
			cluster.awaitOutput("Process " + server + ", left behind by a worker's process " + shell);
			assertStopsClean(cluster);
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void ctrlCAtTheTerminalReachesTheLauncherOnly() throws Exception {
		Installed.require("setsid", ExternalProgramIT.class);
		try (ClusterProcess cluster = external(Program.HTTP_PROGRAM).start().awaitServing()) {
			for (long worker : cluster.workerPids()) {
				assertThat(processGroup(worker)).isEqualTo(worker).isNotEqualTo(processGroup(cluster.pid()));
			}
		}
	}

	@Test
	void readinessPathDecidesWhetherAProcessGetsRequests() throws Exception {
		Path first = this.directory.resolve("ready");
		try (ClusterProcess cluster = external(Program.HTTP_PROGRAM + " ready").property("cluster.workers", "1")
			.property("cluster.worker.readiness-path", "/ready")
			.property("cluster.worker.heartbeat-interval", "100ms")
			.property("cluster.dispatch.queue-timeout", "100ms")
			.start()) {
			cluster.await("the program to listen", () -> cluster.output().contains("HTTP program at port"));
			assertThat(cluster.output()).doesNotContain("is ready after");
			Files.createFile(first);
			cluster.awaitServing();
			assertThat(cluster.get("/").statusCode()).isEqualTo(200);
			long pid = cluster.pidOfSlot(1);
			Files.delete(first);
			cluster.awaitSlot(1, (worker) -> worker.get("state").asString().equals("PAUSED"));
			cluster.awaitOutput("failed 3 probes in a row: GET /ready at ");
			assertThat(cluster.output()).containsPattern("failed 3 probes in a row: GET /ready at .* with 503");
			assertThat(cluster.get("/").statusCode()).isEqualTo(503);
			Files.createFile(first);
			assertThat(cluster.awaitReady(1, 0).get("pid").asLong()).isEqualTo(pid);
			assertThat(cluster.get("/").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void processThatHangsIsOutOfRotationUntilItAnswersAgain() throws Exception {
		Files.createFile(this.directory.resolve("ready"));
		try (ClusterProcess cluster = external(Program.HTTP_PROGRAM + " ready")
			.property("cluster.worker.readiness-path", "/ready")
			.property("cluster.worker.heartbeat-interval", "100ms")
			.start()
			.awaitServing()) {
			long hung = cluster.pidOfSlot(1);
			ClusterProcess.signal("STOP", hung);
			try {
				cluster.awaitSlot(1, (worker) -> worker.get("state").asString().equals("PAUSED"));
				for (int i = 0; i < 10; i++) {
					assertThat(cluster.get("/").body()).isEqualTo(Long.toString(cluster.pidOfSlot(2)));
				}
			}
			finally {
				ClusterProcess.signal("CONT", hung);
			}
			assertThat(cluster.awaitReady(1, 0).get("pid").asLong()).isEqualTo(hung);
			assertAnsweredInTurn(cluster, "/", 2);
		}
	}

	@Test
	void processThatHangsForLongIsReplaced() throws Exception {
		Files.createFile(this.directory.resolve("ready"));
		try (ClusterProcess cluster = external(Program.HTTP_PROGRAM + " ready")
			.property("cluster.worker.readiness-path", "/ready")
			.property("cluster.worker.heartbeat-interval", "100ms")
			.property("cluster.worker.heartbeat-timeout", "6s")
			.start()
			.awaitServing()) {
			long hung = cluster.pidOfSlot(1);
			ClusterProcess.signal("STOP", hung);
			JsonNode replaced = cluster.awaitReady(1, hung);
			assertThat(replaced.get("lastExit").get("reason").asString()).contains("gave no sign of life for 6.0 s");
			assertThat(cluster.survivors()).doesNotContain(hung);
		}
	}

	@Test
	void processThatLivesButAnswersNoProbeIsAskedToEnd() throws Exception {
		Path ready = Files.createFile(this.directory.resolve("ready"));
		try (ClusterProcess cluster = external(Program.HTTP_PROGRAM + " ready")
			.property("cluster.worker.readiness-path", "/ready")
			.property("cluster.worker.heartbeat-interval", "100ms")
			.property("cluster.worker.heartbeat-timeout", "3s")
			.start()
			.awaitServing()) {
			long hung = cluster.pidOfSlot(1);
			Files.writeString(ready, Long.toString(hung));
			JsonNode replaced = cluster.awaitReady(1, hung);
			assertThat(replaced.get("lastExit").get("reason").asString())
				.isEqualTo("gave no sign of life for 3.0 s; ended by SIGTERM");
		}
	}

	@Test
	void bootApplicationIsServedFromItsJarAsItIs() {
		// Its default profile would make a launcher of this one.
		String jar = String.join(" ", Program.SAMPLE_JAR.arguments());
		try (ClusterProcess cluster = external(JAVA + " -Xmx128m -XX:TieredStopAtLevel=1 -Djava.io.tmpdir="
				+ this.directory + " " + jar + " --server.port={port} --server.address=127.0.0.1")
			.property("cluster.worker.readiness-path", "/actuator/health")
			.start()
			.awaitServing()) {
			Set<String> answers = new HashSet<>();
			for (int i = 0; i < 4; i++) {
				answers.add(cluster.get("/hello").body());
			}
			assertThat(answers).containsExactlyInAnyOrder("Hello from " + cluster.pidOfSlot(1) + "\n",
					"Hello from " + cluster.pidOfSlot(2) + "\n");
			assertThat(cluster.workerPids()).hasSize(2);
		}
	}

	@Test
	void nginxIsServedWithAFileWrittenForItsPort() throws Exception {
		Installed.require("nginx", ExternalProgramIT.class);
		Files.writeString(this.directory.resolve("template.conf"), """
				worker_processes 1;
				pid nginx-@PORT@.pid;
				error_log stderr;
				events {}
				http {
				  access_log off;
				  client_body_temp_path body;
				  proxy_temp_path proxy;
				  fastcgi_temp_path fastcgi;
				  uwsgi_temp_path uwsgi;
				  scgi_temp_path scgi;
				  server {
				    listen 127.0.0.1:@PORT@;
				    location / { return 200 "$pid"; }
				  }
				}
				""");
		try (ClusterProcess cluster = externalList("sh", "-c",
				"sed s/@PORT@/$PORT/ template.conf > {port}.conf && "
						+ "exec nginx -e stderr -p \"$PWD\" -c \"$PWD/{port}.conf\" -g 'daemon off;'")
			.start()
			.awaitServing()) {
			Set<String> answers = new HashSet<>();
			for (int i = 0; i < 6; i++) {
				answers.add(cluster.get("/").body());
			}
			assertThat(answers).hasSize(2);
			// The masters are the workers; those that answer are their children.
			assertThat(cluster.workerPids()).hasSize(4);
			long master = cluster.pidOfSlot(1);
			ClusterProcess.signal("KILL", master);
			cluster.awaitReady(1, master);
			assertThat(cluster.get("/").statusCode()).isEqualTo(200);
			assertStopsClean(cluster);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '%', textBlock = """
			%%                    | is empty
			node "server.js       | must close every quote it opens
			no-such-program x     | there is no 'no-such-program' on the PATH
			./no-such-program     | no-such-program does not exist
			.                     | there is no '.' on the PATH
			""")
	void commandThatMakesNoSenseIsRefusedAtOnce(String command, String message) throws Exception {
		try (ClusterProcess cluster = external(command).start()) {
			assertRefused(cluster, "cluster.worker.command", message);
			assertThat(cluster.output()).doesNotContain("listens on port");
		}
	}

	@Test
	void argumentsForAJvmOfTheLaunchersChoiceAreRefused() throws Exception {
		try (ClusterProcess cluster = external(Program.HTTP_PROGRAM).property("cluster.worker.jvm-args", "-Xmx1g")
			.start()) {
			assertRefused(cluster, "cluster.worker.jvm-args", "must not be set together with cluster.worker.command");
		}
	}

	@Test
	void programThatIgnoresItsPortIsToldSo() throws Exception {
		try (ClusterProcess cluster = external("sleep 600").property("cluster.worker.start-timeout", "2s").start()) {
			assertRefused(cluster, "not ready within 2.0 s (nothing listens at 127.0.0.1:", "PORT", "{port}",
					"The command can be tried alone");
		}
	}

	@Test
	void programThatCannotStartIsQuoted() throws Exception {
		try (ClusterProcess cluster = externalList("sh", "-c", "echo the disk is on fire >&2; exit 3").start()) {
			assertRefused(cluster, "exited with status 3", "the disk is on fire");
		}
	}

	private ClusterProcess.Builder external(String command) {
		return external(Program.TINY, command);
	}

	private ClusterProcess.Builder external(Program launcher, String command) {
		return ClusterProcess.of(launcher, this.directory)
			.without("spring.profiles.active")
			.without("cluster.worker.jvm-args")
			.property("cluster.worker.command", command)
			// New workers are to answer in turn with those that are older.
			.property("cluster.dispatch.slow-start", "0s");
	}

	private ClusterProcess.Builder externalList(String... words) {
		ClusterProcess.Builder builder = external("").without("cluster.worker.command");
		for (int i = 0; i < words.length; i++) {
			builder.property("cluster.worker.command[" + i + "]", words[i]);
		}
		return builder;
	}

	/** Every answer is the pid of who gave it. */
	private static void assertAnsweredInTurn(ClusterProcess cluster, String path, int workers) {
		List<Long> answers = IntStream.range(0, 3 * workers)
			.mapToObj((i) -> Long.parseLong(cluster.get(path).body()))
			.toList();
		assertThat(answers.subList(0, workers)).containsExactlyInAnyOrderElementsOf(
				IntStream.rangeClosed(1, workers).mapToObj(cluster::pidOfSlot).toList());
		for (int i = workers; i < answers.size(); i++) {
			assertThat(answers.get(i)).isEqualTo(answers.get(i - workers));
		}
	}

	private static void assertStopsClean(ClusterProcess cluster) throws InterruptedException {
		cluster.signal("TERM");
		assertThat(cluster.awaitExit(Duration.ofSeconds(30))).isZero();
		assertThat(cluster.survivors()).isEmpty();
		assertThat(cluster.output()).doesNotContain("is killed: it did not end when asked to");
	}

	private static void assertRefused(ClusterProcess cluster, String... message) throws InterruptedException {
		assertThat(cluster.awaitExit(ClusterProcess.PATIENCE)).as(cluster.output()).isEqualTo(1);
		assertThat(cluster.output()).contains(message).contains("Action:").doesNotContain("\tat ");
		assertThat(cluster.survivors()).isEmpty();
	}

	private static long processGroup(long pid) throws IOException {
		String status = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
		return Long.parseLong(status.substring(status.lastIndexOf(')') + 2).split(" ")[2]);
	}

}

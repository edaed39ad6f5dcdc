package io.github.bootcluster.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What operators ask by the command line, of a cluster whose endpoint takes no commands.
 * Nobody tells where its home is, unless a test says so.
 */
class CommandLineIT {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final String NOBODY = "65534";

	@TempDir
	static Path directory;

	private static ClusterProcess cluster;

	@BeforeAll
	static void start() {
		cluster = cluster(directory);
	}

	@AfterAll
	static void stop() {
		if (cluster != null) {
			cluster.close();
		}
	}

	@Test
	void statusIsATable() {
		CtlProcess status = ctl("--cluster.ctl=status");
		assertThat(status.status()).as("%s", status).isZero();
		assertThat(status.errors()).isEmpty();
		assertThat(status.output()).contains("launcher pid " + cluster.pid(), "SLOT  ID", "LAST EXIT", "READY")
			.doesNotContain("\033");
	}

	@Test
	void jsonIsThatOfTheEndpoint() {
		CtlProcess status = ctl("--cluster.ctl", "status", "--json");
		assertThat(status.output().lines()).hasSize(1);
		assertThat(JSON.readTree(status.output()).propertyNames())
			.containsExactlyElementsOf(cluster.status().propertyNames());
		assertThat(JSON.readTree(status.output()).get("workers").get(0).propertyNames())
			.containsExactlyElementsOf(cluster.status().get("workers").get(0).propertyNames());
	}

	@Test
	void terminalHasColorsAndItsOwnWidth() {
		Installed.require("script", CommandLineIT.class);
		try (CtlProcess status = CtlProcess.in(directory).atTerminal().start("--cluster.ctl=status", "--watch=0.2")) {
			status.awaitOutput("\033[32mREADY\033[0m");
			Awaitility.await()
				.atMost(ClusterProcess.PATIENCE)
				.until(() -> status.output().split("\033\\[H\033\\[2J", -1).length > 3);
			assertThat(status.output().lines()).allSatisfy(
					(line) -> assertThat(line.replaceAll("\033\\[[0-9;]*[A-Za-z]", "")).hasSizeLessThanOrEqualTo(100));
		}
	}

	@Test
	void clusterIsScaledRestartedAndReloadedUnderLoad() {
		try (Load load = Load.reading(cluster, "/", 2)) {
			assertThat(ctl("--cluster.ctl=scale=3").output()).isEqualTo("3 of 3 workers are in rotation.\n");
			JsonNode first = cluster.slot(1);
			CtlProcess restart = ctl("--cluster.ctl", "restart", first.get("id").asString());
			assertThat(restart.output()).startsWith("Slot 1 has a new worker.");
			assertThat(restart.status()).isZero();
			assertThat(cluster.slot(1).get("pid").asLong()).isNotEqualTo(first.get("pid").asLong());
			int generation = cluster.status().get("generation").asInt();
			CtlProcess reload = ctl("--cluster.ctl=reload");
			assertThat(reload.status()).as("%s", reload).isZero();
			assertThat(reload.output()).contains("of 3 slots have their new worker\n")
				.endsWith("s.\n")
				.doesNotContain("\033");
			assertThat(cluster.status().get("generation").asInt()).isEqualTo(generation + 1);
			cluster.workerPids();
			assertThat(ctl("--cluster.ctl=scale=-1", "--json").output())
				.startsWith("{\"action\":\"scale\",\"outcome\":\"SUCCEEDED\"");
			load.assertNoFailure();
		}
		assertThat(cluster.output()).containsPattern("scale \\(by command line, user \\S+, pid \\d+\\): From 2 to 3");
	}

	@Test
	void whatCannotBeDoneHasAStatusAndAMessage() {
		CtlProcess unknown = ctl("--cluster.ctl=restart=99");
		assertThat(unknown.status()).isEqualTo(4);
		assertThat(unknown.errors()).isEqualTo("There is no live worker 99.\n");
		CtlProcess mistyped = ctl("--cluster.ctl=relaod");
		assertThat(mistyped.status()).isEqualTo(2);
		assertThat(mistyped.errors()).contains("Did you mean 'reload'?");
		CtlProcess tooMany = ctl("--cluster.ctl=scale=5000");
		assertThat(tooMany.status()).isEqualTo(2);
		assertThat(tooMany.errors()).contains("from 1 to 1024, not 5000");
		assertThat(ctl("--cluster.ctl=help").output()).contains("Exit status");
	}

	@Test
	void whereNoLauncherRunsTheHomeIsNamed() {
		CtlProcess elsewhere = ctl("--cluster.home=elsewhere", "--cluster.ctl=status");
		assertThat(elsewhere.status()).isEqualTo(3);
		assertThat(elsewhere.errors()).isEqualTo(("No launcher runs with the cluster home %s. "
				+ "Start one, or give the home of the one that is meant: --cluster.home=DIRECTORY\n")
			.formatted(directory.resolve("elsewhere")));
	}

	@Test
	void homeIsThatOfTheConfigurationAndNotThatOfAClusterNearby(@TempDir Path place) throws IOException {
		Path configuration = Files.createDirectory(place.resolve("config")).resolve("application.properties");
		Files.writeString(configuration, "cluster.home=" + directory.resolve(".cluster"));
		// An application without a line for this in its main.
		CtlProcess.Builder other = CtlProcess.in(place).program(Program.TINY.arguments());
		CtlProcess found = other.run("--cluster.ctl=status");
		assertThat(found.status()).as("%s", found).isZero();
		assertThat(found.output()).contains("launcher pid " + cluster.pid());
		assertThat(found.errors()).isEmpty();
		Files.writeString(configuration, "cluster.home=elsewhere");
		Files.createSymbolicLink(place.resolve(".cluster"), directory.resolve(".cluster"));
		for (CtlProcess.Builder program : new CtlProcess.Builder[] { other, CtlProcess.in(place) }) {
			CtlProcess nothing = program.run("--cluster.ctl=status");
			assertThat(nothing.status()).as("%s", nothing).isEqualTo(3);
			assertThat(nothing.errors()).contains(place.resolve("elsewhere").toString());
		}
	}

	@Test
	void logsAreFollowed() {
		JsonNode second = cluster.slot(2);
		try (CtlProcess logs = CtlProcess.in(directory).start("--cluster.ctl=logs", "--follow", "--lines=5")) {
			CtlProcess once = ctl("--cluster.ctl=logs=" + second.get("id").asString());
			assertThat(once.status()).as("%s", once).isZero();
			logs.awaitOutput("worker %s | ".formatted(second.get("id").asString()));
			ClusterProcess.signal("KILL", second.get("pid").asLong());
			JsonNode next = cluster.awaitReady(2, second.get("pid").asLong());
			logs.awaitOutput("worker %s | ".formatted(next.get("id").asString()));
		}
	}

	@Test
	void anotherUserIsTurnedAway() throws IOException {
		Installed.require("setpriv", CommandLineIT.class);
		boolean root = "root".equals(System.getProperty("user.name"));
		if (!root) {
			System.out.println("CommandLineIT: skipped a test, only root can become another user");
		}
		Assumptions.assumeTrue(root, "only root can become another user");
		Path jar = Program.artifact("-exec.jar");
		Path place = Files.createTempDirectory("ctl-other-user");
		Path socket = directory.resolve(".cluster/control.sock");
		try {
			Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
			Path copy = Files.copy(jar, place.resolve("app.jar"));
			CtlProcess.Builder other = CtlProcess.in(place)
				.program(List.of("-jar", copy.toString()))
				.by("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
			String home = "--cluster.home=" + directory.resolve(".cluster");
			CtlProcess kept = other.run("--cluster.ctl=status", home);
			assertThat(kept.status()).as("%s", kept).isEqualTo(4);
			assertThat(kept.errors()).contains("This user may not command the cluster");
			// Should the directory be opened to all by mistake, the launcher looks
			// itself.
			for (Path opened : new Path[] { directory, socket.getParent(), socket }) {
				Files.setPosixFilePermissions(opened, PosixFilePermissions.fromString("rwxrwxrwx"));
			}
			CtlProcess refused = other.run("--cluster.ctl=stop", home);
			assertThat(refused.status()).as("%s", refused).isEqualTo(4);
			assertThat(refused.errors()).contains("from its own user and from root only");
			cluster.awaitOutput("turned away, since this launcher is that of user root");
		}
		finally {
			Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
			for (Path closed : new Path[] { socket.getParent(), directory }) {
				Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
			}
			Files.deleteIfExists(place.resolve("app.jar"));
			Files.delete(place);
		}
	}

	@Test
	void stopIsWaitedFor(@TempDir Path place) throws InterruptedException {
		try (ClusterProcess other = cluster(place)) {
			CtlProcess stop = CtlProcess.in(place).run("--cluster.ctl=stop");
			assertThat(stop.status()).as("%s", stop).isZero();
			assertThat(stop.output()).endsWith("Stopped.\n");
			assertThat(other.awaitExit(Duration.ofSeconds(30))).isZero();
			assertThat(other.survivors()).isEmpty();
			assertThat(other.output()).containsPattern("Stop \\(by command line, user \\S+, pid \\d+\\)");
			assertThat(CtlProcess.in(place).run("--cluster.ctl=status", "--cluster.home=.cluster").status())
				.isEqualTo(3);
		}
	}

	private static CtlProcess ctl(String... arguments) {
		return CtlProcess.in(directory).run(arguments);
	}

	private static ClusterProcess cluster(Path place) {
		String command = "sh -c 'echo worker starts; exec %s'".formatted(Program.HTTP_PROGRAM);
		return ClusterProcess.of(Program.SAMPLE_JAR, place)
			.without("cluster.home")
			.without("cluster.worker.jvm-args")
			.property("cluster.worker.command", command)
			.start()
			.awaitServing();
	}

}

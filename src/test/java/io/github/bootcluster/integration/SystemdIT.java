package io.github.bootcluster.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.systemd.FakeSystemd;
import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What a launcher tells systemd, and the unit it is started by. */
class SystemdIT {

	@TempDir
	Path directory;

	@Test
	void systemdIsToldOfReadinessReloadLifeAndEnd() throws Exception {
		Assumptions.assumeTrue(Epoll.isAvailable(), "no native epoll on this system");
		Path socket = this.directory.resolve("notify");
		try (FakeSystemd systemd = FakeSystemd.at(socket.toString());
				ClusterProcess cluster = external().environment("NOTIFY_SOCKET", socket.toString())
					.environment("WATCHDOG_USEC", "1000000")
					.start()
					.awaitServing()) {
			assertThat(systemd.hears("READY=1")).isTrue();
			assertThat(systemd.hears("WATCHDOG=1")).isTrue();
			assertThat(systemd.hears("WATCHDOG=1")).isTrue();
			assertThat(cluster.getDirectly(cluster.slot(1).get("port").asInt(), "/environment"))
				.doesNotContain("NOTIFY_SOCKET", "WATCHDOG_USEC");
			cluster.signal("HUP");
			assertThat(systemd.hears("STATUS=RELOADING: 2 of 2 workers in rotation, generation 1")).isTrue();
			assertThat(systemd.hears("RELOADING=1\nMONOTONIC_USEC=")).isTrue();
			assertThat(systemd.hears("STATUS=RUNNING: 2 of 2 workers in rotation, generation 2")).isTrue();
			assertThat(systemd.hears("READY=1")).isTrue();
			cluster.signal("TERM");
			assertThat(systemd.hears("STOPPING=1")).isTrue();
			assertThat(cluster.awaitExit(Duration.ofSeconds(30))).isZero();
		}
	}

	@Test
	void clusterServesWhereNobodyIsToBeTold() {
		try (ClusterProcess cluster = external().environment("NOTIFY_SOCKET", "/nonexistent/notify")
			.start()
			.awaitServing()) {
			assertThat(cluster.get("/").statusCode()).isEqualTo(200);
			assertThat(cluster.output()).containsOnlyOnce("systemd cannot be told how this service is");
		}
	}

	@Test
	void unitIsOneThatSystemdAccepts() throws Exception {
		Path unit = Path.of("deploy", "systemd", "boot-cluster@.service");
		Path copy = this.directory.resolve("boot-cluster@test.service");
		// The one thing of it that a machine need not have at the same place.
		Files.writeString(copy, Files.readString(unit)
			.replace("/usr/bin/java", Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		Process verify = systemdAnalyze("verify", copy.toString());
		String output = new String(verify.getInputStream().readAllBytes());
		assertThat(verify.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(verify.exitValue()).as(output).isZero();
		assertThat(output).isEmpty();
	}

	private Process systemdAnalyze(String... arguments) {
		String[] command = new String[arguments.length + 1];
		command[0] = "systemd-analyze";
		System.arraycopy(arguments, 0, command, 1, arguments.length);
		try {
			return new ProcessBuilder(command).redirectErrorStream(true).start();
		}
		catch (IOException ex) {
			System.out.println("SystemdIT: skipped a test, there is no systemd-analyze: " + ex.getMessage());
			return Assumptions.abort("there is no systemd-analyze: " + ex.getMessage());
		}
	}

	private ClusterProcess.Builder external() {
		return ClusterProcess.of(Program.TINY, this.directory)
			.without("spring.profiles.active")
			.without("cluster.worker.jvm-args")
			.property("cluster.worker.command", Program.HTTP_PROGRAM);
	}

}

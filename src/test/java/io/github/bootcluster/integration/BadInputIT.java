package io.github.bootcluster.integration;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;

import io.github.bootcluster.SelfSigned;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Each mistake gets one clear message, a status other than 0, and leaves nothing. */
class BadInputIT {

	@TempDir
	Path directory;

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			cluster.workers                          | abc         | must be 'auto' or a number from 1 to 1024
			cluster.dispatch.access-log.format       | xml         | combined
			cluster.worker.heartbeat-interval        | soon        | heartbeat-interval
			cluster.dispatch.idle-timeout            | ''          | Property 'cluster.dispatch.idle-timeout' is empty
			cluster.worker.java-home                 | /no/jvm     | /no/jvm has no executable bin/java
			cluster.home                             | /proc/home  | The cluster home /proc/home cannot be used
			server.port                              | http        | server.port
			server.ssl.bundle                        | web         | there is no SSL bundle 'web'
			management.endpoints.web.base-path       | /           | management.endpoints.web.base-path
			cluster.dashboard.path                   | /actuator/x | must be apart from '/actuator'
			cluster.dashboard.path                   | cluster     | must be a path such as '/cluster'
			spring.datasource.url                    | jdbc:h2:mem:x | jdbc:h2:mem
			""")
	void senselessValueIsRefusedWithOneClearMessage(String property, String value, String message) throws Exception {
		try (ClusterProcess cluster = tiny().property(property, value).start()) {
			assertRefused(cluster, message);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			key-store-password | guess         | password was incorrect
			enabled-protocols  | TLSv1.3,TLSv9 | the protocol 'TLSv9' is not known
			""")
	void tlsThatCannotBeSpokenIsRefusedAndNothingListens(String property, String value, String message)
			throws Exception {
		SelfSigned certificate = SelfSigned.create(this.directory, "server");
		try (ClusterProcess cluster = tiny().property("server.ssl.key-store", certificate.keyStore().toString())
			.property("server.ssl.key-store-password", SelfSigned.PASSWORD)
			.property("server.ssl." + property, value)
			.start()) {
			assertRefused(cluster, message);
			assertThat(cluster.output()).doesNotContain("listens on port", "guess");
		}
	}

	@Test
	void takenPortIsNamed() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				ClusterProcess cluster = tiny().property("server.port", Integer.toString(taken.getLocalPort()))
					.start()) {
			assertRefused(cluster, Integer.toString(taken.getLocalPort()));
		}
	}

	@Test
	void takenManagementPortIsNamed() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				ClusterProcess cluster = tiny()
					.property("management.server.port", Integer.toString(taken.getLocalPort()))
					.start()) {
			assertRefused(cluster, Integer.toString(taken.getLocalPort()));
		}
	}

	@Test
	void accessLogThatCannotBeWrittenIsNamed() throws Exception {
		try (ClusterProcess cluster = tiny().property("cluster.dispatch.access-log.enabled", "true")
			.property("cluster.dispatch.access-log.file", "/proc/no/access.log")
			.start()) {
			assertRefused(cluster, "Cannot write the access log /proc/no/access.log",
					"cluster.dispatch.access-log.file");
		}
	}

	@Test
	void homeInUseIsNamedWithItsHolder() throws Exception {
		try (ClusterProcess first = tiny().start().awaitServing(); ClusterProcess second = tiny().start()) {
			assertRefused(second, "in use by another launcher (pid " + first.pid() + ")");
			assertThat(first.get("/who").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void homeWithATooLongPathIsRefused() throws Exception {
		Path home = this.directory.resolve("x".repeat(120));
		try (ClusterProcess cluster = tiny().property("cluster.home", home.toString()).start()) {
			assertRefused(cluster, "short path");
		}
	}

	@Test
	void applicationThatCannotStartIsQuoted() throws Exception {
		try (ClusterProcess cluster = tiny().property("tiny.fail-at-start", "the licence has expired").start()) {
			assertRefused(cluster, "No worker of the cluster became ready", "the licence has expired");
		}
	}

	@Test
	void applicationThatExitsWithZeroBeforeItIsReadyIsNotRetriedForEver() throws Exception {
		try (ClusterProcess cluster = tiny().property("tiny.exit-at-start", "0").start()) {
			assertRefused(cluster, "No worker of the cluster became ready", "exited with status 0");
		}
	}

	@Test
	void applicationThatIsNotReadyInTimeIsEnded() throws Exception {
		try (ClusterProcess cluster = tiny().property("cluster.worker.start-timeout", "8s")
			.property("tiny.start-delay-millis", "600000")
			.start()) {
			assertRefused(cluster, "No worker of the cluster became ready", "not ready within 8.0 s",
					"cluster.worker.start-timeout");
		}
	}

	@Test
	void applicationWithoutWebServerIsToldSo() throws Exception {
		try (ClusterProcess cluster = tiny().property("spring.main.web-application-type", "none").start()) {
			assertRefused(cluster, "No worker of the cluster became ready", "without a web server");
		}
	}

	@Test
	void wrongJvmArgumentOfTheWorkersIsQuoted() throws Exception {
		try (ClusterProcess cluster = tiny().property("cluster.worker.jvm-args", "-XX:+NoSuchFlag").start()) {
			assertRefused(cluster, "No worker of the cluster became ready", "NoSuchFlag");
		}
	}

	@Test
	void unknownKeyIsWarnedOf() {
		try (ClusterProcess cluster = tiny().property("cluster.wrokers", "4").start().awaitServing()) {
			cluster.awaitOutput("without effect on the cluster: cluster.wrokers");
		}
	}

	private ClusterProcess.Builder tiny() {
		return ClusterProcess.of(Program.TINY, this.directory);
	}

	private static void assertRefused(ClusterProcess cluster, String... message) throws InterruptedException {
		int status = cluster.awaitExit(ClusterProcess.PATIENCE);
		assertThat(status).as(cluster.output()).isEqualTo(1);
		List<String> own = cluster.outputLines().stream().filter((line) -> !line.startsWith("worker-")).toList();
		assertThat(String.join("\n", own)).contains(message).contains("Action:");
		assertThat(own).noneMatch((line) -> line.startsWith("\tat "));
		assertThat(own).filteredOn((line) -> line.contains("APPLICATION FAILED TO START"))
			.filteredOn((line) -> !line.startsWith(" "))
			.hasSize(1);
		assertThat(cluster.survivors()).isEmpty();
	}

}

package io.github.bootcluster.integration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The dashboard's stream at the public port, without a browser. */
class DashboardStreamIT {

	private static final int CROWD = 500;

	/** What the stop of such workers takes, on a slow machine. */
	private static final Duration STOPPED_WITHIN = Duration.ofSeconds(15);

	@TempDir
	Path directory;

	@Test
	void crowdOfDashboardsGetsClearAnswersAndSlowsNothing() throws Exception {
		List<Socket> crowd = new ArrayList<>();
		try (ClusterProcess cluster = external().start().awaitServing(); Load load = Load.reading(cluster, "/", 2)) {
			cluster.await("load", () -> load.answered() > 100);
			for (int i = 0; i < CROWD; i++) {
				crowd.add(look(cluster));
			}
			Map<String, Integer> answers = new TreeMap<>();
			for (Socket viewer : crowd) {
				answers.merge(statusLine(viewer), 1, Integer::sum);
			}
			assertThat(answers).isEqualTo(Map.of("HTTP/1.1 200 ", 100, "HTTP/1.1 503 ", CROWD - 100));
			int before = load.answered();
			cluster.await("more load", () -> load.answered() > before + 200);
			assertThat(cluster.status().get("dispatcher").get("inFlight").asInt()).isLessThan(20);
			assertThat(cluster.get("/cluster").statusCode()).isEqualTo(200);
			for (Socket viewer : crowd) {
				viewer.close();
			}
			cluster.await("room for another", () -> {
				try (Socket viewer = look(cluster)) {
					return statusLine(viewer).contains("200");
				}
			});
			load.assertNoFailure();
		}
		finally {
			for (Socket viewer : crowd) {
				viewer.close();
			}
		}
	}

	@Test
	void stopEndsTheStreams() throws Exception {
		try (ClusterProcess cluster = external().start().awaitServing(); Socket reading = look(cluster)) {
			assertThat(statusLine(reading)).contains("200");
			Instant before = Instant.now();
			cluster.signal("TERM");
			assertThat(cluster.awaitExit(STOPPED_WITHIN)).isZero();
			System.out.printf("stop with an open dashboard: %d ms%n",
					Duration.between(before, Instant.now()).toMillis());
			String seen = new String(reading.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(seen).as("a stream that was ended, not broken").endsWith("\r\n0\r\n\r\n");
			assertThat(seen).contains("\"state\":\"RUNNING\"");
		}
	}

	@Test
	void pathIsTheApplicationsWhereThereIsNoDashboard() {
		try (ClusterProcess cluster = external().property("cluster.dashboard.enabled", "false")
			.start()
			.awaitServing()) {
			assertThat(cluster.output()).doesNotContain("dashboard http");
			assertThat(cluster.get("/cluster").body()).as("answer of a worker").matches("\\d+");
		}
	}

	private static Socket look(ClusterProcess cluster) throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(4096);
		socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), cluster.port()));
		socket.getOutputStream()
			.write("GET /cluster/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	private static String statusLine(Socket viewer) throws IOException {
		return new String(viewer.getInputStream().readNBytes("HTTP/1.1 200 ".length()), StandardCharsets.US_ASCII);
	}

	private ClusterProcess.Builder external() {
		return ClusterProcess.of(Program.TINY, this.directory)
			.without("spring.profiles.active")
			.without("cluster.worker.jvm-args")
			.property("cluster.worker.command", Program.HTTP_PROGRAM);
	}

}

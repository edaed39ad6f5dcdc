package io.github.bootcluster.integration;

import java.net.HttpCookie;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** One session, whoever answers, and whatever dies. */
class SessionsIT {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	@TempDir
	Path directory;

	private String cookie = "";

	@Test
	void visitsGoOnOverWorkersTheirDeathsAndARestartOfTheCluster() throws Exception {
		try (ClusterProcess cluster = start()) {
			Set<Long> pids = new HashSet<>();
			for (int expected = 1; expected <= 6; expected++) {
				JsonNode answer = visit(cluster);
				assertThat(answer.get("visits").asInt()).isEqualTo(expected);
				pids.add(answer.get("pid").asLong());
			}
			assertThat(pids).hasSize(2);

			long killed = cluster.pidOfSlot(1);
			ClusterProcess.signal("KILL", killed);
			cluster.awaitReady(1, killed);
			for (int expected = 7; expected <= 10; expected++) {
				assertThat(visit(cluster).get("visits").asInt()).isEqualTo(expected);
			}

			cluster.signal("TERM");
			assertThat(cluster.awaitExit(Duration.ofSeconds(60))).isZero();
		}
		try (ClusterProcess cluster = start()) {
			assertThat(visit(cluster).get("visits").asInt()).isEqualTo(11);
			assertThat(visit(cluster).get("visits").asInt()).isEqualTo(12);
		}
	}

	private ClusterProcess start() {
		// Both workers are to answer, however long after the other one either was ready.
		return ClusterProcess.of(Program.SAMPLE_CLASSES, this.directory)
			.property("cluster.dispatch.slow-start", "0s")
			.start()
			.awaitServing();
	}

	private JsonNode visit(ClusterProcess cluster) {
		HttpRequest.Builder request = HttpRequest.newBuilder(cluster.uri("/visits"));
		if (!this.cookie.isEmpty()) {
			request.header("Cookie", this.cookie);
		}
		HttpResponse<String> response = cluster.send(request.build());
		assertThat(response.statusCode()).isEqualTo(200);
		response.headers()
			.firstValue("Set-Cookie")
			.ifPresent((header) -> this.cookie = HttpCookie.parse(header)
				.stream()
				.map((parsed) -> parsed.getName() + "=" + parsed.getValue())
				.findFirst()
				.orElseThrow());
		return JSON.readTree(response.body());
	}

}

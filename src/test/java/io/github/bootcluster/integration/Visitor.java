package io.github.bootcluster.integration;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client with a session of the sample's, that counts its visits. Used by any thread.
 */
final class Visitor {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private volatile String cookie = "";

	/** Visit, and be answered. */
	JsonNode visit(ClusterProcess cluster) {
		return visit(cluster.client(), cluster.uri("/visits"));
	}

	/** Visit, and be answered. */
	JsonNode visit(HttpClient client, URI uri) {
		HttpResponse<String> response = tryToVisit(client, uri);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return JSON.readTree(response.body());
	}

	/** The next so many visits count on, whoever answers; both workers do. */
	void assertCountsOn(ClusterProcess cluster, int from, int to) {
		Set<Long> pids = new HashSet<>();
		for (int expected = from; expected <= to; expected++) {
			JsonNode answer = visit(cluster);
			assertThat(answer.get("visits").asInt()).isEqualTo(expected);
			pids.add(answer.get("pid").asLong());
		}
		assertThat(pids).hasSize(2);
	}

	/** Whatever the answer is. */
	HttpResponse<String> tryToVisit(ClusterProcess process, URI uri) {
		return tryToVisit(process.client(), uri);
	}

	private HttpResponse<String> tryToVisit(HttpClient client, URI uri) {
		HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(ClusterProcess.PATIENCE);
		if (!this.cookie.isEmpty()) {
			request.header("Cookie", this.cookie);
		}
		HttpResponse<String> response = ClusterProcess.send(client, request.build());
		response.headers().firstValue("Set-Cookie").ifPresent(this::keep);
		return response;
	}

	/** As the store knows it. */
	String sessionId() {
		String encoded = this.cookie.substring(this.cookie.indexOf('=') + 1);
		return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
	}

	private void keep(String header) {
		assertThat(header).startsWith("SESSION=").contains("HttpOnly", "SameSite=Lax");
		this.cookie = header.substring(0, header.indexOf(';'));
	}

}

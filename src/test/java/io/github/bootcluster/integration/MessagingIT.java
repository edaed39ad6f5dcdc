package io.github.bootcluster.integration;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Messages between real workers, by way of a real launcher. */
class MessagingIT {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	@TempDir
	Path directory;

	@Test
	void sampleSendsATextToAllWorkersAndOperatorsDoSo() {
		try (ClusterProcess cluster = ClusterProcess.of(Program.SAMPLE_JAR, this.directory)
			.property("management.endpoint.cluster.access", "unrestricted")
			.start()
			.awaitServing()) {
			long first = cluster.slot(1).get("id").asLong();
			long second = cluster.slot(2).get("id").asLong();
			JsonNode sent = JSON.readTree(broadcast(cluster, "hello").body());
			long sender = (sent.get("pid").asLong() == cluster.pidOfSlot(1)) ? first : second;
			assertThat(sent.get("receivers").toString()).isEqualTo("[" + first + "," + second + "]");
			String message = "{\"from\":" + sender + ",\"text\":\"hello\"}";
			awaitMessages(cluster, 1, "[" + message + "]");
			awaitMessages(cluster, 2, "[" + message + "]");

			HttpResponse<String> answer = cluster.command("",
					"{\"action\":\"broadcast\",\"payload\":\"from above\",\"wait\":\"true\"}");
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
			assertThat(answer.body()).contains("Taken by worker " + first + ", worker " + second);
			awaitMessages(cluster, 1, "[" + message + ",{\"from\":0,\"text\":\"from above\"}]");
			assertThat(cluster.command("", "{\"action\":\"broadcast\"}").statusCode()).isEqualTo(400);
			assertThat(cluster
				.command("",
						"{\"action\":\"broadcast\",\"type\":\"java.lang.ProcessBuilder\","
								+ "\"payload\":\"[\\\"id\\\"]\",\"wait\":\"true\"}")
				.body()).contains("There is no listener for messages of java.lang.ProcessBuilder");
			assertThat(cluster.command("", "{\"action\":\"broadcast\",\"type\":\"a.B\",\"payload\":\"no json\"}")
				.statusCode()).isEqualTo(400);

			// A worker that takes the place of another one knows nothing of former times.
			ClusterProcess.signal("KILL", cluster.pidOfSlot(1));
			long third = cluster
				.awaitSlot(1,
						(worker) -> worker.get("state").asString().equals("READY")
								&& worker.get("id").asLong() > second)
				.get("id")
				.asLong();
			awaitMessages(cluster, 1, "[]");
			broadcast(cluster, "again");
			cluster.await("the new worker to hear", () -> messages(cluster, 1).contains("again"));
			assertThat(messages(cluster, 2)).contains("hello", "again");
			assertThat(third).isGreaterThan(second);
		}
	}

	@Test
	void workersAskEachOtherAndTheLauncher() {
		try (ClusterProcess cluster = ClusterProcess.of(Program.TINY, this.directory)
			.property("cluster.launcher.configuration", "com.example.tiny.TinyMessages$InLauncher")
			.property("cluster.worker.startup-cache", "auto")
			.start()
			.awaitServing()) {
			for (int slot = 1; slot <= 2; slot++) {
				JsonNode worker = cluster.slot(slot);
				for (int length : List.of(0, 10, 1_000_000)) {
					assertThat(cluster.get("/ask/" + worker.get("id") + "/" + length).body())
						.isEqualTo(worker.get("pid") + " counted " + length);
				}
			}
			assertThat(cluster.get("/ask/99/1").body()).contains("no worker 99");
			assertThat(cluster.get("/ask/1/1048576").statusCode()).isEqualTo(500);
			cluster.awaitOutput("bytes: cluster.messaging.max-message-size allows 1048576");
			assertThat(cluster.get("/tell-launcher/prices").body()).isEqualTo("told");
			for (int slot = 1; slot <= 2; slot++) {
				cluster.awaitOutput("worker-" + slot + " | Refresh of prices from the launcher");
			}
			assertThat(cluster.outputLines()).filteredOn((line) -> line.startsWith("Launcher heard prices from worker"))
				.hasSize(1);
			// The process that makes the cache is no member.
			cluster.awaitOutput("Training of the start-up cache");
			cluster.get("/tell-launcher/again");
			cluster.awaitOutput("start from a cache from now on");
			assertThat(cluster.outputLines()).filteredOn((line) -> line.contains("Refresh of again")).hasSize(2);
		}
	}

	private static HttpResponse<String> broadcast(ClusterProcess cluster, String text) {
		HttpResponse<String> response = cluster.send(HttpRequest.newBuilder(cluster.uri("/broadcast"))
			.header("Content-Type", "text/plain")
			.timeout(ClusterProcess.PATIENCE)
			.POST(BodyPublishers.ofString(text))
			.build());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return response;
	}

	/** Those of the worker of a slot. */
	private static String messages(ClusterProcess cluster, int slot) {
		long pid = cluster.pidOfSlot(slot);
		List<JsonNode> answers = new ArrayList<>();
		cluster.await("an answer of that worker", () -> {
			answers.add(cluster.json("/messages"));
			return answers.get(answers.size() - 1).get("pid").asLong() == pid;
		});
		return answers.get(answers.size() - 1).get("messages").toString();
	}

	private static void awaitMessages(ClusterProcess cluster, int slot, String expected) {
		cluster.await("the messages " + expected, () -> messages(cluster, slot).equals(expected));
	}

}

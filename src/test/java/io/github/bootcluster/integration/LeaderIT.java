package io.github.bootcluster.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What an application knows and hears of its cluster, and what its leader alone does. */
class LeaderIT {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	@TempDir
	Path directory;

	@Test
	void oneWorkerDoesTheJobAndAnotherTakesOverWhenItIsKilledDrainedOrReplaced() {
		try (ClusterProcess cluster = start()) {
			long first = awaitLeader(cluster);
			cluster.await("jobs", () -> endsBy(first) >= 5);
			assertThat(pidsOfJobs()).containsExactly(first);
			assertThat(cluster.json("/self").get("generation").asInt()).isEqualTo(1);

			ClusterProcess.signal("KILL", first);
			cluster.await("another leader", () -> leaderPid(cluster) != 0 && leaderPid(cluster) != first);
			long second = leaderPid(cluster);
			cluster.await("jobs of the next", () -> endsBy(second) >= 5);
			cluster.awaitReady(1, 0);
			cluster.awaitReady(2, 0);
			assertThat(leaderPid(cluster)).as("stays though an older slot is back").isEqualTo(second);

			String drained = "/" + cluster.status().get("leader").asLong();
			assertThat(cluster.command(drained, "{\"action\":\"drain\"}").statusCode()).isEqualTo(200);
			cluster.await("a third leader", () -> leaderPid(cluster) != 0 && leaderPid(cluster) != second);
			long third = leaderPid(cluster);
			assertThat(cluster.command(drained, "{\"action\":\"undrain\"}").statusCode()).isEqualTo(200);
			int before = endsBy(second);
			cluster.await("jobs of the third", () -> endsBy(third) >= 5);
			assertThat(endsBy(second)).as("back, and no leader").isEqualTo(before);

			assertThat(cluster.command("", "{\"action\":\"reload\",\"wait\":true}").statusCode()).isEqualTo(200);
			cluster.await("a leader of the new generation",
					() -> leaderPid(cluster) != 0 && leaderPid(cluster) != third && leaderPid(cluster) != second);
			long fourth = leaderPid(cluster);
			cluster.await("jobs of the new generation", () -> endsBy(fourth) >= 5);
			assertNeverTwoAtOnce(first);
		}
	}

	@Test
	void workersHearOfEachOther() {
		try (ClusterProcess cluster = start()) {
			JsonNode killed = cluster.slot(1);
			long witness = cluster.slot(2).get("port").asLong();
			ClusterProcess.signal("KILL", killed.get("pid").asLong());
			JsonNode successor = cluster.awaitReady(1, killed.get("pid").asLong());
			cluster.await("the end of the first", () -> !heard(cluster, witness, killed, "WorkerExited").isEmpty());
			JsonNode exited = heard(cluster, witness, killed, "WorkerExited").get(0);
			assertThat(exited.get("code").asInt()).isEqualTo(137);
			assertThat(exited.get("signal").asString()).isEqualTo("SIGKILL");
			assertThat(exited.get("expected").asBoolean()).isFalse();
			assertThat(exited.get("pid")).isEqualTo(killed.get("pid"));
			assertThat(exited.get("slot").asInt()).isEqualTo(1);
			assertThat(exited.get("thread").asString()).isEqualTo("cluster-events");
			assertThat(heard(cluster, witness, killed, "WorkerDraining")).isEmpty();
			cluster.await("the start of the next", () -> heard(cluster, witness, successor, "WorkerReady").size() == 1);
			assertThat(heard(cluster, witness, successor, "WorkerStarted")).hasSize(1);

			assertThat(send(cluster, successor, "/recycle")).isEqualTo("asked");
			assertThat(send(cluster, successor, "/recycle")).as("harmless").isEqualTo("asked");
			JsonNode last = cluster.awaitReady(1, successor.get("pid").asLong());
			cluster.await("the end of the second", () -> !heard(cluster, witness, successor, "WorkerExited").isEmpty());
			assertThat(kindsHeard(cluster, witness, successor)).containsExactly("WorkerStarted", "WorkerReady",
					"WorkerDraining", "WorkerExited");
			assertThat(heard(cluster, witness, successor, "WorkerExited").get(0).get("expected").asBoolean()).isTrue();
			assertThat(last.get("id").asLong()).isEqualTo(successor.get("id").asLong() + 1);
			assertThat(cluster.output())
				.contains("restart of worker %1$s (by worker %1$s itself)".formatted(successor.get("id")));
		}
	}

	@Test
	void standaloneProcessDoesTheJobAndCannotBeRecycled() {
		try (ClusterProcess process = ClusterProcess.of(Program.TINY, this.directory)
			.without("spring.profiles.active")
			.jvmArgument("-Djava.io.tmpdir=" + this.directory)
			.property("tiny.jobs", jobs().toString())
			.start()) {
			process.await("jobs", () -> endsBy(process.pid()) >= 3);
			process.await("the application to be ready", () -> process.output().contains("Started TinyApplication"));
			int port = Integer.parseInt(process.output().replaceFirst("(?s).*Tomcat started on port (\\d+).*", "$1"));
			JsonNode self = JSON.readTree(process.getDirectly(port, "/self"));
			assertThat(self.get("leader").asBoolean()).isTrue();
			assertThat(self.get("slot").asInt()).isEqualTo(1);
			HttpRequest recycle = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/recycle"))
				.POST(BodyPublishers.noBody())
				.build();
			assertThat(process.send(recycle).statusCode()).isEqualTo(500);
			assertThat(process.output()).contains("Only a worker can be recycled");
		}
	}

	private ClusterProcess start() {
		return ClusterProcess.of(Program.TINY, this.directory)
			.property("management.endpoint.cluster.access", "unrestricted")
			.property("tiny.jobs", jobs().toString())
			.start()
			.awaitServing();
	}

	private Path jobs() {
		return this.directory.resolve("jobs.txt");
	}

	private long awaitLeader(ClusterProcess cluster) {
		cluster.awaitReady(1, 0);
		cluster.awaitReady(2, 0);
		cluster.await("a leader", () -> leaderPid(cluster) != 0);
		long leader = leaderPid(cluster);
		cluster.workerPids();
		return leader;
	}

	/** 0 while none leads. */
	private static long leaderPid(ClusterProcess cluster) {
		JsonNode status = cluster.status();
		for (JsonNode worker : status.get("workers")) {
			if (status.has("leader") && worker.get("id").equals(status.get("leader"))) {
				return worker.get("pid").asLong();
			}
		}
		return 0;
	}

	private List<String> notes() {
		try {
			return Files.exists(jobs()) ? Files.readAllLines(jobs()) : List.of();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private int endsBy(long pid) {
		return (int) notes().stream().filter(("end " + pid)::equals).count();
	}

	private Set<Long> pidsOfJobs() {
		Set<Long> pids = new HashSet<>();
		notes().forEach((note) -> pids.add(Long.valueOf(note.split(" ")[1])));
		return pids;
	}

	/** Every job has ended before the next one begins, but one that was killed at it. */
	private void assertNeverTwoAtOnce(long killed) {
		String open = null;
		for (String note : notes()) {
			String pid = note.split(" ")[1];
			if (note.startsWith("begin")) {
				assertThat(open).as("at work when %s begins, in %s", pid, notes()).isIn(null, Long.toString(killed));
				open = pid;
			}
			else {
				assertThat(pid).as("ends, in %s", notes()).isEqualTo(open);
				open = null;
			}
		}
	}

	private static List<JsonNode> heard(ClusterProcess cluster, long port, JsonNode worker, String kind) {
		return heard(cluster, port, worker).stream()
			.filter((event) -> event.get("event").asString().equals(kind))
			.toList();
	}

	private static List<String> kindsHeard(ClusterProcess cluster, long port, JsonNode worker) {
		return heard(cluster, port, worker).stream().map((event) -> event.get("event").asString()).toList();
	}

	private static List<JsonNode> heard(ClusterProcess cluster, long port, JsonNode worker) {
		List<JsonNode> events = new ArrayList<>();
		for (JsonNode event : JSON.readTree(cluster.getDirectly((int) port, "/heard"))) {
			if (event.get("worker").asLong() == worker.get("id").asLong()) {
				events.add(event);
			}
		}
		return events;
	}

	private static String send(ClusterProcess cluster, JsonNode worker, String path) {
		URI uri = URI.create("http://127.0.0.1:" + worker.get("port") + path);
		return cluster.send(HttpRequest.newBuilder(uri).POST(BodyPublishers.noBody()).build()).body();
	}

}

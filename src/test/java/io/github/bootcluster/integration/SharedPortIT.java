package io.github.bootcluster.integration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.github.bootcluster.SelfSigned;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Workers that all listen at the public port, and no dispatcher. */
@EnabledOnOs(OS.LINUX)
class SharedPortIT {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	/** A connection every so often, by each of the clients. */
	private static final long PACE_NANOS = 5_000_000;

	/**
	 * Connections that a worker which leaves may reset: those that arrive between its
	 * last look at the queue and the end of its socket, some microseconds. At this pace
	 * none was ever seen; under a flood it was one for forty sockets.
	 */
	private static final int LOST_PER_LEAVING_WORKER = 1;

	@TempDir
	Path directory;

	@Test
	void workersShareThePortAndOneThatIsKilledIsReplaced() {
		try (ClusterProcess cluster = tiny().property("cluster.dispatch.queue-capacity", "5").start().awaitServing()) {
			List<Long> pids = pids(cluster);
			assertThat(answering(cluster, 2)).containsExactlyInAnyOrderElementsOf(pids);
			JsonNode status = status(cluster);
			assertThat(status.get("policy").asString()).isEqualTo("none");
			assertThat(status.get("dispatcher").get("port").asInt()).isEqualTo(cluster.port());
			assertThat(status.get("workers").valueStream().map((worker) -> worker.get("port").asInt()))
				.containsOnly(cluster.port());
			assertThat(cluster.output()).containsOnlyOnce("Without effect with cluster.scheduling-policy=none");
			cluster.awaitOutput("cluster.dispatch.queue-capacity");
			assertThat(cluster.get("/actuator/cluster").statusCode()).isEqualTo(404);

			ClusterProcess.signal("KILL", pids.get(0));
			cluster.await("a replacement", () -> pids(cluster).size() == 2 && !pids(cluster).contains(pids.get(0))
					&& status(cluster).get("state").asString().equals("RUNNING"));
			cluster.workerPids();
			assertThat(answering(cluster, 2)).containsExactlyInAnyOrderElementsOf(pids(cluster));
			assertThat(command(cluster, "/" + worker(cluster, 1).get("id").asInt(), "{\"action\":\"drain\"}").body())
				.contains("REFUSED", "scheduling policy 'none'");
		}
	}

	@Test
	void reloadUnderLoadLosesNoConnection() {
		try (ClusterProcess cluster = tiny().start().awaitServing();
				PacedLoad fresh = new PacedLoad(cluster.port(), 2);
				Load kept = Load.reading(cluster, "/who", 1)) {
			List<Long> before = pids(cluster);
			HttpResponse<String> answer = command(cluster, "", "{\"action\":\"reload\",\"wait\":true}");
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
			assertThat(pids(cluster)).hasSize(2).doesNotContainAnyElementsOf(before);
			cluster.workerPids();
			fresh.end();
			// Over a connection that is kept alive, until an answer says it is the last.
			kept.assertNoFailure();
			System.out.printf(
					"reload with the policy none: %d new connections, %d failed; %d requests over kept ones%n",
					fresh.answered(), fresh.failures().size(), kept.answered());
			assertThat(fresh.answered()).isGreaterThan(100);
			assertThat(fresh.failures()).hasSizeLessThanOrEqualTo(before.size() * LOST_PER_LEAVING_WORKER);
		}
	}

	@Test
	void workerThatRefusesTrafficListensNoMoreUntilItAcceptsAgain() throws Exception {
		try (ClusterProcess cluster = tiny().property("cluster.workers", "1").start().awaitServing();
				Socket kept = new Socket(InetAddress.getLoopbackAddress(), cluster.port())) {
			assertThat(request(kept, "/readiness?state=REFUSING_TRAFFIC", "keep-alive")).startsWith("HTTP/1.1 200");
			cluster.await("the worker to pause",
					() -> worker(cluster, 1).get("state").asString().equals("PAUSED") && !isListening(cluster.port()));
			// What is connected is served, once more.
			assertThat(request(kept, "/readiness?state=ACCEPTING_TRAFFIC", "keep-alive")).startsWith("HTTP/1.1 200")
				.contains("Connection: close");
			cluster.await("the worker to be back",
					() -> worker(cluster, 1).get("state").asString().equals("READY") && isListening(cluster.port()));
			assertThat(cluster.get("/who").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void requestInFlightIsAnsweredWhenTheClusterStops() throws Exception {
		try (ClusterProcess cluster = tiny().start().awaitServing()) {
			CompletableFuture<String> slow = ClusterProcess.async(() -> cluster.get("/slow?millis=4000").body());
			cluster.awaitOutput("slow for 4000");
			cluster.signal("TERM");
			assertThat(slow.join()).startsWith("done by ");
			assertThat(cluster.awaitExit(ClusterProcess.PATIENCE)).isZero();
			assertThat(cluster.survivors()).isEmpty();
		}
	}

	@Test
	void tlsIsTomcatsAndSoIsHttp2() throws Exception {
		SelfSigned identity = SelfSigned.create(this.directory, "server");
		try (ClusterProcess cluster = tiny().tls(SelfSigned.trusting(identity))
			.property("cluster.workers", "1")
			.property("server.ssl.key-store", identity.keyStore().toString())
			.property("server.ssl.key-store-password", SelfSigned.PASSWORD)
			.property("server.http2.enabled", "true")
			.property("management.server.ssl.enabled", "false")
			.start()
			.awaitServing()) {
			assertThat(cluster.scheme()).isEqualTo("https");
			JsonNode seen = cluster.json("/request");
			assertThat(seen.get("secure").asBoolean()).isTrue();
			assertThat(seen.get("remote").asString()).isEqualTo("127.0.0.1");
			HttpRequest request = HttpRequest.newBuilder(cluster.uri("/who"))
				.version(HttpClient.Version.HTTP_2)
				.build();
			assertThat(cluster.send(request).version()).isEqualTo(HttpClient.Version.HTTP_2);
			assertThat(cluster.output()).doesNotContain("'server.http2.enabled' has no effect");
		}
	}

	/** As a variable of the environment, too. */
	@Test
	void takenPortIsNamed() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				ClusterProcess cluster = tiny().without("cluster.scheduling-policy")
					.environment("CLUSTER_SCHEDULING_POLICY", "none")
					.property("server.port", Integer.toString(taken.getLocalPort()))
					.start()) {
			assertRefused(cluster, "The public port cannot be opened", Integer.toString(taken.getLocalPort()));
		}
	}

	@Test
	void missingManagementPortIsNamed() throws Exception {
		try (ClusterProcess cluster = tiny().without("management.server.port").start()) {
			assertRefused(cluster, "The launcher's endpoints have no port", "management.server.port");
		}
	}

	private static void assertRefused(ClusterProcess cluster, String... message) throws InterruptedException {
		assertThat(cluster.awaitExit(ClusterProcess.PATIENCE)).as(cluster.output()).isEqualTo(1);
		assertThat(cluster.output()).contains(message).contains("APPLICATION FAILED TO START", "Action:");
		assertThat(cluster.survivors()).isEmpty();
	}

	private static boolean isListening(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Who answers over new connections, until that many did. */
	private static Set<Long> answering(ClusterProcess cluster, int workers) {
		Set<Long> pids = new HashSet<>();
		cluster.await(workers + " workers to answer", () -> {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), cluster.port())) {
				String answer = request(socket, "/who", "close");
				pids.add(JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4)).get("pid").asLong());
			}
			return pids.size() >= workers;
		});
		return pids;
	}

	/** The answer to a request, which must have a length. */
	private static String request(Socket socket, String path, String connection) throws IOException {
		socket.setSoTimeout((int) ClusterProcess.PATIENCE.toMillis());
		socket.getOutputStream()
			.write("GET %s HTTP/1.0\r\nHost: localhost\r\nConnection: %s\r\n\r\n".formatted(path, connection)
				.getBytes(StandardCharsets.US_ASCII));
		StringBuilder answer = new StringBuilder();
		byte[] buffer = new byte[8192];
		for (int read = socket.getInputStream().read(buffer); read >= 0; read = socket.getInputStream().read(buffer)) {
			answer.append(new String(buffer, 0, read, StandardCharsets.US_ASCII));
			if (isComplete(answer.toString())) {
				break;
			}
		}
		return answer.toString();
	}

	private static boolean isComplete(String answer) {
		int head = answer.indexOf("\r\n\r\n");
		String length = answer.replaceFirst("(?s).*Content-Length: (\\d+)\r\n.*", "$1");
		return head >= 0 && length.matches("\\d+") && answer.length() == head + 4 + Integer.parseInt(length);
	}

	private static String endpoint(ClusterProcess cluster) {
		return cluster.output().replaceFirst("(?s).*status +(http://localhost:\\d+/\\S+).*", "$1");
	}

	private static JsonNode status(ClusterProcess cluster) {
		return JSON.readTree(cluster.send(HttpRequest.newBuilder(URI.create(endpoint(cluster))).build()).body());
	}

	private static List<Long> pids(ClusterProcess cluster) {
		return status(cluster).get("workers")
			.valueStream()
			.filter((worker) -> worker.has("pid"))
			.map((worker) -> worker.get("pid").asLong())
			.toList();
	}

	private static JsonNode worker(ClusterProcess cluster, int slot) {
		return status(cluster).get("workers")
			.valueStream()
			.filter((worker) -> worker.get("slot").asInt() == slot)
			.findFirst()
			.orElseThrow();
	}

	private static HttpResponse<String> command(ClusterProcess cluster, String path, String json) {
		return cluster.send(HttpRequest.newBuilder(URI.create(endpoint(cluster) + path))
			.header("Content-Type", "application/json")
			.timeout(ClusterProcess.PATIENCE.multipliedBy(2))
			.POST(BodyPublishers.ofString(json))
			.build());
	}

	private ClusterProcess.Builder tiny() {
		return ClusterProcess.of(Program.TINY, this.directory)
			.property("cluster.scheduling-policy", "none")
			.property("management.server.port", "0")
			.property("management.server.address", "127.0.0.1")
			.property("management.endpoint.cluster.access", "unrestricted");
	}

	/** Clients that ask once over each connection, one after the other. */
	private static final class PacedLoad implements AutoCloseable {

		private final Queue<String> failures = new ConcurrentLinkedQueue<>();

		private final AtomicInteger answered = new AtomicInteger();

		private final List<CompletableFuture<Object>> clients;

		private volatile boolean enough;

		PacedLoad(int port, int clients) {
			this.clients = IntStream.range(0, clients)
				.mapToObj((client) -> ClusterProcess.async(() -> askUntilEnough(port)))
				.toList();
		}

		int answered() {
			return this.answered.get();
		}

		Queue<String> failures() {
			return this.failures;
		}

		void end() {
			close();
			this.clients.forEach(CompletableFuture::join);
		}

		@Override
		public void close() {
			this.enough = true;
		}

		private Object askUntilEnough(int port) {
			while (!this.enough) {
				try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
					String answer = request(socket, "/who", "close");
					if (answer.startsWith("HTTP/1.1 200")) {
						this.answered.incrementAndGet();
					}
					else {
						this.failures.add(answer);
					}
				}
				catch (IOException ex) {
					this.failures.add(ex.toString());
				}
				LockSupport.parkNanos(PACE_NANOS);
			}
			return null;
		}

	}

}

package io.github.bootcluster.integration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.bootcluster.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Launchers as if each had a host of its own, one database, and a load balancer before
 * them that knows nothing of sessions.
 */
class SeveralHostsIT {

	/** Requests that are always under way. */
	private static final int CLIENTS = 2;

	private static PostgresServer postgres;

	@TempDir
	Path directory;

	private final List<Visitor> visitors = Stream.generate(Visitor::new).limit(3).toList();

	private final HttpClient client = HaProxy.newClient();

	@BeforeAll
	static void startServer() {
		Installed.require("haproxy", SeveralHostsIT.class);
		postgres = PostgresServer.start();
	}

	@AfterAll
	static void stopServer() {
		if (postgres != null) {
			postgres.close();
		}
	}

	@Test
	void hostThatDiesTakesNoSessionAndNoReadWithItAndComesBack() throws Exception {
		int[] ports = lastingPorts(3);
		ClusterProcess.Builder first = host("one", ports[0]);
		try (ClusterProcess one = first.start();
				ClusterProcess other = host("other", ports[1]).start();
				HaProxy balancer = HaProxy.start(this.directory, ports[2], one.awaitServing(), other.awaitServing())) {
			awaitAnswerOf(one, balancer);
			awaitAnswerOf(other, balancer);
			assertVisitsCountOn(balancer, 1, 4, Set.of(one.pidOfSlot(1), other.pidOfSlot(1)));
			try (Load load = Load.reading(() -> get(this.client, balancer), CLIENTS)) {
				assertWhatIsInFlightOnAKilledHostIsReadFromTheOther(balancer, one, other);
				int answered = load.answered();
				assertVisitsCountOn(balancer, 5, 6, Set.of(other.pidOfSlot(1)));
				other.await("more reads", () -> load.answered() > answered + 20);

				try (ClusterProcess again = first.start().awaitServing()) {
					awaitAnswerOf(again, balancer);
					load.assertNoFailure();
					assertVisitsCountOn(balancer, 7, 8, Set.of(again.pidOfSlot(1), other.pidOfSlot(1)));
				}
			}
		}
	}

	/** The balancer takes it to be ready. */
	private void awaitAnswerOf(ClusterProcess host, HaProxy balancer) {
		String answer = answerOf(host);
		host.await("the balancer to use it", () -> get(this.client, balancer).body().equals(answer));
	}

	/** Each visitor's visits do, and all of those processes answer. */
	private void assertVisitsCountOn(HaProxy balancer, int from, int to, Set<Long> pids) {
		Set<Long> answering = new HashSet<>();
		for (int expected = from; expected <= to; expected++) {
			for (Visitor visitor : this.visitors) {
				JsonNode answer = visitor.visit(this.client, balancer.uri("/visits"));
				assertThat(answer.get("visits").asInt()).isEqualTo(expected);
				answering.add(answer.get("pid").asLong());
			}
		}
		assertThat(answering).as(balancer.output()).isEqualTo(pids);
	}

	/**
	 * Each request has a connection of its own: of one that had been used before, the
	 * client itself might repeat a request, and nobody would know who did.
	 */
	private void assertWhatIsInFlightOnAKilledHostIsReadFromTheOther(HaProxy balancer, ClusterProcess killed,
			ClusterProcess other) {
		long worker = killed.pidOfSlot(1);
		// From now on what it is sent stays in flight, first of all the load.
		ClusterProcess.signal("STOP", worker);
		killed.await("the load to wait", () -> inFlight(killed) == CLIENTS);
		// Sent in turn: of two requests each host gets one.
		List<CompletableFuture<HttpResponse<String>>> reads = twice(() -> get(HaProxy.newClient(), balancer));
		killed.await("a read to wait", () -> inFlight(killed) == CLIENTS + 1);
		List<CompletableFuture<HttpResponse<String>>> writes = twice(() -> post(HaProxy.newClient(), balancer));
		killed.await("a write to wait", () -> inFlight(killed) == CLIENTS + 2);

		killed.signal("KILL");
		assertThat(reads).extracting(CompletableFuture::join)
			.extracting(HttpResponse::body)
			.as(balancer.output())
			.containsOnly(answerOf(other));
		assertThat(writes).extracting(CompletableFuture::join)
			.extracting(HttpResponse::statusCode)
			.as("not repeated:%n%s", balancer.output())
			.containsExactlyInAnyOrder(405, 502);
		// Stopped, it could not.
		ClusterProcess.signal("CONT", worker);
		killed.await("its worker to end by itself", () -> killed.survivors().isEmpty());
	}

	private static String answerOf(ClusterProcess host) {
		return "Hello from " + host.pidOfSlot(1) + "\n";
	}

	private static int inFlight(ClusterProcess cluster) {
		return cluster.slot(1).get("inFlight").asInt();
	}

	private static List<CompletableFuture<HttpResponse<String>>> twice(Supplier<HttpResponse<String>> request) {
		return Stream.generate(() -> ClusterProcess.async(request)).limit(2).toList();
	}

	private static HttpResponse<String> get(HttpClient client, HaProxy balancer) {
		return send(client, HttpRequest.newBuilder(balancer.uri("/hello")));
	}

	/** A worker has nothing for it, and says so. */
	private static HttpResponse<String> post(HttpClient client, HaProxy balancer) {
		return send(client, HttpRequest.newBuilder(balancer.uri("/hello")).POST(BodyPublishers.noBody()));
	}

	private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) {
		return ClusterProcess.send(client, request.timeout(ClusterProcess.PATIENCE).build());
	}

	private ClusterProcess.Builder host(String name, int port) throws IOException {
		return ClusterProcess.of(Program.SAMPLE_CLASSES, Files.createDirectory(this.directory.resolve(name)))
			.property("server.port", Integer.toString(port))
			.property("cluster.workers", "1")
			.property("cluster.dispatch.trusted-proxies", "127.0.0.1")
			.environment("SPRING_DATASOURCE_URL", postgres.url())
			.environment("SPRING_DATASOURCE_USERNAME", PostgresServer.USER)
			.environment("SPRING_DATASOURCE_PASSWORD", PostgresServer.PASSWORD);
	}

	/**
	 * Below those that systems give who asks for any: nobody gets one while its owner is
	 * away.
	 */
	private static int[] lastingPorts(int count) {
		return ThreadLocalRandom.current()
			.ints(20_000, 30_000)
			.distinct()
			.filter(SeveralHostsIT::isFree)
			.limit(count)
			.toArray();
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

}

package io.github.bootcluster.integration;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import io.github.bootcluster.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Sessions in a PostgreSQL server that the environment names, and nothing else. */
class PostgresSessionsIT {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final int CLIENTS = 8;

	private static final int REQUESTS = 50;

	private static PostgresServer postgres;

	@TempDir
	Path directory;

	private final Visitor visitor = new Visitor();

	@BeforeAll
	static void startServer() {
		postgres = PostgresServer.start();
	}

	@AfterAll
	static void stopServer() {
		if (postgres != null) {
			postgres.close();
		}
	}

	@Test
	void sessionsAreSharedByWorkersSurviveThemAndTakeManyRequestsAtOnce() throws Exception {
		try (ClusterProcess cluster = start()) {
			assertThat(cluster.status().get("sessionStore").get("type").asString()).isEqualTo("postgresql");
			assertThat(this.directory.resolve("home/sessions.mv.db")).doesNotExist();
			assertThat(cluster.output()).doesNotContain(PostgresServer.PASSWORD);
			this.visitor.assertCountsOn(cluster, 1, 6);

			long killed = cluster.pidOfSlot(1);
			ClusterProcess.signal("KILL", killed);
			assertThat(this.visitor.visit(cluster).get("visits").asInt()).isEqualTo(7);
			cluster.awaitReady(1, killed);
			assertManyAtOnceAreAnswered(cluster);
			assertThat(storeHealth(cluster)).contains("\"status\":\"UP\"", "postgresql");
			assertTroubleIsToldSoonAndPasses(cluster, () -> {
				postgres.stop();
				assertHealthTellsOfItAndStaysUp(cluster);
			}, postgres::startAgain);
			assertTroubleIsToldSoonAndPasses(cluster, postgres::freeze, postgres::thaw);
			assertSlowStatementsAreGivenUp(cluster);
			int visits = this.visitor.visit(cluster).get("visits").asInt();

			cluster.signal("TERM");
			assertThat(cluster.awaitExit(Duration.ofSeconds(60))).isZero();
			try (ClusterProcess next = startBeforeItsDatabase()) {
				assertThat(this.visitor.visit(next).get("visits").asInt()).isEqualTo(visits + 1);
			}
		}
	}

	/** As after a reboot of the machine. */
	private ClusterProcess startBeforeItsDatabase() {
		postgres.stop();
		ClusterProcess cluster = prepare().property("cluster.sessions.start-timeout", "2m").start();
		try {
			cluster.await("the launcher to wait", () -> cluster.output().contains("is not there yet; waiting for it"));
		}
		finally {
			postgres.startAgain();
		}
		return cluster.awaitServing();
	}

	private static void assertHealthTellsOfItAndStaysUp(ClusterProcess cluster) {
		cluster.await("health to tell of it", () -> storeHealth(cluster).contains("UNAVAILABLE"));
		assertThat(cluster.get("/actuator/health/sessionStore").statusCode()).as("for a monitor").isEqualTo(503);
		assertThat(cluster.output()).containsOnlyOnce("cannot be used: Connection to 127.0.0.1");
		assertThat(cluster.get("/actuator/health").statusCode()).as("as a balancer sees it").isEqualTo(200);
		assertThat(cluster.json("/actuator/health").get("status").asString()).isEqualTo("UP");
	}

	private static String storeHealth(ClusterProcess cluster) {
		return cluster.json("/actuator/health").get("components").get("sessionStore").toString();
	}

	/** Of one session: those of others are answered. */
	private void assertSlowStatementsAreGivenUp(ClusterProcess cluster) throws SQLException {
		Visitor other = new Visitor();
		other.visit(cluster);
		try (Connection connection = DriverManager.getConnection(postgres.url(), PostgresServer.USER,
				PostgresServer.PASSWORD);
				PreparedStatement lock = connection
					.prepareStatement("SELECT * FROM SPRING_SESSION WHERE SESSION_ID = ? FOR UPDATE")) {
			connection.setAutoCommit(false);
			lock.setString(1, this.visitor.sessionId());
			assertThat(lock.executeQuery().next()).isTrue();
			HttpResponse<String> answer = this.visitor.tryToVisit(cluster, cluster.uri("/visits"));
			assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
			other.visit(cluster);
			other.visit(cluster);
		}
		assertThat(cluster.output()).contains("took too long").contains("canceling statement");
		this.visitor.visit(cluster);
	}

	private void assertTroubleIsToldSoonAndPasses(ClusterProcess cluster, Runnable begin, Runnable end) {
		int before = cluster.output().length();
		try {
			begin.run();
			for (int i = 0; i < 4; i++) {
				long asked = System.nanoTime();
				HttpResponse<String> answer = this.visitor.tryToVisit(cluster, cluster.uri("/visits"));
				assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
				assertThat(answer.headers().firstValue("Retry-After")).isPresent();
				assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(12));
				assertThat(cluster.get("/hello").statusCode()).as("without a session").isEqualTo(200);
			}
			awaitOutput(cluster, before, "The session store is not available");
		}
		finally {
			end.run();
		}
		// Each worker finds out for itself that it is back.
		Set<Long> back = new HashSet<>();
		cluster.await("the session to be back in both workers", () -> {
			HttpResponse<String> answer = this.visitor.tryToVisit(cluster, cluster.uri("/visits"));
			if (answer.statusCode() == 200) {
				back.add(JSON.readTree(answer.body()).get("pid").asLong());
			}
			return back.size() == 2;
		});
		awaitOutput(cluster, before, "The session store is available again");
	}

	private static void awaitOutput(ClusterProcess cluster, int from, String text) {
		cluster.await(text, () -> cluster.output().indexOf(text, from) >= 0);
	}

	/**
	 * As in the pods of an orchestrator; the tables are made by whichever comes first.
	 */
	@Test
	void processesWithoutALauncherShareSessionsToo() {
		try (ClusterProcess one = startAlone("one"); ClusterProcess other = startAlone("other")) {
			for (int expected = 1; expected <= 4; expected++) {
				ClusterProcess process = (expected % 2 == 0) ? one : other;
				HttpResponse<String> answer = this.visitor.tryToVisit(process, uri(process, "/visits"));
				assertThat(answer.body()).contains("\"visits\":" + expected).contains("\"pid\":" + process.pid());
			}
			for (String probe : List.of("liveness", "readiness")) {
				assertThat(one.send(HttpRequest.newBuilder(uri(one, "/actuator/health/" + probe)).build()).statusCode())
					.as(probe)
					.isEqualTo(200);
			}
		}
	}

	private ClusterProcess startAlone(String name) {
		return prepare().property("spring.profiles.active", "standalone")
			.property("cluster.home", this.directory.resolve(name).toString())
			.property("spring.session.jdbc.initialize-schema", "always")
			.jvmArgument("-Djava.io.tmpdir=" + this.directory)
			.start();
	}

	private static URI uri(ClusterProcess process, String path) {
		process.await("the application to be ready", () -> process.output().contains("Started SampleApplication"));
		String port = process.output().replaceFirst("(?s).*Tomcat started on port (\\d+).*", "$1");
		return URI.create("http://127.0.0.1:" + port + path);
	}

	/** They overwrite each other's count, as in any store, but none fails. */
	private void assertManyAtOnceAreAnswered(ClusterProcess cluster) {
		Set<Long> pids = ConcurrentHashMap.newKeySet();
		List<CompletableFuture<Object>> clients = IntStream.range(0, CLIENTS)
			.mapToObj((client) -> ClusterProcess.async(() -> {
				for (int i = 0; i < REQUESTS; i++) {
					pids.add(this.visitor.visit(cluster).get("pid").asLong());
				}
				return null;
			}))
			.toList();
		clients.forEach(CompletableFuture::join);
		assertThat(pids).hasSize(2);
	}

	private ClusterProcess start() {
		return prepare().start().awaitServing();
	}

	private ClusterProcess.Builder prepare() {
		// Both workers are to answer, however long after the other one either was ready.
		return ClusterProcess.of(Program.SAMPLE_JAR, this.directory)
			.property("cluster.dispatch.slow-start", "0s")
			.environment("SPRING_DATASOURCE_URL", postgres.url())
			.environment("SPRING_DATASOURCE_USERNAME", PostgresServer.USER)
			.environment("SPRING_DATASOURCE_PASSWORD", PostgresServer.PASSWORD);
	}

}

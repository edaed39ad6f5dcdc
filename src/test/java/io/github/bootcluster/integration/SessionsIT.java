package io.github.bootcluster.integration;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** One session, whoever answers, and whatever dies. */
class SessionsIT {

	@TempDir
	Path directory;

	private final Visitor visitor = new Visitor();

	@Test
	void visitsGoOnOverWorkersTheirDeathsAndARestartOfTheCluster() throws Exception {
		try (ClusterProcess cluster = start()) {
			this.visitor.assertCountsOn(cluster, 1, 6);

			long killed = cluster.pidOfSlot(1);
			ClusterProcess.signal("KILL", killed);
			cluster.awaitReady(1, killed);
			for (int expected = 7; expected <= 10; expected++) {
				assertThat(this.visitor.visit(cluster).get("visits").asInt()).isEqualTo(expected);
			}

			cluster.signal("TERM");
			assertThat(cluster.awaitExit(Duration.ofSeconds(60))).isZero();
		}
		ClusterProcess.Builder cleaning = prepare().property("spring.session.timeout", "1s")
			.property("spring.session.jdbc.cleanup-cron", "* * * * * *")
			.property("logging.level.io.github.bootcluster.session", "debug");
		try (ClusterProcess cluster = cleaning.start().awaitServing()) {
			assertThat(this.visitor.visit(cluster).get("visits").asInt()).isEqualTo(11);
			assertThat(this.visitor.visit(cluster).get("visits").asInt()).isEqualTo(12);
			assertExpiredSessionsAreRemovedByTheLeader(cluster);
			assertThat(this.visitor.visit(cluster).get("visits").asInt()).as("not expired").isEqualTo(13);
		}
	}

	private void assertExpiredSessionsAreRemovedByTheLeader(ClusterProcess cluster) {
		HttpRequest another = HttpRequest.newBuilder(cluster.uri("/visits")).build();
		assertThat(cluster.send(another).statusCode()).isEqualTo(200);
		cluster.await("the removal", () -> cluster.output().contains("Removed 1 expired sessions"));
		cluster.awaitReady(1, 0);
		cluster.awaitReady(2, 0);
		long lines = removals(cluster).count();
		cluster.await("more of them", () -> removals(cluster).count() > lines + 3);
		Set<String> workers = removals(cluster).map((line) -> line.substring(0, line.indexOf(" |")))
			.collect(Collectors.toSet());
		int leader = cluster.slot(1).get("id").equals(cluster.status().get("leader")) ? 1 : 2;
		assertThat(workers).containsExactly("worker-" + leader);
	}

	private static Stream<String> removals(ClusterProcess cluster) {
		return cluster.output().lines().filter((line) -> line.contains("expired sessions in"));
	}

	private ClusterProcess start() {
		return prepare().start().awaitServing();
	}

	private ClusterProcess.Builder prepare() {
		// Both workers are to answer, however long after the other one either was ready.
		return ClusterProcess.of(Program.SAMPLE_CLASSES, this.directory).property("cluster.dispatch.slow-start", "0s");
	}

}

package io.github.bootcluster.integration;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The book's crash test: every worker dies after a few seconds, under load. */
class CrashStormIT {

	private static final int CLIENTS = 8;

	private static final Duration LOAD = Duration.ofSeconds(15);

	@TempDir
	Path directory;

	@Test
	void noRequestFailsWhileWorkersCrash() {
		try (ClusterProcess cluster = ClusterProcess.of(Program.SAMPLE_CLASSES, this.directory)
			.property("sample.crash-after", "1s-3s")
			.property("cluster.dispatch.queue-timeout", "60s")
			.start()
			.awaitServing()) {
			long end = System.nanoTime() + LOAD.toNanos();
			AtomicInteger answered = new AtomicInteger();
			List<String> failures = new CopyOnWriteArrayList<>();
			CompletableFuture<?>[] clients = IntStream.range(0, CLIENTS)
				.mapToObj((client) -> ClusterProcess.async(() -> {
					while (System.nanoTime() < end) {
						HttpResponse<String> response = cluster.get("/hello");
						answered.incrementAndGet();
						if (response.statusCode() != 200 || !response.body().startsWith("Hello from ")) {
							failures.add(response.statusCode() + " " + response.body());
						}
					}
					return null;
				}))
				.toArray(CompletableFuture[]::new);
			CompletableFuture.allOf(clients).join();
			assertThat(failures).isEmpty();
			assertThat(answered).hasValueGreaterThan(CLIENTS);
			int crashes = cluster.status()
				.get("workers")
				.valueStream()
				.mapToInt((worker) -> worker.get("restarts").asInt())
				.sum();
			assertThat(crashes).isGreaterThanOrEqualTo(2);
		}
	}

}

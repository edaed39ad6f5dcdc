package io.github.bootcluster.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.bootcluster.dispatch.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A whole cluster under load, of which one worker is killed with SIGKILL whenever another
 * one is ready, but not more than one a second.
 */
class KillStormIT {

	private static final int CLIENTS = 6;

	private static final int KILLS = 5;

	private static final int REQUESTS = 2000;

	private static final List<String> METHODS = List.of("GET", "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST");

	@TempDir
	Path directory;

	/** Status by key. */
	private final Map<String, Integer> posts = new ConcurrentHashMap<>();

	private final Map<String, String> failures = new ConcurrentHashMap<>();

	private final AtomicInteger repeatable = new AtomicInteger();

	private final AtomicBoolean enough = new AtomicBoolean();

	private int kills;

	@Test
	void noRequestFailsThatMayBeRepeatedAndNoOtherIsExecutedTwice() throws Exception {
		Path executions = Files.createFile(this.directory.resolve("executions"));
		ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
		try (ClusterProcess cluster = ClusterProcess.of(Program.TINY, this.directory)
			.property("cluster.workers", "3")
			.property("cluster.restart.stable-after", "0s")
			.property("tiny.executions", executions.toString())
			.start()
			.awaitServing()) {
			List<Future<?>> clients = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				int number = i;
				clients.add(threads.submit(() -> {
					send(cluster.port(), number);
					return null;
				}));
			}
			try {
				kill(cluster, clients);
			}
			finally {
				this.enough.set(true);
			}
			for (Future<?> client : clients) {
				client.get();
			}
			check(executions);
			assertThat(this.repeatable).hasValueGreaterThanOrEqualTo(REQUESTS);
			report(cluster.status());
		}
		finally {
			threads.shutdownNow();
		}
	}

	private void kill(ClusterProcess cluster, List<Future<?>> clients) {
		List<Long> killed = new ArrayList<>();
		while ((this.kills < KILLS || this.repeatable.get() < REQUESTS) && clients.stream().noneMatch(Future::isDone)) {
			long begin = System.nanoTime();
			cluster.await("two workers to be ready", () -> readyPids(cluster, killed).size() >= 2);
			List<Long> ready = readyPids(cluster, killed);
			if (ready.size() >= 2) {
				ClusterProcess.signal("KILL", ready.get(0));
				killed.add(ready.get(0));
				this.kills++;
			}
			LockSupport.parkNanos(Duration.ofSeconds(1).toNanos() - (System.nanoTime() - begin));
		}
	}

	/** Those ready longest first. */
	private static List<Long> readyPids(ClusterProcess cluster, List<Long> killed) {
		return cluster.status()
			.get("workers")
			.valueStream()
			.filter((worker) -> worker.get("state").asString().equals("READY"))
			.map((worker) -> worker.get("pid").asLong())
			.filter((pid) -> !killed.contains(pid))
			.sorted()
			.toList();
	}

	private void send(int port, int number) throws IOException {
		Random random = new Random(number);
		RawClient client = new RawClient(port);
		try {
			for (int i = 0; !this.enough.get(); i++) {
				String method = METHODS.get(random.nextInt(METHODS.size()));
				String key = number + "-" + i;
				client.send("%s /execute?key=%s&millis=%d HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody"
					.formatted(method, key, random.nextInt(30)));
				RawClient.Response response = method.equals("HEAD") ? client.readBodiless() : client.read();
				note(method, key, response);
				if ("close".equalsIgnoreCase(response.header("Connection"))) {
					client.close();
					client = new RawClient(port);
				}
			}
		}
		finally {
			client.close();
		}
	}

	private void note(String method, String key, RawClient.Response response) {
		if (method.equals("POST")) {
			this.posts.put(key, response.status());
			return;
		}
		this.repeatable.incrementAndGet();
		String whole = method.equals("HEAD") ? "" : method + " " + key;
		if (response.status() != 200 || !response.body().equals(whole)) {
			this.failures.put(method + " " + key, response.status() + " " + response.body());
		}
	}

	private void check(Path executions) throws IOException {
		Map<String, Long> counts;
		try (Stream<String> lines = Files.lines(executions)) {
			counts = lines.collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
		}
		assertThat(this.failures).isEmpty();
		assertThat(this.posts).allSatisfy((key, status) -> {
			assertThat(status).as(key).isIn(200, 502);
			assertThat(counts.getOrDefault("POST " + key, 0L)).as(key).isBetween((status == 200) ? 1L : 0L, 1L);
		});
	}

	private void report(JsonNode status) {
		System.out.printf(
				"kill storm in a cluster: %d kills, %d repeatable requests, %d POST of which %d got 502, %s retries%n",
				this.kills, this.repeatable.get(), this.posts.size(),
				this.posts.values().stream().filter((code) -> code == 502).count(),
				status.get("dispatcher").get("retries"));
	}

}

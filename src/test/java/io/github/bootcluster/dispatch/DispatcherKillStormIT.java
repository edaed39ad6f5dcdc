package io.github.bootcluster.dispatch;

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.bootcluster.dispatch.CheckedRequest.Body;
import io.github.bootcluster.dispatch.CheckedRequest.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Real workers under load, of which one is killed with SIGKILL every second. */
class DispatcherKillStormIT {

	private static final int WORKERS = 4;

	private static final int CLIENTS = 16;

	private static final int REQUESTS = 10_000;

	private static final int KILLS = 15;

	private static final List<String> METHODS = List.of("GET", "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST");

	@TempDir
	Path directory;

	/** By key; the keys of POST are those executed once at most. */
	private final Map<String, Outcome> posts = new ConcurrentHashMap<>();

	private final Map<String, Outcome> failures = new ConcurrentHashMap<>();

	private final AtomicInteger repeatable = new AtomicInteger();

	@Test
	void noRequestFailsThatMayBeRepeatedAndNoOtherIsExecutedTwice() throws Exception {
		Path executions = Files.createFile(this.directory.resolve("executions"));
		long end = System.nanoTime() + Duration.ofSeconds(100).toNanos();
		ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
		try (TestBed bed = TestBed.start((settings) -> {
			settings.queueTimeout = MortalProcess.PATIENCE;
			return settings;
		}); MortalCluster cluster = MortalCluster.start(WORKERS, Duration.ofSeconds(1), bed, executions)) {
			List<Future<?>> clients = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				int number = i;
				clients.add(threads.submit(() -> {
					send(bed, cluster, number, end);
					return null;
				}));
			}
			for (Future<?> client : clients) {
				client.get(MortalProcess.PATIENCE.toSeconds() * 2, TimeUnit.SECONDS);
			}
			check(Executions.read(executions));
			assertThat(this.repeatable).hasValueGreaterThanOrEqualTo(REQUESTS);
			assertThat(cluster.kills()).isGreaterThanOrEqualTo(KILLS);
			assertThat(bed.dispatcher().snapshot().retries()).isPositive();
			report(cluster, bed);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private void send(TestBed bed, MortalCluster cluster, int number, long end) throws IOException {
		Random random = new Random(number);
		RawClient client = new RawClient(bed.dispatcher().port());
		try {
			for (int i = 0; (this.repeatable.get() < REQUESTS || cluster.kills() < KILLS)
					&& System.nanoTime() < end; i++) {
				CheckedRequest request = new CheckedRequest(METHODS.get(random.nextInt(METHODS.size())),
						random.nextBoolean() ? Body.NONE : Body.CHUNKED,
						random.nextBoolean() ? AnswerForm.FIXED : AnswerForm.CHUNKED, number + "-" + i, client);
				request.send(random.nextInt(20));
				Outcome outcome = request.outcome();
				note(request, outcome);
				if (outcome == Outcome.ABORTED || request.endsConnection()) {
					client.close();
					client = new RawClient(bed.dispatcher().port());
				}
			}
		}
		finally {
			client.close();
		}
	}

	private void note(CheckedRequest request, Outcome outcome) {
		if (!request.isIdempotent()) {
			this.posts.put(request.key(), outcome);
		}
		else {
			this.repeatable.incrementAndGet();
			if (outcome != Outcome.WHOLE) {
				this.failures.put(request.method() + " " + request.key(), outcome);
			}
		}
	}

	private void check(Executions executions) {
		assertThat(this.failures).isEmpty();
		assertThat(this.posts).allSatisfy((key, outcome) -> {
			assertThat(outcome).as(key).isIn(Outcome.WHOLE, Outcome.BAD_GATEWAY);
			assertThat(executions.of("POST", key)).as(key).isBetween((outcome == Outcome.WHOLE) ? 1L : 0L, 1L);
		});
	}

	private void report(MortalCluster cluster, TestBed bed) {
		System.out.printf("kill storm: %d kills, %d repeatable requests, %d POST of which %d got 502, %d retries%n",
				cluster.kills(), this.repeatable.get(), this.posts.size(),
				this.posts.values().stream().filter((outcome) -> outcome == Outcome.BAD_GATEWAY).count(),
				bed.dispatcher().snapshot().retries());
	}

}

package io.github.bootcluster.integration;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that send one request after the other until they are closed; any answer but the
 * right one is a failure.
 */
final class Load implements AutoCloseable {

	private static final Duration PAUSE = Duration.ofMillis(3);

	private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

	private final AtomicInteger answered = new AtomicInteger();

	private final List<CompletableFuture<Object>> clients = new ArrayList<>();

	private volatile boolean enough;

	/** Reads. */
	static Load reading(ClusterProcess cluster, String path, int clients) {
		return reading(() -> cluster.get(path), clients);
	}

	/** Reads, wherever that is. */
	static Load reading(Supplier<HttpResponse<String>> request, int clients) {
		Load load = new Load();
		for (int i = 0; i < clients; i++) {
			load.repeat((nothing) -> load.check(request.get(), null));
		}
		return load;
	}

	/**
	 * Reads, and clients that each count in a session of their own: by POST, which nobody
	 * repeats.
	 */
	static Load readingAndCounting(ClusterProcess cluster, String path, int clients) {
		Load load = reading(cluster, path, clients);
		for (int i = 0; i < clients; i++) {
			Counter counter = new Counter();
			load.repeat((nothing) -> load.count(cluster, counter));
		}
		return load;
	}

	int answered() {
		return this.answered.get();
	}

	/** End, and see that all was well. */
	void assertNoFailure() {
		close();
		this.clients.forEach(CompletableFuture::join);
		assertThat(this.failures).isEmpty();
		assertThat(this.answered).hasPositiveValue();
	}

	@Override
	public void close() {
		this.enough = true;
	}

	/** Paced: without it the clients take the processors from the workers that start. */
	private void repeat(Consumer<Load> request) {
		this.clients.add(ClusterProcess.async(() -> {
			while (!this.enough) {
				request.accept(this);
				LockSupport.parkNanos(PAUSE.toNanos());
			}
			return null;
		}));
	}

	private void count(ClusterProcess cluster, Counter counter) {
		HttpRequest.Builder request = HttpRequest.newBuilder(cluster.uri("/count"))
			.timeout(ClusterProcess.PATIENCE)
			.POST(BodyPublishers.noBody());
		if (counter.cookie != null) {
			request.header("Cookie", counter.cookie);
		}
		HttpResponse<String> response = cluster.send(request.build());
		response.headers()
			.firstValue("Set-Cookie")
			.ifPresent((cookie) -> counter.cookie = cookie.substring(0, cookie.indexOf(';')));
		check(response, Long.toString(++counter.count));
	}

	private void check(HttpResponse<String> response, String expected) {
		this.answered.incrementAndGet();
		if (response.statusCode() != 200 || (expected != null && !response.body().equals(expected))) {
			this.failures.add("%s: %d %s, expected %s".formatted(response.uri(), response.statusCode(), response.body(),
					expected));
		}
	}

	/** Owned by its client's thread. */
	private static final class Counter {

		private String cookie;

		private long count;

	}

}

package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

import io.github.bootcluster.ClusterProperties;
import org.jspecify.annotations.Nullable;

/**
 * What one worker may use up before it is recycled. Requests and lifetime are shortened
 * by a random part of up to a tenth, so that workers that started together do not come to
 * their ends together. Zero is no limit.
 *
 * @param requests number of requests
 * @param lifetime time since its start
 * @param memory bytes of resident memory
 */
record Allowance(long requests, Duration lifetime, long memory) {

	private static final double JITTER = 0.1;

	static Allowance of(ClusterProperties.Worker settings, RandomGenerator random) {
		long requests = settings.maxRequests();
		long millis = settings.maxLifetime().toMillis();
		return new Allowance((requests > 0) ? Math.max(1, shortened(requests, random)) : 0,
				(millis > 0) ? Duration.ofMillis(Math.max(1, shortened(millis, random))) : Duration.ZERO,
				settings.maxMemory().toBytes());
	}

	/**
	 * When a worker that started then has lived long enough, or {@code null} if never.
	 */
	@Nullable Instant endOfLife(Instant startedAt) {
		return this.lifetime.isZero() ? null : startedAt.plus(this.lifetime);
	}

	/**
	 * Why a worker is to be recycled, or {@code null} if it is not.
	 * @param requests those it has had
	 * @param memory bytes it takes, 0 where that is not known
	 */
	@Nullable String exceeded(Instant startedAt, Instant now, long requests, long memory) {
		if (this.requests > 0 && requests >= this.requests) {
			return "it has had %d requests (cluster.worker.max-requests)".formatted(requests);
		}
		if (this.memory > 0 && memory > this.memory) {
			return "it takes %d MB of memory (cluster.worker.max-memory)".formatted(memory >> 20);
		}
		Instant endOfLife = endOfLife(startedAt);
		if (endOfLife != null && !now.isBefore(endOfLife)) {
			return "it has lived for %s (cluster.worker.max-lifetime)"
				.formatted(Seconds.of(Duration.between(startedAt, now)));
		}
		return null;
	}

	private static long shortened(long value, RandomGenerator random) {
		return value - (long) (value * JITTER * random.nextDouble());
	}

}

package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.github.bootcluster.ClusterProperties;

/**
 * How long a slot waits before its next worker. A single death is followed by a
 * replacement at once; from the second young death in a row on, the delay starts at
 * {@code initial-delay} and doubles up to {@code max-delay}. Each delay is shortened by a
 * random part of up to a fifth, so that slots felled by one cause do not come back in
 * step. Where nobody serves, the {@link Crew} waits for less.
 */
final class Backoff {

	private static final double JITTER = 0.2;

	private final Duration initialDelay;

	private final Duration maxDelay;

	private final Duration stableAfter;

	private final RandomGenerator random;

	/** Young deaths in a row. Owned by the supervisor's thread. */
	private int youngDeaths;

	Backoff(ClusterProperties.Restart settings, RandomGenerator random) {
		this.initialDelay = settings.initialDelay();
		this.maxDelay = settings.maxDelay();
		this.stableAfter = settings.stableAfter();
		this.random = random;
	}

	/**
	 * Count a death.
	 * @param readyFor how long the worker had been ready, zero if it never was
	 * @return the delay before its replacement
	 */
	Duration afterDeath(Duration readyFor) {
		boolean young = readyFor.isZero() || readyFor.compareTo(this.stableAfter) < 0;
		this.youngDeaths = young ? this.youngDeaths + 1 : 1;
		if (this.youngDeaths <= 1) {
			return Duration.ZERO;
		}
		// Beyond 2^30 the maximum has long been reached.
		long factor = 1L << Math.min(this.youngDeaths - 2, 30);
		long delay = Math.min(Math.multiplyExact(Math.min(this.initialDelay.toMillis(), Integer.MAX_VALUE), factor),
				this.maxDelay.toMillis());
		return Duration.ofMillis(Math.round(delay * (1 - JITTER * this.random.nextDouble())));
	}

}

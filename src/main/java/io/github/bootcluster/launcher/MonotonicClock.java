package io.github.bootcluster.launcher;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Wall-clock time at its creation, then elapsed time: a stepped system clock neither
 * expires nor prolongs a deadline.
 */
final class MonotonicClock implements InstantSource {

	private final Instant base = Instant.now();

	private final long baseNanos = System.nanoTime();

	@Override
	public Instant instant() {
		return this.base.plusNanos(System.nanoTime() - this.baseNanos);
	}

}

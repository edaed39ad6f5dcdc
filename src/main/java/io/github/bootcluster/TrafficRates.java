package io.github.bootcluster;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The traffic of the last seconds.
 *
 * @param window the time it is of
 * @param total that of the public port, the launcher's own pages left out
 * @param workers that of each worker
 * @since 0.1.0
 */
public record TrafficRates(Duration window, Rates total, Map<WorkerId, Rates> workers) {

	public TrafficRates {
		workers = Map.copyOf(workers);
	}

	/**
	 * How many requests ended in a second, and how long they took.
	 *
	 * @param requests requests a second
	 * @param errors of those, the ones with no complete answer, or a status from 500
	 * @param latency how long they took, or {@code null} if there were none
	 */
	public record Rates(double requests, double errors, @Nullable Latency latency) {

		/** Of no traffic. */
		public static final Rates NONE = new Rates(0, 0, null);

	}

	/**
	 * How long requests took, from their head to the last byte of their answer, in
	 * seconds: so much or less for 50, 95 and 99 of 100.
	 */
	public record Latency(double p50, double p95, double p99) {

	}

}

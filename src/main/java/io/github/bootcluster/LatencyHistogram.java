package io.github.bootcluster;

import java.util.Arrays;

/**
 * How long many things took: how many of them took how long. Immutable.
 *
 * @since 0.1.0
 */
public final class LatencyHistogram {

	/**
	 * Upper bounds of the buckets, in nanoseconds, ascending; beyond the last there is
	 * one more bucket. Ten for every power of ten from 0.1 ms to 100 s (the series R10 of
	 * ISO 3), so that a quantile is known to a tenth or so.
	 */
	private static final long[] BOUNDS = bounds();

	/** How many buckets there are. */
	public static final int BUCKETS = BOUNDS.length + 1;

	/** Of nothing. */
	public static final LatencyHistogram EMPTY = new LatencyHistogram(new long[BUCKETS], 0);

	private static final double NANOS_PER_SECOND = 1e9;

	private final long[] counts;

	private final long sumNanos;

	private LatencyHistogram(long[] counts, long sumNanos) {
		this.counts = counts;
		this.sumNanos = sumNanos;
	}

	/**
	 * Create one.
	 * @param counts how many there are in each of the {@value #BUCKETS} buckets
	 * @param sumNanos what they took together, in nanoseconds
	 */
	public static LatencyHistogram of(long[] counts, long sumNanos) {
		if (counts.length != BUCKETS) {
			throw new IllegalArgumentException("There are %d buckets, not %d".formatted(BUCKETS, counts.length));
		}
		return new LatencyHistogram(counts.clone(), sumNanos);
	}

	/** The bucket of what took so many nanoseconds. */
	public static int bucketOf(long nanos) {
		int found = Arrays.binarySearch(BOUNDS, nanos);
		return (found >= 0) ? found : -found - 1;
	}

	/** The upper bound of a bucket, in seconds; that of the last is infinite. */
	public static double boundOf(int bucket) {
		return (bucket < BOUNDS.length) ? BOUNDS[bucket] / NANOS_PER_SECOND : Double.POSITIVE_INFINITY;
	}

	/** How many there are in a bucket. */
	public long countOf(int bucket) {
		return this.counts[bucket];
	}

	/** How many there are. */
	public long count() {
		return Arrays.stream(this.counts).sum();
	}

	/** What they took together, in seconds. */
	public double sumSeconds() {
		return this.sumNanos / NANOS_PER_SECOND;
	}

	/** Those of both. */
	public LatencyHistogram plus(LatencyHistogram other) {
		return combine(other, 1);
	}

	/** Those that came after an earlier state of the same. */
	public LatencyHistogram since(LatencyHistogram earlier) {
		return combine(earlier, -1);
	}

	/**
	 * What a part of them took at most, in seconds, as near as buckets tell; of what is
	 * beyond the last bound, that.
	 * @param part the part, from 0 to 1, such as 0.99
	 * @return {@code NaN} if there is none
	 */
	public double quantile(double part) {
		double rank = part * count();
		long below = 0;
		for (int bucket = 0; bucket < BUCKETS; bucket++) {
			long count = this.counts[bucket];
			if (count > 0 && below + count >= rank) {
				double from = (bucket > 0) ? boundOf(bucket - 1) : 0;
				double to = (bucket < BOUNDS.length) ? boundOf(bucket) : from;
				return from + (to - from) * Math.max(0, rank - below) / count;
			}
			below += count;
		}
		return Double.NaN;
	}

	private LatencyHistogram combine(LatencyHistogram other, int sign) {
		long[] sums = new long[BUCKETS];
		for (int bucket = 0; bucket < BUCKETS; bucket++) {
			sums[bucket] = this.counts[bucket] + sign * other.counts[bucket];
		}
		return new LatencyHistogram(sums, this.sumNanos + sign * other.sumNanos);
	}

	private static long[] bounds() {
		int[] steps = { 100, 125, 160, 200, 250, 315, 400, 500, 630, 800 };
		int decades = 6;
		long[] bounds = new long[decades * steps.length + 1];
		long unit = 1_000;
		for (int decade = 0; decade < decades; decade++, unit *= 10) {
			for (int step = 0; step < steps.length; step++) {
				bounds[decade * steps.length + step] = steps[step] * unit;
			}
		}
		bounds[bounds.length - 1] = 100 * unit;
		return bounds;
	}

}

package io.github.bootcluster.dispatch;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

import io.github.bootcluster.LatencyHistogram;

/** Takes down how long things took. Safe for use by any thread. */
final class LatencyRecorder {

	private final AtomicLongArray counts = new AtomicLongArray(LatencyHistogram.BUCKETS);

	private final LongAdder sumNanos = new LongAdder();

	void record(long nanos) {
		long taken = Math.max(0, nanos);
		this.counts.getAndIncrement(LatencyHistogram.bucketOf(taken));
		this.sumNanos.add(taken);
	}

	/** All so far. */
	LatencyHistogram read() {
		long[] counts = new long[LatencyHistogram.BUCKETS];
		for (int bucket = 0; bucket < counts.length; bucket++) {
			counts[bucket] = this.counts.get(bucket);
		}
		return LatencyHistogram.of(counts, this.sumNanos.sum());
	}

}

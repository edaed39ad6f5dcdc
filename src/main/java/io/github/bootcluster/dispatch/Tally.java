package io.github.bootcluster.dispatch;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

import io.github.bootcluster.LatencyHistogram;
import io.github.bootcluster.TrafficReport.Ending;
import io.github.bootcluster.TrafficReport.Kind;
import io.github.bootcluster.TrafficReport.MethodClass;
import io.github.bootcluster.TrafficReport.Served;

/**
 * What was answered by one server, whatever number of processes that was so far. Safe for
 * use by any thread.
 */
final class Tally {

	private static final MethodClass[] METHODS = MethodClass.values();

	private static final Ending[] ENDINGS = Ending.values();

	/** By method and ending. */
	private final AtomicLongArray requests = new AtomicLongArray(METHODS.length * ENDINGS.length);

	private final LatencyRecorder duration = new LatencyRecorder();

	private final LatencyRecorder upstream = new LatencyRecorder();

	private final LongAdder requestBytes = new LongAdder();

	private final LongAdder responseBytes = new LongAdder();

	void ended(MethodClass method, Ending ending, long requestBytes, long responseBytes) {
		this.requests.getAndIncrement(index(method, ending));
		this.requestBytes.add(requestBytes);
		this.responseBytes.add(responseBytes);
	}

	/**
	 * One that ended has a duration that says something.
	 * @param upstreamNanos of its last attempt, or -1 if there was none
	 */
	void took(long totalNanos, long upstreamNanos) {
		this.duration.record(totalNanos);
		if (upstreamNanos >= 0) {
			this.upstream.record(upstreamNanos);
		}
	}

	LatencyHistogram duration() {
		return this.duration.read();
	}

	/** How many ended in one of these ways. */
	long requests(Predicate<Ending> ways) {
		long count = 0;
		for (Ending ending : ENDINGS) {
			if (ways.test(ending)) {
				for (MethodClass method : METHODS) {
					count += this.requests.get(index(method, ending));
				}
			}
		}
		return count;
	}

	Served read() {
		Map<Kind, Long> counts = new HashMap<>();
		for (MethodClass method : METHODS) {
			for (Ending ending : ENDINGS) {
				long count = this.requests.get(index(method, ending));
				if (count > 0) {
					counts.put(new Kind(method, ending), count);
				}
			}
		}
		return new Served(counts, this.duration.read(), this.upstream.read(), this.requestBytes.sum(),
				this.responseBytes.sum());
	}

	private static int index(MethodClass method, Ending ending) {
		return method.ordinal() * ENDINGS.length + ending.ordinal();
	}

}

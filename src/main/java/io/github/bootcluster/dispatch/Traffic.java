package io.github.bootcluster.dispatch;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts of the dispatcher as a whole; written by every event loop, read by anybody.
 */
final class Traffic {

	/** Open connections of clients. */
	final AtomicInteger connections = new AtomicInteger();

	/** Requests that have begun and not ended, waiting ones included. */
	final AtomicInteger exchanges = new AtomicInteger();

	final LongAdder requests = new LongAdder();

	final LongAdder retries = new LongAdder();

	final LongAdder failures = new LongAdder();

}

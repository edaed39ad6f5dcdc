package io.github.bootcluster.dispatch;

import java.util.concurrent.atomic.LongAdder;

import io.github.bootcluster.dispatch.TrafficSample.Part;

/** How one target does. Safe for use by any thread. */
final class Pulse {

	private final LatencyRecorder latency = new LatencyRecorder();

	private final LongAdder requests = new LongAdder();

	private final LongAdder errors = new LongAdder();

	void took(long nanos) {
		this.latency.record(nanos);
	}

	void ended(boolean error) {
		this.requests.increment();
		if (error) {
			this.errors.increment();
		}
	}

	Part read() {
		return new Part(this.requests.sum(), this.latency.read(), this.errors.sum());
	}

}

package io.github.bootcluster.dispatch;

import java.util.Map;

import io.github.bootcluster.LatencyHistogram;
import io.github.bootcluster.WorkerId;

/**
 * How requests went so far: two of these tell how they went in between.
 *
 * @param total all but those for the launcher's own pages
 * @param workers those that were sent to each of the present workers
 * @since 0.1.0
 */
public record TrafficSample(Part total, Map<WorkerId, Part> workers) {

	/** Of no requests. */
	public static final TrafficSample NONE = new TrafficSample(Part.NONE, Map.of());

	public TrafficSample {
		workers = Map.copyOf(workers);
	}

	/**
	 * Some of the requests.
	 *
	 * @param requests how many ended
	 * @param latency how long those took of which that says something
	 * @param errors how many ended with an error of a worker, of the dispatcher, or in
	 * mid-answer
	 */
	public record Part(long requests, LatencyHistogram latency, long errors) {

		/** Of no requests. */
		public static final Part NONE = new Part(0, LatencyHistogram.EMPTY, 0);

	}

}

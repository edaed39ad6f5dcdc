package io.github.bootcluster;

import java.util.Optional;

/**
 * How a cluster is doing: what no decision depends on, and is measured apart from its
 * state. Safe for use by any thread; nothing is measured because somebody asks.
 *
 * @since 0.1.0
 */
public interface ClusterTelemetry {

	/** The traffic of the last seconds. */
	TrafficRates traffic();

	/**
	 * What a worker's process uses.
	 * @param id the worker
	 * @return empty where that is not known (yet)
	 */
	Optional<WorkerVitals> vitals(WorkerId id);

}

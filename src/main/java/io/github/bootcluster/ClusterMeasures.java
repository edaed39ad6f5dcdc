package io.github.bootcluster;

import java.util.List;
import java.util.Map;

/**
 * What the metrics of a cluster are made of. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface ClusterMeasures {

	/** What has passed through the public port. */
	TrafficReport traffic();

	/** What has become of processes. */
	LifeReport life();

	/**
	 * Ask all workers for their meters and wait for their answers, for a bounded time.
	 * @return those of the workers that answered in time, and of those that have said
	 * theirs when they ended since the last time; a worker that has no meters answers
	 * with none
	 */
	Map<WorkerId, List<MetricFamily>> workers();

}

package io.github.bootcluster.actuate;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * UP while enough workers are in rotation, OUT_OF_SERVICE once the cluster stops.
 *
 * @since 0.1.0
 */
public class ClusterHealthIndicator extends AbstractHealthIndicator {

	private final Cluster cluster;

	private final int minReadyWorkers;

	/**
	 * Create the indicator.
	 * @param minReadyWorkers how many workers are enough; where fewer are wanted, all of
	 * them
	 */
	public ClusterHealthIndicator(Cluster cluster, int minReadyWorkers) {
		super("The state of the cluster could not be read");
		this.cluster = cluster;
		this.minReadyWorkers = minReadyWorkers;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		ClusterSnapshot snapshot = this.cluster.snapshot();
		builder.status(statusOf(snapshot))
			.withDetail("state", snapshot.state())
			.withDetail("readyWorkers", snapshot.readyWorkers())
			.withDetail("desiredWorkers", snapshot.desiredWorkers());
	}

	private Status statusOf(ClusterSnapshot snapshot) {
		if (snapshot.state() == ClusterState.STOPPING) {
			return Status.OUT_OF_SERVICE;
		}
		int enough = Math.max(1, Math.min(this.minReadyWorkers, snapshot.desiredWorkers()));
		return (snapshot.readyWorkers() >= enough) ? Status.UP : Status.DOWN;
	}

}

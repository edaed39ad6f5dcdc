package io.github.bootcluster.actuate;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterSnapshot;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * UP while a worker is in rotation.
 *
 * @since 0.1.0
 */
public class ClusterHealthIndicator extends AbstractHealthIndicator {

	private final Cluster cluster;

	public ClusterHealthIndicator(Cluster cluster) {
		super("The state of the cluster could not be read");
		this.cluster = cluster;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		ClusterSnapshot snapshot = this.cluster.snapshot();
		((snapshot.readyWorkers() > 0) ? builder.up() : builder.down()).withDetail("state", snapshot.state())
			.withDetail("readyWorkers", snapshot.readyWorkers())
			.withDetail("desiredWorkers", snapshot.desiredWorkers());
	}

}

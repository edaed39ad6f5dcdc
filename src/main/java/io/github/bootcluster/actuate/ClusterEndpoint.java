package io.github.bootcluster.actuate;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerOutput;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * {@code /actuator/cluster}: the whole cluster, and each worker with its last lines.
 *
 * @since 0.1.0
 */
@Endpoint(id = "cluster", defaultAccess = Access.READ_ONLY)
public class ClusterEndpoint {

	private final Cluster cluster;

	private final WorkerOutput output;

	public ClusterEndpoint(Cluster cluster, WorkerOutput output) {
		this.cluster = cluster;
		this.output = output;
	}

	/** The cluster now. */
	@ReadOperation
	public ClusterDescriptor cluster() {
		return ClusterDescriptor.of(this.cluster.snapshot());
	}

	/**
	 * One worker.
	 * @param id its id
	 * @return {@code null} if the cluster has no such worker (any more)
	 */
	@ReadOperation
	public @Nullable WorkerDetailsDescriptor worker(@Selector long id) {
		if (id < 1) {
			throw new InvalidEndpointRequestException("Worker ids start at 1, not " + id, "id must be at least 1");
		}
		return this.cluster.snapshot()
			.worker(WorkerId.of(id))
			.map((worker) -> WorkerDetailsDescriptor.of(worker, this.output))
			.orElse(null);
	}

}

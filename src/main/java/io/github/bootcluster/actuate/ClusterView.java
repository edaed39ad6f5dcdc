package io.github.bootcluster.actuate;

import java.util.List;
import java.util.Optional;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.ClusterTimeline;
import io.github.bootcluster.SessionStoreHealth;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerOutput;
import org.jspecify.annotations.Nullable;

/**
 * What operators see of a cluster, put together from what several know of it. Safe for
 * use by any thread.
 *
 * @since 0.1.0
 */
public final class ClusterView {

	private final Cluster cluster;

	private final ClusterTelemetry telemetry;

	private final ClusterTimeline timeline;

	private final WorkerOutput output;

	private final @Nullable SessionStoreHealth sessionStore;

	/**
	 * Create a view.
	 * @param sessionStore {@code null} where nobody knows of its health
	 */
	public ClusterView(Cluster cluster, ClusterTelemetry telemetry, ClusterTimeline timeline, WorkerOutput output,
			@Nullable SessionStoreHealth sessionStore) {
		this.cluster = cluster;
		this.telemetry = telemetry;
		this.timeline = timeline;
		this.output = output;
		this.sessionStore = sessionStore;
	}

	/** The cluster now. */
	public ClusterDescriptor cluster() {
		return ClusterDescriptor.of(this.cluster.snapshot(), this.telemetry, this.output,
				(this.sessionStore != null) ? this.sessionStore.status() : null);
	}

	/**
	 * One worker, with the lines of its output that came after one.
	 * @param after number of that line; 0 for all that are kept
	 * @return empty if the cluster has no such worker (any more)
	 */
	public Optional<WorkerDetailsDescriptor> worker(WorkerId id, long after) {
		return this.cluster.snapshot()
			.worker(id)
			.map((worker) -> WorkerDetailsDescriptor.of(worker, this.telemetry, this.output, after));
	}

	/**
	 * What happened after something.
	 * @param after number of that; 0 for all that is kept
	 */
	public EventsDescriptor events(long after) {
		return EventsDescriptor.of(this.timeline, after);
	}

	/** The last lines of a worker, if there is one. */
	List<String> lastWords(@Nullable WorkerId worker) {
		return LastWords.of(worker, this.output);
	}

}

package io.github.bootcluster.worker;

import java.util.Optional;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.Role;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.leader.Leadership;

/** The cluster as one of its workers was last told. */
final class WorkerCluster implements Cluster {

	private final WorkerId self;

	private final int generation;

	private final Leadership leadership;

	private final Runnable recycling;

	/** Written by the thread that listens to the launcher, read by any. */
	private volatile ClusterSnapshot latest;

	/**
	 * Create the cluster of a worker that has just joined.
	 * @param generation its generation, which never changes
	 * @param recycling has the launcher replace it
	 */
	WorkerCluster(WorkerId self, int generation, ClusterSnapshot first, Leadership leadership, Runnable recycling) {
		this.self = self;
		this.generation = generation;
		this.leadership = leadership;
		this.recycling = recycling;
		this.latest = first;
	}

	@Override
	public Role role() {
		return Role.WORKER;
	}

	@Override
	public Optional<WorkerId> workerId() {
		return Optional.of(this.self);
	}

	@Override
	public ClusterSnapshot snapshot() {
		return this.latest;
	}

	@Override
	public boolean isLeader() {
		return this.leadership.isLeader();
	}

	/** Also of one that no snapshot shows, since it only makes a start-up cache. */
	@Override
	public int generation() {
		return this.generation;
	}

	@Override
	public void recycle() {
		this.recycling.run();
	}

	/** Take a snapshot unless a later one is known. */
	void update(ClusterSnapshot snapshot) {
		if (snapshot.version() > this.latest.version()) {
			this.latest = snapshot;
		}
	}

}

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

	private final Leadership leadership;

	/** Written by the thread that listens to the launcher, read by any. */
	private volatile ClusterSnapshot latest;

	WorkerCluster(WorkerId self, ClusterSnapshot first, Leadership leadership) {
		this.self = self;
		this.leadership = leadership;
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

	/** Take a snapshot unless a later one is known. */
	void update(ClusterSnapshot snapshot) {
		if (snapshot.version() > this.latest.version()) {
			this.latest = snapshot;
		}
	}

}

package io.github.bootcluster.launcher;

import java.util.Optional;
import java.util.function.Supplier;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.Role;
import io.github.bootcluster.WorkerId;

/** The cluster as its launcher sees it. */
final class LauncherCluster implements Cluster {

	private final Supplier<ClusterSnapshot> snapshot;

	LauncherCluster(Supplier<ClusterSnapshot> snapshot) {
		this.snapshot = snapshot;
	}

	@Override
	public Role role() {
		return Role.LAUNCHER;
	}

	@Override
	public Optional<WorkerId> workerId() {
		return Optional.empty();
	}

	@Override
	public ClusterSnapshot snapshot() {
		return this.snapshot.get();
	}

}

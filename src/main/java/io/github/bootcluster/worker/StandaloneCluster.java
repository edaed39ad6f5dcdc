package io.github.bootcluster.worker;

import java.util.List;
import java.util.Optional;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.Role;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;

/** A cluster of one: an ordinary process that no launcher started. */
public final class StandaloneCluster implements Cluster {

	private static final WorkerId SELF = WorkerId.of(1);

	private final LauncherSnapshot process = LauncherSnapshot.ofThisProcess();

	/** Written by the thread that starts the application, read by any. */
	private volatile @Nullable Integer port;

	@Override
	public Role role() {
		return Role.STANDALONE;
	}

	@Override
	public Optional<WorkerId> workerId() {
		return Optional.of(SELF);
	}

	@Override
	public ClusterSnapshot snapshot() {
		Integer port = this.port;
		WorkerState state = (port != null) ? WorkerState.READY : WorkerState.STARTING;
		WorkerSnapshot self = new WorkerSnapshot(SELF, 1, 1, this.process.pid(), port, state, this.process.startedAt(),
				0, 0, 0, 0, null, null, null);
		return new ClusterSnapshot(1, (port != null) ? ClusterState.RUNNING : ClusterState.STARTING,
				SchedulingPolicy.ROUND_ROBIN, 1, 1, this.process, DispatcherSnapshot.none((port != null) ? port : 0),
				"standalone", List.of(self), null, (port != null) ? SELF : null);
	}

	@EventListener
	void listening(WebServerInitializedEvent event) {
		if (event.getApplicationContext().getServerNamespace() == null) {
			this.port = event.getWebServer().getPort();
		}
	}

}

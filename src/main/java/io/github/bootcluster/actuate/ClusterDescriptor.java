package io.github.bootcluster.actuate;

import java.util.List;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.WorkerOutput;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A cluster as operators and their programs read it.
 *
 * @param state state of the whole
 * @param policy how requests are shared out
 * @param generation generation of new workers
 * @param desiredWorkers how many workers there should be
 * @param version grows with every change of state
 * @param launcher the supervising process
 * @param dispatcher the public port
 * @param sessionStore the session store
 * @param workers the workers, by slot
 * @param reload the latest reload; left out before the first
 * @param leader id of the worker that leads; left out while none does
 */
public record ClusterDescriptor(ClusterState state, String policy, int generation, int desiredWorkers, long version,
		LauncherSnapshot launcher, DispatcherSnapshot dispatcher, SessionStoreDescriptor sessionStore,
		List<WorkerDescriptor> workers, @Nullable ReloadDescriptor reload,
		@Nullable Long leader) implements OperationResponseBody {

	public static ClusterDescriptor of(ClusterSnapshot snapshot, WorkerOutput output) {
		return new ClusterDescriptor(snapshot.state(), snapshot.policy().toString(), snapshot.generation(),
				snapshot.desiredWorkers(), snapshot.version(), snapshot.launcher(), snapshot.dispatcher(),
				new SessionStoreDescriptor(snapshot.sessionStore()),
				snapshot.workers().stream().map(WorkerDescriptor::of).toList(),
				ReloadDescriptor.of(snapshot.reload(), output),
				(snapshot.leader() != null) ? snapshot.leader().value() : null);
	}

	/**
	 * The session store.
	 *
	 * @param type its kind, such as {@code embedded-h2}
	 */
	public record SessionStoreDescriptor(String type) {

	}

}

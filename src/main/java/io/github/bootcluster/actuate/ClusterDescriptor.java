package io.github.bootcluster.actuate;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.SessionStoreHealth;
import io.github.bootcluster.TrafficRates;
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
		LauncherSnapshot launcher, DispatcherDescriptor dispatcher, SessionStoreDescriptor sessionStore,
		List<WorkerDescriptor> workers, @Nullable ReloadDescriptor reload,
		@Nullable Long leader) implements OperationResponseBody {

	static ClusterDescriptor of(ClusterSnapshot snapshot, ClusterTelemetry telemetry, WorkerOutput output,
			SessionStoreHealth.@Nullable Status sessionStore) {
		TrafficRates traffic = telemetry.traffic();
		return new ClusterDescriptor(snapshot.state(), snapshot.policy().toString(), snapshot.generation(),
				snapshot.desiredWorkers(), snapshot.version(), snapshot.launcher(),
				new DispatcherDescriptor(snapshot.dispatcher(), TrafficDescriptor.of(traffic.total())),
				new SessionStoreDescriptor(snapshot.sessionStore(), sessionStore),
				snapshot.workers()
					.stream()
					.map((worker) -> WorkerDescriptor.of(worker, traffic, telemetry.vitals(worker.id())))
					.toList(),
				ReloadDescriptor.of(snapshot.reload(), output),
				(snapshot.leader() != null) ? snapshot.leader().value() : null);
	}

	/**
	 * The public port.
	 *
	 * @param counts what it counted so far
	 * @param traffic how busy it is, its fields beside the others
	 */
	public record DispatcherDescriptor(@JsonUnwrapped DispatcherSnapshot counts,
			@JsonUnwrapped TrafficDescriptor traffic) {

	}

	/**
	 * The session store.
	 *
	 * @param type its kind, such as {@code embedded-h2}
	 * @param status whether it can be used; left out where nobody knows
	 */
	public record SessionStoreDescriptor(String type, SessionStoreHealth.@Nullable Status status) {

	}

}

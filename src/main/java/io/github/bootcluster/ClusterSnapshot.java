package io.github.bootcluster;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * A whole cluster at one moment: immutable, written by the supervisor alone, read by
 * everybody else.
 *
 * @param version grows with every change of state; counts of traffic do not change it
 * @param state state of the whole
 * @param policy how requests are shared out
 * @param generation generation that new workers belong to
 * @param desiredWorkers how many workers there should be, not counting those that stand
 * by
 * @param launcher the supervising process
 * @param dispatcher the public port
 * @param sessionStore kind of session store, such as {@code embedded-h2}
 * @param workers the workers, by slot; a slot that is between two processes is there too,
 * and one whose worker is being replaced is there with both; those without a slot come
 * last
 * @param reload the latest reload, or {@code null} before the first
 * @param leader the worker that leads, or {@code null} while none does: none is in
 * rotation, or the next one waits for the one before to resign
 * @since 0.1.0
 */
public record ClusterSnapshot(long version, ClusterState state, SchedulingPolicy policy, int generation,
		int desiredWorkers, LauncherSnapshot launcher, DispatcherSnapshot dispatcher, String sessionStore,
		List<WorkerSnapshot> workers, @Nullable ReloadSnapshot reload, @Nullable WorkerId leader) {

	public ClusterSnapshot {
		workers = List.copyOf(workers);
	}

	/** How many workers are in rotation. */
	public int readyWorkers() {
		return (int) this.workers.stream().filter(WorkerSnapshot::isRoutable).count();
	}

	public Optional<WorkerSnapshot> worker(WorkerId id) {
		return this.workers.stream().filter((worker) -> worker.id().equals(id)).findFirst();
	}

	/** The same cluster with the counts of its traffic. */
	public ClusterSnapshot withTraffic(DispatcherSnapshot dispatcher, List<WorkerSnapshot> workers) {
		return new ClusterSnapshot(this.version, this.state, this.policy, this.generation, this.desiredWorkers,
				this.launcher, dispatcher, this.sessionStore, workers, this.reload, this.leader);
	}

	/** The same cluster with its kind of session store. */
	public ClusterSnapshot withSessionStore(String sessionStore) {
		return new ClusterSnapshot(this.version, this.state, this.policy, this.generation, this.desiredWorkers,
				this.launcher, this.dispatcher, sessionStore, this.workers, this.reload, this.leader);
	}

	/** The same cluster without the times of its workers' last signs of life. */
	public ClusterSnapshot withoutHeartbeats() {
		List<WorkerSnapshot> workers = this.workers.stream().map((worker) -> worker.withHeartbeatAt(null)).toList();
		return withTraffic(this.dispatcher, workers);
	}

}

package io.github.bootcluster;

import java.util.Optional;

/**
 * The cluster this process belongs to. There is one bean of this type in every role, so
 * an application can ask without knowing how it was started; a standalone process reports
 * a cluster of one.
 *
 * @since 0.1.0
 */
public interface Cluster {

	/** What this process is. */
	Role role();

	/** Whether this process is one of several workers behind a launcher. */
	default boolean isWorker() {
		return role() == Role.WORKER;
	}

	/** Identity of this worker; empty in a launcher. */
	Optional<WorkerId> workerId();

	/**
	 * Whether this process leads the cluster: one of the workers in rotation does. A
	 * launcher never does, a standalone process always. It may be otherwise a moment
	 * later.
	 */
	default boolean isLeader() {
		return role() == Role.STANDALONE;
	}

	/**
	 * The latest known state. A worker's copy follows the launcher's within milliseconds;
	 * its counts of traffic are those of that moment.
	 */
	ClusterSnapshot snapshot();

	/** This worker in the latest {@link #snapshot()}; empty in a launcher. */
	default Optional<WorkerSnapshot> self() {
		return workerId().flatMap((id) -> snapshot().worker(id));
	}

}

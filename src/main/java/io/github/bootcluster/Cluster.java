package io.github.bootcluster;

import java.util.Optional;
import java.util.OptionalInt;

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

	/**
	 * The stable place of this worker in the cluster, from 1: that of the worker it
	 * replaced. Empty in a launcher, and in a worker that stands by, until it steps in.
	 */
	default OptionalInt slot() {
		return self().map(WorkerSnapshot::slot)
			.filter((slot) -> slot != WorkerSnapshot.NO_SLOT)
			.map(OptionalInt::of)
			.orElseGet(OptionalInt::empty);
	}

	/**
	 * The generation of this worker, which grows with every reload; in a launcher that of
	 * the workers it would start now.
	 */
	default int generation() {
		return self().map(WorkerSnapshot::generation).orElseGet(() -> snapshot().generation());
	}

	/**
	 * Ask the launcher to replace this worker in good order: a new one is started, and
	 * once that serves, this one finishes its requests and ends. Returns at once; to ask
	 * again is harmless. The launcher's log has what came of it: it refuses while a
	 * reload goes on, which replaces this worker anyway, or while the cluster is still
	 * starting.
	 * @throws IllegalStateException if this process is no worker, and so nobody could
	 * replace it
	 */
	default void recycle() {
		throw new IllegalStateException(
				"Only a worker can be recycled, since its launcher replaces it; the role of this process is %s. Ask isWorker() first."
					.formatted(role()));
	}

}

package io.github.bootcluster;

import java.time.Instant;

/**
 * Something that happened to a worker of the cluster. Of one worker
 * {@link WorkerStarted}, {@link WorkerReady}, {@link WorkerDraining} and
 * {@link WorkerExited} come at most once each, in this order; what did not happen is left
 * out, the exit of a process that was started never is. An {@code @EventListener} hears
 * of all workers, its own among them, from when its application context has started until
 * that closes. What was before, the {@link Cluster#snapshot() snapshot} tells.
 *
 * @since 0.1.0
 */
public sealed interface WorkerEvent permits WorkerStarted, WorkerReady, WorkerDraining, WorkerExited {

	/** The worker it happened to. */
	WorkerId worker();

	/**
	 * The slot of the worker at that time; {@value WorkerSnapshot#NO_SLOT} if it stands
	 * by, or was to.
	 */
	int slot();

	/** The generation of the worker. */
	int generation();

	/** The process id of the worker. */
	long pid();

	/** When the launcher took note of it. */
	Instant at();

}

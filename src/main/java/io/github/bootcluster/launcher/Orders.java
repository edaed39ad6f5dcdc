package io.github.bootcluster.launcher;

import java.util.Set;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.WorkerId;

/**
 * What the supervisor can have done. Called by the supervisor's thread alone; none of
 * these waits for the outcome, which comes back as a {@link Fact}.
 */
interface Orders {

	/**
	 * Put aside what the workers of a generation shall run, as it is now; that of the
	 * first is there from the beginning. The outcome comes as {@link Fact.Staged}.
	 */
	void stage(int generation);

	/** Drop what was put aside for all generations but these. */
	void retain(Set<Integer> generations);

	/**
	 * Spawn a worker of a generation that is staged. From then on, whatever happens, its
	 * end is reported as {@link Fact.Exited} exactly once.
	 * @return its process id
	 * @throws WorkerStartException if no process came into being
	 */
	long start(WorkerSpec spec) throws WorkerStartException;

	/** Whether there is no start-up cache for a generation, and one could be made. */
	boolean lacksStartupCache(int generation);

	/**
	 * Spawn a worker that writes the start-up cache of its generation when it ends. Its
	 * end is reported like that of any other.
	 * @return its process id
	 * @throws WorkerStartException if no process came into being
	 */
	long train(WorkerSpec spec) throws WorkerStartException;

	/** Tell a connected worker what it needs to start its application. */
	void welcome(WorkerSpec spec, ClusterSnapshot snapshot);

	/**
	 * Send a worker the requests of its warm-up. Their end, whatever comes of them, is
	 * reported as {@link Fact.WarmedUp}.
	 * @param port where it listens
	 */
	void warmUp(WorkerSpec spec, int port);

	/** Send it no more of them: it has left its warm-up. Legal when they have ended. */
	void endWarmUp(WorkerId worker);

	/** A worker that stood by has got a slot: so it is called from now on. */
	void seated(WorkerId worker, int slot);

	/** Have a worker lead, for a term of that number. */
	void lead(WorkerId worker, long term);

	/**
	 * Have a worker lead no more. It is reported as {@link Fact.Resigned} once it does
	 * nothing a leader does, or never if it is past answering.
	 */
	void resign(WorkerId worker, long term);

	/** Ask a worker to finish its requests and end. */
	void shutDown(WorkerId worker);

	/**
	 * Have a worker write what its threads are doing, if it still can.
	 * @return whether it is asked to; not one that is no JVM, or would end of it
	 */
	boolean dumpThreads(WorkerId worker);

	/** Tell a worker by signal to end, since it does not listen to anything else. */
	void terminate(WorkerId worker);

	/** End a worker at once. */
	void kill(WorkerId worker);

	/** What is known of why a worker is not ready yet; often nothing. */
	default String whyNotReady(WorkerId worker) {
		return "";
	}

	/** Drop what was kept about a worker whose end is of no more interest. */
	void forget(WorkerId worker);

}

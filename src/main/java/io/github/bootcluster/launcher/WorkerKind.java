package io.github.bootcluster.launcher;

import java.io.IOException;
import java.util.Set;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.WorkerId;

/**
 * What the workers of a cluster are: how their processes come into being, and how the
 * launcher hears of them and speaks to them. Called by the supervisor's thread.
 */
sealed interface WorkerKind permits SameApplication, ExternalProgram {

	/**
	 * Put aside what the workers of a generation shall run; {@link Fact.Staged} follows.
	 */
	void stage(int generation);

	/** Drop what was put aside for all generations but these. */
	void retain(Set<Integer> generations);

	/** The first workers serve: now is the time for what could wait. */
	void launched();

	/**
	 * Prepare the process of a worker to be. From then on {@link #ended} follows for
	 * certain.
	 */
	ProcessBuilder prepare(WorkerSpec spec) throws IOException;

	/** Whether there is no start-up cache for a generation, and one could be made. */
	boolean lacksStartupCache(int generation);

	/** Likewise, of one that writes the start-up cache of its generation. */
	ProcessBuilder prepareTraining(WorkerSpec spec) throws IOException;

	/** Its process runs. */
	void started(WorkerSpec spec, long pid);

	/**
	 * Its process is gone, or never came into being. Called by any thread.
	 * @param status its exit status, -1 if there was no process
	 */
	void ended(WorkerId worker, int status);

	/** Tell a connected worker what it needs to start its application. */
	void welcome(WorkerSpec spec, ClusterSnapshot snapshot);

	/** Tell a worker that it leads, for a term of that number. */
	void lead(WorkerId worker, long term);

	/** Tell a worker to lead no more. */
	void resign(WorkerId worker, long term);

	/**
	 * Ask a worker to finish its requests and end.
	 * @return whether it was told; if not, the system's way of asking is left
	 */
	boolean askToEnd(WorkerId worker);

	/** Whether it takes SIGQUIT for a wish to see its threads; to others it is an end. */
	boolean dumpsThreadsWhenAsked();

	/** Why a worker that is not ready is not, or nothing if it alone knows. */
	String whyNotReady(WorkerId worker);

	/** How an operator finds out whether it works without a cluster. */
	String howToTryAlone();

}

package io.github.bootcluster.launcher;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.WorkerEvent;

/**
 * Told what becomes of the cluster, by the supervisor's thread; must not block.
 */
interface SupervisorListener {

	/** The state changed. Snapshots come in the order of their versions. */
	void changed(ClusterSnapshot snapshot);

	/** Something happened to a worker; a snapshot that shows it was told of before. */
	void happened(WorkerEvent event);

	/** All that has come of one fact was told of. */
	default void settled() {
	}

	/** Every slot came to its first result, and at least one worker is ready. */
	void launched(ClusterSnapshot snapshot);

	/** Every slot lost its first worker before any was ready. */
	void launchFailed(ExitInfo lastExit);

	/** After {@link Fact.StopRequested}: the last worker is gone. */
	void stopped();

}

package io.github.bootcluster.launcher;

import io.github.bootcluster.WorkerId;

/**
 * Something that happened, as the supervisor is told. Facts about workers it no longer
 * knows are legal: they were under way when the worker ended.
 */
sealed interface Fact {

	/** Something that happened to one worker. */
	sealed interface AboutWorker extends Fact {

		WorkerId worker();

	}

	/** The worker's process reached the control socket. */
	record Connected(WorkerId worker) implements AboutWorker {

	}

	/** The worker's web server listens. */
	record Listening(WorkerId worker, int port) implements AboutWorker {

	}

	/** The worker's application said whether it accepts traffic and is sound. */
	record AvailabilityChanged(WorkerId worker, boolean accepting, boolean live) implements AboutWorker {

	}

	/** The worker gave a sign of life. */
	record HeartbeatReceived(WorkerId worker) implements AboutWorker {

	}

	/** The worker's control connection ended. */
	record Disconnected(WorkerId worker) implements AboutWorker {

	}

	/** The dispatcher has nothing in flight on a worker that is draining. */
	record Drained(WorkerId worker) implements AboutWorker {

	}

	/** The worker's process is gone. */
	record Exited(WorkerId worker, int status) implements AboutWorker {

	}

	/** The operator wants the cluster to end. */
	record StopRequested() implements Fact {

	}

}

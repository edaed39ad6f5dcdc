package io.github.bootcluster.launcher;

import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.CommandOutcome;
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

	/**
	 * The warm-up of the worker has come to its end, with success or without.
	 *
	 * @param requests how many were answered
	 */
	record WarmedUp(WorkerId worker, int requests) implements AboutWorker {

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

	/**
	 * What the worker has used up so far.
	 *
	 * @param requests requests it was handed
	 * @param residentMemory bytes it takes, 0 where that is not known
	 */
	record Measured(WorkerId worker, long requests, long residentMemory) implements AboutWorker {

	}

	/**
	 * The worker leads no more, and does nothing that only a leader does.
	 *
	 * @param term the term that is over
	 */
	record Resigned(WorkerId worker, long term) implements AboutWorker {

	}

	/** The worker's process is gone. */
	record Exited(WorkerId worker, int status) implements AboutWorker {

	}

	/**
	 * An operator wants something done.
	 *
	 * @param untilDone whether to answer once it is done, or as soon as it is begun
	 * @param source who wants it, for the log
	 * @param answer completed with what became of it
	 */
	record CommandGiven(ClusterCommand command, boolean untilDone, String source,
			CompletableFuture<CommandOutcome> answer) implements Fact {

	}

	/**
	 * What the workers of a generation shall run was put aside, or could not be.
	 *
	 * @param failure why not, in a sentence without a full stop; empty if it was
	 */
	record Staged(int generation, String failure) implements Fact {

	}

	/**
	 * Somebody wants to know whether facts are still taken.
	 *
	 * @param answer run if so
	 */
	record Pinged(Runnable answer) implements Fact {

	}

	/** The operator wants the cluster to end. */
	record StopRequested() implements Fact {

	}

}

package io.github.bootcluster;

import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link ClusterCommand}.
 *
 * @param status how far it came
 * @param message one or two sentences for the operator
 * @param witness the worker whose last lines tell more, or {@code null} if none does
 * @since 0.1.0
 */
public record CommandOutcome(Status status, String message, @Nullable WorkerId witness) {

	/** It is under way. */
	public static CommandOutcome accepted(String message) {
		return new CommandOutcome(Status.ACCEPTED, message, null);
	}

	/** It is done. */
	public static CommandOutcome succeeded(String message) {
		return new CommandOutcome(Status.SUCCEEDED, message, null);
	}

	/** It could not be done. */
	public static CommandOutcome failed(String message, @Nullable WorkerId witness) {
		return new CommandOutcome(Status.FAILED, message, witness);
	}

	/** It was not begun. */
	public static CommandOutcome refused(String message) {
		return new CommandOutcome(Status.REFUSED, message, null);
	}

	/** How far a command came. */
	public enum Status {

		/** Begun; nobody wanted to wait for its end. */
		ACCEPTED,

		/** Done. */
		SUCCEEDED,

		/** Begun, and ended otherwise than asked. */
		FAILED,

		/** Not begun, since the state of the cluster forbids it. */
		REFUSED,

		/** Not begun, since it makes no sense. */
		INVALID,

		/** Not begun, since the cluster has no such worker. */
		UNKNOWN_WORKER

	}

}

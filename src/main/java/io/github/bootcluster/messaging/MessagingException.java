package io.github.bootcluster.messaging;

/**
 * A message that could not be sent, was not delivered, or has no reply.
 *
 * @since 0.1.0
 */
public class MessagingException extends RuntimeException {

	private final Reason reason;

	MessagingException(Reason reason, String message) {
		super(message);
		this.reason = reason;
	}

	MessagingException(Reason reason, String message, Throwable cause) {
		super(message, cause);
		this.reason = reason;
	}

	public Reason getReason() {
		return this.reason;
	}

	/** Why. */
	public enum Reason {

		/** Jackson cannot write the payload, such as one that contains itself. */
		UNWRITABLE,

		/** The message is larger than it may be. */
		TOO_LARGE,

		/** There is no such worker (any more), or it has only just been started. */
		UNKNOWN_WORKER,

		/** The receiver does not take messages yet, or not any more. */
		NOT_READY,

		/** More messages wait for the receiver than may. */
		TOO_BUSY,

		/** The receiver has no listener for messages of that class. */
		NO_LISTENER,

		/** The other side cannot make of the content what it should be. */
		UNREADABLE,

		/** The listener threw an exception, or had no reply. */
		LISTENER_FAILED,

		/** The receiver ended before it was the message's turn. */
		GONE,

		/** No reply came in time. One that comes later is dropped. */
		TIMED_OUT,

		/** This process is shutting down, or its launcher is gone. */
		SHUT_DOWN

	}

}

package io.github.bootcluster.control;

/** A well-framed message that is not one of ours. The connection can go on. */
final class UnreadableMessageException extends Exception {

	UnreadableMessageException(int length, Throwable cause) {
		// The cause's own message may quote the content, which may hold secrets.
		this(length, cause.getClass().getSimpleName());
	}

	UnreadableMessageException(int length, String why) {
		super("Unreadable control message of %d bytes (%s)".formatted(length, why));
	}

}

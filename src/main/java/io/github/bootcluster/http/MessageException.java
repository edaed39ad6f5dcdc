package io.github.bootcluster.http;

/**
 * A message, or a part of it, is not to be understood. Nothing that follows it on its
 * connection can be.
 */
public final class MessageException extends Exception {

	private static final long serialVersionUID = 1L;

	/** What kind of fault it is. */
	private final Fault fault;

	MessageException(Fault fault, String message) {
		// Anybody can cause it at any rate, so it costs no stack trace.
		super(message, null, false, false);
		this.fault = fault;
	}

	/**
	 * A message breaks the syntax, or makes no sense.
	 * @param message what is wrong with it
	 */
	public MessageException(String message) {
		this(Fault.MALFORMED, message);
	}

	static MessageException malformed(String what) {
		return new MessageException(what);
	}

	/** What kind of fault it is. */
	public Fault fault() {
		return this.fault;
	}

	/** What can be wrong with a message. */
	public enum Fault {

		/** It breaks the syntax, or makes no sense. */
		MALFORMED,

		/** Its first line is too long. */
		START_LINE_TOO_LONG,

		/** Its fields are too many or too large. */
		FIELDS_TOO_LARGE

	}

}

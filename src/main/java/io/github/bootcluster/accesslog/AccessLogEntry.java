package io.github.bootcluster.accesslog;

import org.jspecify.annotations.Nullable;

/**
 * What the access log says of one request.
 *
 * @param time when its head had arrived, in milliseconds since 1970
 * @param request what was asked, by whom
 * @param requestId what it is called in other logs, or {@code null} if it never got so
 * far
 * @param outcome how it ended
 * @param status status of the answer, 499 where the client went away before there was
 * one, or 0 where there is none for another reason
 * @param bytes bytes of the answer's body that were passed on
 * @param server who had it last, or {@code null} if nobody was sent it
 * @param retries attempts beyond the first
 * @param upstreamNanos time from when it was sent for the last time until that attempt
 * ended, or -1 if it was not sent
 * @param totalNanos time from when its head had arrived until the last byte of the answer
 * had been handed to the system
 * @since 0.1.0
 */
public record AccessLogEntry(long time, Request request, @Nullable String requestId, Outcome outcome, int status,
		long bytes, @Nullable Server server, int retries, long upstreamNanos, long totalNanos) {

	/**
	 * What was asked, and by whom. Each value is as it was sent, one character for every
	 * byte, but of bounded length.
	 *
	 * @param client address of the client
	 * @param method the method, or {@code null} where the request line was not understood
	 * @param target the request target; without a method the request line as far as it
	 * arrived
	 * @param protocol the protocol, or {@code null} where there is no method
	 * @param referer where the client says it comes from, or {@code null}
	 * @param userAgent what it says it is, or {@code null}
	 */
	public record Request(String client, @Nullable String method, String target, @Nullable String protocol,
			@Nullable String referer, @Nullable String userAgent) {

		/**
		 * Longest value. Together with the number of entries that wait this is what a
		 * hostile client can make the log hold in memory.
		 */
		public static final int MAX_LENGTH = 1024;

		private static final String CUT = "...";

		public Request {
			method = (method != null) ? cut(method) : null;
			target = cut(target);
			referer = (referer != null) ? cut(referer) : null;
			userAgent = (userAgent != null) ? cut(userAgent) : null;
		}

		private static String cut(String value) {
			return (value.length() <= MAX_LENGTH) ? value : value.substring(0, MAX_LENGTH - CUT.length()) + CUT;
		}

	}

	/**
	 * Who answers.
	 *
	 * @param slot the worker's slot, or {@code null} for the launcher itself
	 * @param pid the process
	 */
	public record Server(@Nullable Integer slot, long pid) {

	}

	/** How a request ended. */
	public enum Outcome {

		/** By the complete answer of a worker, or of the launcher's own context. */
		ANSWERED("answered"),

		/** By an error of the dispatcher's own. */
		REFUSED("refused"),

		/** By an answer that was cut off, or none, and not because of the client. */
		ABORTED("aborted"),

		/** The client went away before it had the whole answer. */
		CLIENT_GONE("client-gone"),

		/** The connection speaks another protocol from here on. */
		SWITCHED("switched");

		private final String label;

		Outcome(String label) {
			this.label = label;
		}

		@Override
		public String toString() {
			return this.label;
		}

	}

}

package io.github.bootcluster;

/**
 * The dispatcher at one moment. Counts start at zero when the launcher starts, and stay
 * there with {@link SchedulingPolicy#NONE}.
 *
 * @param port public port
 * @param connections open connections of clients
 * @param inFlight requests being worked on
 * @param queued requests that wait for a worker with room
 * @param requests requests received so far, those refused included
 * @param retries attempts beyond the first of a request
 * @param failures requests the dispatcher itself had to answer with an error, or abort
 * @since 0.1.0
 */
public record DispatcherSnapshot(int port, int connections, int inFlight, int queued, long requests, long retries,
		long failures) {

	/** A process without a dispatcher in front of it. */
	public static DispatcherSnapshot none(int port) {
		return new DispatcherSnapshot(port, 0, 0, 0, 0, 0, 0);
	}

}

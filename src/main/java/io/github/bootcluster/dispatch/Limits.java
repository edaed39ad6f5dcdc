package io.github.bootcluster.dispatch;

import java.time.Duration;

import io.github.bootcluster.ClusterProperties;

/**
 * The numbers of {@link ClusterProperties.Dispatch} in the units the event loops count
 * in, and those that are no properties.
 *
 * @param headNanos time for a whole head
 * @param idleNanos time without a request on a kept-alive connection, or without progress
 * of a client that has an answer to read
 * @param queueNanos time in the queue
 * @param responseNanos time between two signs of life of an exchange
 * @param connectMillis time for a connection to a target
 * @param maxBody largest body in bytes
 */
record Limits(long headNanos, long idleNanos, long queueNanos, long responseNanos, int connectMillis, long maxBody) {

	/** Bytes of a request's body kept for another attempt. */
	static final int REPLAY = 64 * 1024;

	/**
	 * Bytes of further requests beyond which nothing more is read ahead. That is done to
	 * notice a client's hanging up, and most send none.
	 */
	static final int PIPELINED = 4 * 1024;

	/**
	 * Bytes that may wait in the system for one client. Enough that few answers hold up a
	 * worker for a slow client's sake; but Linux would take several MiB, and tell of
	 * progress only when a third of that is gone, so that a client that reads slowly
	 * would look like one that does not read.
	 */
	static final int UNSENT = 512 * 1024;

	/** Fewest bytes a second of a request's body, over the time a head may take. */
	static final int MIN_BODY_RATE = 240;

	/** How long connections to a target that is gone may take to end. */
	static final long ABANDON_NANOS = Duration.ofSeconds(1).toNanos();

	/** How long the rest of a refused request is read and thrown away. */
	static final long LINGER_NANOS = Duration.ofSeconds(2).toNanos();

	static Limits of(ClusterProperties.Dispatch dispatch) {
		long maxBody = dispatch.maxRequestSize().toBytes();
		return new Limits(nanos(dispatch.headTimeout()), nanos(dispatch.idleTimeout()), nanos(dispatch.queueTimeout()),
				nanos(dispatch.responseTimeout()),
				(int) Math.max(1, Math.min(Integer.MAX_VALUE, dispatch.connectTimeout().toMillis())),
				(maxBody < 0) ? Long.MAX_VALUE : maxBody);
	}

	/** A duration in the units of {@link System#nanoTime()}. */
	static long nanos(Duration duration) {
		// A century is as good as for ever and leaves room to add it to the clock.
		Duration century = Duration.ofDays(36500);
		return ((duration.compareTo(century) < 0) ? duration : century).toNanos();
	}

}

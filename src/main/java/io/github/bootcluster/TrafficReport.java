package io.github.bootcluster;

import java.util.Locale;
import java.util.Map;

/**
 * What has passed through the public port since the launcher started. Every count only
 * grows.
 *
 * @param servers what was answered, by who did: the number of a slot, or one of
 * {@value #LAUNCHER} and {@value #NOBODY}
 * @param connections connections that clients opened
 * @param queueWait how long those requests waited that had to wait for a worker
 * @param rejections requests that no worker was found for
 * @param retries attempts beyond the first of a request
 * @param violations requests that were refused for what they are, by status
 * @since 0.1.0
 */
public record TrafficReport(Map<String, Served> servers, long connections, LatencyHistogram queueWait,
		Map<Rejection, Long> rejections, Map<RetryPhase, Long> retries, Map<Integer, Long> violations) {

	/** The launcher itself, with its own pages. */
	public static final String LAUNCHER = "launcher";

	/** No one: the request was not sent to any worker. */
	public static final String NOBODY = "none";

	/** Of a port that the workers listen at themselves. */
	public static final TrafficReport NONE = new TrafficReport(Map.of(), 0, LatencyHistogram.EMPTY, Map.of(), Map.of(),
			Map.of());

	public TrafficReport {
		servers = Map.copyOf(servers);
		rejections = Map.copyOf(rejections);
		retries = Map.copyOf(retries);
		violations = Map.copyOf(violations);
	}

	/**
	 * What one of them has answered, or failed to.
	 *
	 * @param requests requests that ended
	 * @param duration how long they took, from their head to the last byte of the answer;
	 * without event streams and connections that left HTTP
	 * @param upstream how long the attempts took that ended them, from when they were
	 * sent; likewise
	 * @param requestBytes bytes of their bodies that were received
	 * @param responseBytes bytes of the answers' bodies that were passed on
	 */
	public record Served(Map<Kind, Long> requests, LatencyHistogram duration, LatencyHistogram upstream,
			long requestBytes, long responseBytes) {

		public Served {
			requests = Map.copyOf(requests);
		}

	}

	/** A kind of request that ended. */
	public record Kind(MethodClass method, Ending ending) {

	}

	/** What a method promises. */
	public enum MethodClass {

		/** It only reads. */
		SAFE,

		/** It can be repeated. */
		IDEMPOTENT,

		/** Neither, or nothing is known of it. */
		OTHER;

		@Override
		public String toString() {
			return label(this);
		}

	}

	/** How requests end. */
	public enum Ending {

		/** The worker answered, with a status below 300. */
		SUCCESS,

		/** The worker answered, with a status from 300. */
		REDIRECTION,

		/** The worker answered, with a status from 400. */
		CLIENT_ERROR,

		/** The worker answered, with a status from 500. */
		SERVER_ERROR,

		/** The connection speaks another protocol from here on. */
		SWITCHED,

		/** The dispatcher refused it, for what it is. */
		REFUSED,

		/** The dispatcher had no worker's answer to give. */
		FAILED,

		/** The answer was cut off, or there was none, and not because of the client. */
		ABORTED,

		/** The client went away before it had the whole answer. */
		CLIENT_GONE;

		/** Whether whoever runs the cluster is to be told. */
		public boolean isError() {
			return this == SERVER_ERROR || this == FAILED || this == ABORTED;
		}

		@Override
		public String toString() {
			return label(this);
		}

	}

	/** Why a request found no worker. */
	public enum Rejection {

		/** Too many others were waiting. */
		QUEUE_FULL,

		/** None had room in time. */
		QUEUE_TIMEOUT,

		/** None took a connection in time. */
		UNREACHABLE,

		/** There will be no worker any more. */
		SHUTTING_DOWN;

		@Override
		public String toString() {
			return label(this);
		}

	}

	/** How far the attempt had come after which there was another. */
	public enum RetryPhase {

		/** Nothing was sent. */
		UNSENT,

		/** The request was sent, and nothing of an answer was passed on. */
		SENT;

		@Override
		public String toString() {
			return label(this);
		}

	}

	private static String label(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}

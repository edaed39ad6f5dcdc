package io.github.bootcluster.dispatch;

import io.github.bootcluster.http.Method;

/**
 * Decides what becomes of a request whose attempt came to nothing. The table of the
 * design, and nothing else: no state, no I/O.
 */
final class RetryRule {

	/**
	 * Deaths after which a request that was alone on the worker each time counts as their
	 * cause: a poison request must not fell the cluster.
	 */
	static final int MAX_DEATHS_ALONE = 2;

	/**
	 * Deaths after which a request is given up in any case. More than those alone, since
	 * when workers crash in a row, for whatever reason, most of what was in flight has
	 * nothing to do with it.
	 */
	static final int MAX_DEATHS = 5;

	private RetryRule() {
	}

	static Verdict decide(FailedAttempt attempt) {
		return switch (attempt.phase()) {
			case UNSENT -> Verdict.RETRY;
			case SENT -> isRepeatable(attempt) ? Verdict.RETRY : Verdict.FAIL;
			case COMMITTED -> Verdict.ABORT;
		};
	}

	private static boolean isRepeatable(FailedAttempt attempt) {
		return attempt.method().idempotent() && attempt.bodyReplayable() && attempt.deaths() < MAX_DEATHS
				&& attempt.deathsAlone() < MAX_DEATHS_ALONE;
	}

	/** How far an attempt had come. */
	enum Phase {

		/** No byte was sent: the target took no connection. */
		UNSENT,

		/**
		 * The request was sent, wholly or in part, and the client has seen nothing of an
		 * answer. Whether the connection had been idle before makes no difference: most
		 * likely it was being closed already when the request was sent, but from here it
		 * looks the same as a worker killed by the request.
		 */
		SENT,

		/** The client has seen a part of the answer. */
		COMMITTED

	}

	/** What is to be done. */
	enum Verdict {

		/** Send the request to another target, or once more to the same. */
		RETRY,

		/** Tell the client: 502. */
		FAIL,

		/** Make the client see that its answer is not complete. */
		ABORT

	}

	/**
	 * An attempt that came to nothing.
	 *
	 * @param phase how far it had come
	 * @param method method of the request
	 * @param bodyReplayable whether all that was received of the body is still there
	 * @param deaths connections that broke with this request in flight, this one included
	 * @param deathsAlone of those, the ones where no other request was on the target
	 */
	record FailedAttempt(Phase phase, Method method, boolean bodyReplayable, int deaths, int deathsAlone) {

	}

}

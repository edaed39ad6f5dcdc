package io.github.bootcluster.dispatch;

import io.github.bootcluster.TrafficReport.Rejection;

/**
 * What became of the wish for a target.
 */
sealed interface Claim {

	/**
	 * Here it is, and the request is registered with it.
	 *
	 * @param target to be released once the request is done with it
	 */
	record Granted(Target target) implements Claim {

	}

	/** None has room; the waiter will be told. */
	record Queued() implements Claim {

	}

	/**
	 * None has room and there is no use in waiting.
	 *
	 * @param reason why
	 */
	record Refused(Rejection reason) implements Claim {

	}

}

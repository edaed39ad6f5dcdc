package io.github.bootcluster;

import java.util.Locale;

/**
 * How requests are shared out among the workers.
 *
 * @since 0.1.0
 */
public enum SchedulingPolicy {

	/** By the dispatcher, in turn among the workers that have room. */
	ROUND_ROBIN,

	/**
	 * By the dispatcher, to the one with the fewest requests in flight; in turn among
	 * equals.
	 */
	LEAST_REQUESTS,

	/**
	 * By the system, and connections instead of requests: there is no dispatcher, all
	 * workers listen at the public port. Node's {@code SCHED_NONE}. Linux only.
	 */
	NONE;

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}

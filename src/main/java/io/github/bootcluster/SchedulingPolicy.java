package io.github.bootcluster;

import java.util.Locale;

/**
 * How the dispatcher shares requests out among the workers that have room.
 *
 * @since 0.1.0
 */
public enum SchedulingPolicy {

	/** In turn. */
	ROUND_ROBIN,

	/** To the one with the fewest requests in flight; in turn among equals. */
	LEAST_REQUESTS;

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}

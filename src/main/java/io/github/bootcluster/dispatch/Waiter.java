package io.github.bootcluster.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * Someone who wants a target. Told on any thread, with no lock held.
 */
interface Waiter {

	/** The target that failed it last and should be its last choice now. */
	@Nullable Target avoids();

	/** It has been given a target, which it must release. */
	void granted(Target target);

	/** There will be no target any more. */
	void refused();

}

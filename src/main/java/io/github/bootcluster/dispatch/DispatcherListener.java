package io.github.bootcluster.dispatch;

import io.github.bootcluster.WorkerId;

/**
 * What the dispatcher reports of its own accord. Called on its event loops or on the
 * thread that updated it, never with a lock held: must return quickly.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface DispatcherListener {

	/**
	 * A draining worker has nothing in flight any more and will get nothing further.
	 * Called once per worker.
	 * @param worker the worker
	 */
	void targetDrained(WorkerId worker);

}

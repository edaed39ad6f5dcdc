package io.github.bootcluster.messaging;

import java.util.Map;
import java.util.Set;

import io.github.bootcluster.WorkerId;

/**
 * What became of a broadcast.
 *
 * @param receivers who got it
 * @param failures who did not, and why, each in a sentence
 * @since 0.1.0
 */
public record BroadcastResult(Set<WorkerId> receivers, Map<WorkerId, String> failures) {

	public BroadcastResult {
		receivers = Set.copyOf(receivers);
		failures = Map.copyOf(failures);
	}

	/** Whether every worker that took messages got it. */
	public boolean isComplete() {
		return this.failures.isEmpty();
	}

}

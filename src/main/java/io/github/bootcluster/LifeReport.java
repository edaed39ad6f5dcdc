package io.github.bootcluster;

import java.util.Map;

import io.github.bootcluster.ExitInfo.Cause;

/**
 * What has become of processes since the launcher started. Every count only grows.
 *
 * @param starts processes that were started, by slot; {@value WorkerSnapshot#NO_SLOT} for
 * those that had none then
 * @param exits processes that ended, likewise, and by why
 * @param reloadsSucceeded reloads that came to their end
 * @param reloadsFailed reloads that did not
 * @since 0.1.0
 */
public record LifeReport(Map<Integer, Long> starts, Map<Integer, Map<Cause, Long>> exits, long reloadsSucceeded,
		long reloadsFailed) {

	public LifeReport {
		starts = Map.copyOf(starts);
		exits = Map.copyOf(exits);
	}

}

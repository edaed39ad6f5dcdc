package io.github.bootcluster;

import java.util.List;

/**
 * What happened to a cluster lately, for people to read. Safe for use by any thread.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ClusterTimeline {

	/**
	 * Return what came after an entry, as far as it is kept, oldest first.
	 * @param number number of that entry; 0 for all
	 */
	List<TimelineEntry> after(long number);

}

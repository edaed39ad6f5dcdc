package io.github.bootcluster.launcher;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.github.bootcluster.ClusterTimeline;
import io.github.bootcluster.TimelineEntry;
import io.github.bootcluster.TimelineEntry.Kind;
import io.github.bootcluster.WorkerId;
import org.jspecify.annotations.Nullable;

/**
 * The latest entries of the timeline. Written by the supervisor's thread, read by any.
 */
final class Timeline implements ClusterTimeline {

	/** Some hours of a quiet cluster, some minutes of one that crashes all the time. */
	static final int CAPACITY = 500;

	/** Guarded by this. */
	private final Deque<TimelineEntry> entries = new ArrayDeque<>();

	/** Guarded by this. */
	private long lastNumber;

	/** Add an entry; the oldest gives way if it has to. */
	synchronized void add(Instant at, Kind kind, @Nullable WorkerId worker, int slot, int generation, String message) {
		if (this.entries.size() == CAPACITY) {
			this.entries.removeFirst();
		}
		this.entries.addLast(new TimelineEntry(++this.lastNumber, at, kind, worker, slot, generation, message));
	}

	@Override
	public synchronized List<TimelineEntry> after(long number) {
		return this.entries.stream().filter((entry) -> entry.number() > number).toList();
	}

}

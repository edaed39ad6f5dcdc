package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * How many processors a process kept busy over its last few readings. Owned by the thread
 * that reads.
 */
final class ProcessorGauge {

	/** Systems count in hundredths of a second: over one reading that would jump. */
	private static final int READINGS = 5;

	private final Deque<Reading> readings = new ArrayDeque<>();

	/**
	 * Take a reading.
	 * @param nanoTime when it was taken
	 * @param used processor time the process had used by then
	 * @return the processors it kept busy, or {@code null} before the second reading
	 */
	@Nullable Double read(long nanoTime, Duration used) {
		Reading last = this.readings.peekLast();
		if (last != null && used.compareTo(last.used()) < 0) {
			// Another process, which has got the same number.
			this.readings.clear();
		}
		this.readings.addLast(new Reading(nanoTime, used));
		if (this.readings.size() > READINGS) {
			this.readings.removeFirst();
		}
		Reading first = this.readings.getFirst();
		long elapsed = nanoTime - first.nanoTime();
		return (elapsed > 0) ? (double) used.minus(first.used()).toNanos() / elapsed : null;
	}

	private record Reading(long nanoTime, Duration used) {

	}

}

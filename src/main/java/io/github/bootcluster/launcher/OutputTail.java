package io.github.bootcluster.launcher;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines a worker wrote. Safe for use by any thread. */
final class OutputTail {

	/** Lines kept: a thread dump has many. */
	static final int CAPACITY = 1000;

	/** Characters kept of all lines together. */
	static final int MAX_TOTAL = 256 * 1024;

	/** Characters kept of a line. */
	static final int MAX_LENGTH = 8 * 1024;

	/** Guarded by this. */
	private final Deque<String> lines = new ArrayDeque<>();

	/** Guarded by this. */
	private int total;

	synchronized void add(String line) {
		String kept = (line.length() <= MAX_LENGTH) ? line : line.substring(0, MAX_LENGTH) + " …";
		this.lines.addLast(kept);
		this.total += kept.length();
		while (this.lines.size() > CAPACITY || this.total > MAX_TOTAL) {
			this.total -= this.lines.removeFirst().length();
		}
	}

	synchronized List<String> lines() {
		return List.copyOf(this.lines);
	}

}

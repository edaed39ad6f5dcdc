package io.github.bootcluster.launcher;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines a worker wrote. Safe for use by any thread. */
final class OutputTail {

	/** Lines kept: more than a long stack trace. */
	static final int CAPACITY = 200;

	/** Characters kept of a line, so that the lines together stay small. */
	static final int MAX_LENGTH = 8 * 1024;

	/** Guarded by this. */
	private final Deque<String> lines = new ArrayDeque<>(CAPACITY);

	synchronized void add(String line) {
		if (this.lines.size() == CAPACITY) {
			this.lines.removeFirst();
		}
		this.lines.addLast((line.length() <= MAX_LENGTH) ? line : line.substring(0, MAX_LENGTH) + " …");
	}

	synchronized List<String> lines() {
		return List.copyOf(this.lines);
	}

}

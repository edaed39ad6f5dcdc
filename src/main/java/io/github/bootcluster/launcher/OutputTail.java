package io.github.bootcluster.launcher;

import java.util.ArrayDeque;
import java.util.Deque;

import io.github.bootcluster.OutputLines;

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

	/** How many lines there were so far. Guarded by this. */
	private long count;

	synchronized void add(String line) {
		String kept = (line.length() <= MAX_LENGTH) ? line : line.substring(0, MAX_LENGTH) + " …";
		this.lines.addLast(kept);
		this.count++;
		this.total += kept.length();
		while (this.lines.size() > CAPACITY || this.total > MAX_TOTAL) {
			this.total -= this.lines.removeFirst().length();
		}
	}

	/** Those after the one of a number, from 1, as far as they are kept. */
	synchronized OutputLines after(long number) {
		long wanted = this.count - Math.max(0, Math.min(number, this.count));
		return new OutputLines(this.count, this.lines.stream().skip(Math.max(0, this.lines.size() - wanted)).toList());
	}

}

package io.github.bootcluster.console;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import io.github.bootcluster.OutputLines;

/**
 * The last lines a process wrote, as the bytes they came in: few of many are ever looked
 * at. Safe for use by any thread.
 */
final class OutputTail {

	/** Lines kept: a thread dump has many. */
	static final int CAPACITY = 1000;

	/** Bytes kept of all lines together. */
	static final int MAX_TOTAL = 256 * 1024;

	/** Bytes kept of a line. */
	static final int MAX_LENGTH = 8 * 1024;

	/** Guarded by this. */
	private final Deque<Line> lines = new ArrayDeque<>();

	/** Guarded by this. */
	private int total;

	/** How many lines there were so far. Guarded by this. */
	private long count;

	synchronized void add(byte[] bytes) {
		Line line = Line.of(bytes);
		this.lines.addLast(line);
		this.count++;
		this.total += line.bytes().length;
		while (this.lines.size() > CAPACITY || this.total > MAX_TOTAL) {
			this.total -= this.lines.removeFirst().bytes().length;
		}
	}

	/** Those after the one of a number, from 1, as far as they are kept. */
	OutputLines after(long number) {
		long last;
		List<Line> found;
		synchronized (this) {
			last = this.count;
			long wanted = last - Math.max(0, Math.min(number, last));
			found = this.lines.stream().skip(Math.max(0, this.lines.size() - wanted)).toList();
		}
		return new OutputLines(last, found.stream().map(Line::text).toList());
	}

	/**
	 * One of them.
	 *
	 * @param bytes what is kept of it
	 * @param cut whether there was more
	 */
	private record Line(byte[] bytes, boolean cut) {

		static Line of(byte[] bytes) {
			return (bytes.length <= MAX_LENGTH) ? new Line(bytes, false)
					: new Line(Arrays.copyOf(bytes, OutputText.endBefore(bytes, MAX_LENGTH)), true);
		}

		String text() {
			String text = OutputText.decode(this.bytes);
			return this.cut ? text + " …" : text;
		}

	}

}

package io.github.bootcluster.console;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/**
 * Makes lines of bytes that come in pieces. A line is its bytes without its end, be that
 * a line feed with or without a carriage return. Belongs to one thread.
 */
final class LineSplitter {

	/** A longer line is broken, so that a process that ends none cannot fill memory. */
	static final int MAX_LINE = 256 * 1024;

	private final Consumer<byte[]> lines;

	/** The beginning of a line whose end has not come. */
	private ByteArrayOutputStream begun = new ByteArrayOutputStream();

	LineSplitter(Consumer<byte[]> lines) {
		this.lines = lines;
	}

	void add(byte[] bytes, int offset, int length) {
		int end = offset + length;
		int start = offset;
		for (int i = offset; i < end; i++) {
			if (bytes[i] == '\n') {
				this.begun.write(bytes, start, i - start);
				finish();
				start = i + 1;
			}
			else if (this.begun.size() + i - start + 1 >= MAX_LINE) {
				this.begun.write(bytes, start, i - start + 1);
				finish();
				start = i + 1;
			}
		}
		this.begun.write(bytes, start, end - start);
	}

	/** Nothing comes any more: what has begun is a line, too. */
	void end() {
		if (this.begun.size() > 0) {
			finish();
		}
	}

	private void finish() {
		byte[] line = this.begun.toByteArray();
		if (line.length >= MAX_LINE) {
			// Its room is not needed for ordinary ones.
			this.begun = new ByteArrayOutputStream();
		}
		this.begun.reset();
		this.lines.accept(withoutCarriageReturn(line));
	}

	private static byte[] withoutCarriageReturn(byte[] line) {
		if (line.length == 0 || line[line.length - 1] != '\r') {
			return line;
		}
		byte[] shorter = new byte[line.length - 1];
		System.arraycopy(line, 0, shorter, 0, shorter.length);
		return shorter;
	}

}

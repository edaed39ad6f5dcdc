package io.github.bootcluster.dispatch;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Just enough HTTP to look at both sides of the dispatcher with eyes of our own. */
final class Wire {

	private Wire() {
	}

	/** Read up to and including the empty line; {@code null} at the end of the stream. */
	static String readHead(InputStream in) throws IOException {
		ByteArrayOutputStream head = new ByteArrayOutputStream();
		while (true) {
			int b = in.read();
			if (b < 0) {
				if (head.size() == 0) {
					return null;
				}
				throw new EOFException("In a head: " + head.toString(StandardCharsets.ISO_8859_1));
			}
			head.write(b);
			if (b == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
				return head.toString(StandardCharsets.ISO_8859_1);
			}
		}
	}

	/** Read a chunked body; return the fields after it. */
	static String readChunked(InputStream in, ByteArrayOutputStream body) throws IOException {
		while (true) {
			String line = readLine(in);
			int size = Integer.parseInt(line, 16);
			if (size == 0) {
				break;
			}
			byte[] chunk = in.readNBytes(size);
			if (chunk.length < size) {
				throw new EOFException("In a chunk");
			}
			body.write(chunk);
			readLine(in);
		}
		StringBuilder trailers = new StringBuilder();
		for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
			trailers.append(line).append("\r\n");
		}
		return trailers.toString();
	}

	/** A chunked body as it arrives; its trailers are skipped. */
	static InputStream chunked(InputStream in) {
		return new InputStream() {

			private int left;

			private boolean ended;

			@Override
			public int read() throws IOException {
				byte[] one = new byte[1];
				return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
			}

			@Override
			public int read(byte[] target, int offset, int length) throws IOException {
				if (this.left == 0 && !this.ended) {
					this.left = Integer.parseInt(readLine(in), 16);
					this.ended = this.left == 0;
					while (this.ended && !readLine(in).isEmpty()) {
						continue;
					}
				}
				if (this.ended) {
					return -1;
				}
				int read = in.read(target, offset, Math.min(length, this.left));
				if (read < 0) {
					throw new EOFException("In a chunk");
				}
				this.left -= read;
				if (this.left == 0) {
					readLine(in);
				}
				return read;
			}

		};
	}

	static List<String> headers(String head, String name) {
		List<String> values = new ArrayList<>();
		for (String line : head.split("\r\n")) {
			int colon = line.indexOf(':');
			if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
				values.add(line.substring(colon + 1).trim());
			}
		}
		return values;
	}

	private static String readLine(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		while (true) {
			int b = in.read();
			if (b < 0) {
				throw new EOFException("In a line: " + line);
			}
			if (b == '\n') {
				return line.substring(0, line.length() - 1);
			}
			line.append((char) b);
		}
	}

}

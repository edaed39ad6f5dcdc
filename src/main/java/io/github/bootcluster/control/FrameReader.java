package io.github.bootcluster.control;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Takes messages out of a stream, many small ones for each read. Used by the thread that
 * reads the connection.
 */
final class FrameReader {

	private static final int BUFFER_SIZE = 64 * 1024;

	private final ReadableByteChannel channel;

	/** Ready to be taken from. */
	private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE).flip();

	FrameReader(ReadableByteChannel channel) {
		this.channel = channel;
	}

	/**
	 * Read the bytes of the next message.
	 * @throws EOFException if the peer closed the connection
	 * @throws IOException if the stream is not one of ours
	 */
	byte[] read() throws IOException {
		int length = readLength();
		if (length < 0 || length > ControlCodec.MAX_LENGTH) {
			throw new IOException("A control message cannot have a length of %d bytes".formatted(length));
		}
		return readContent(length);
	}

	/**
	 * Read the bytes of the next message.
	 * @param maxLength how many they may be
	 * @throws UnreadableMessageException if they are more; nothing more can be read then
	 */
	byte[] readAtMost(int maxLength) throws IOException, UnreadableMessageException {
		int length = readLength();
		if (length < 0 || length > maxLength) {
			throw new UnreadableMessageException(length, "at most %d bytes are taken here".formatted(maxLength));
		}
		return readContent(length);
	}

	private int readLength() throws IOException {
		while (this.buffer.remaining() < Integer.BYTES) {
			fill();
		}
		return this.buffer.getInt();
	}

	private byte[] readContent(int length) throws IOException {
		byte[] frame = new byte[length];
		int buffered = Math.min(length, this.buffer.remaining());
		this.buffer.get(frame, 0, buffered);
		ByteBuffer rest = ByteBuffer.wrap(frame, buffered, length - buffered);
		while (rest.hasRemaining()) {
			readInto(rest);
		}
		return frame;
	}

	private void fill() throws IOException {
		this.buffer.compact();
		try {
			readInto(this.buffer);
		}
		finally {
			this.buffer.flip();
		}
	}

	private void readInto(ByteBuffer target) throws IOException {
		if (this.channel.read(target) < 0) {
			throw new EOFException("Control connection closed by its peer");
		}
	}

}

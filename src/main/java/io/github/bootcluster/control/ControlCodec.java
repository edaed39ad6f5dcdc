package io.github.bootcluster.control;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Messages as bytes: four bytes of length, big endian, then that many bytes of JSON. The
 * length lets a reader skip a message it cannot read and stay in step.
 */
final class ControlCodec {

	/** Largest message in bytes; more is a peer gone mad. */
	static final int MAX_LENGTH = 4 * 1024 * 1024;

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private ControlCodec() {
	}

	static ByteBuffer encode(ControlMessage message) {
		byte[] json = MAPPER.writerFor(ControlMessage.class).writeValueAsBytes(message);
		if (json.length > MAX_LENGTH) {
			throw new IllegalArgumentException("A %s message of %d bytes is over the limit of %d"
				.formatted(message.getClass().getSimpleName(), json.length, MAX_LENGTH));
		}
		return ByteBuffer.allocate(Integer.BYTES + json.length).putInt(json.length).put(json).flip();
	}

	/**
	 * Read the bytes of the next message.
	 * @throws EOFException if the peer closed the connection
	 * @throws IOException if the stream is not one of ours
	 */
	static byte[] readFrame(ReadableByteChannel channel) throws IOException {
		int length = read(channel, Integer.BYTES).getInt();
		if (length < 0 || length > MAX_LENGTH) {
			throw new IOException("A control message cannot have a length of " + length + " bytes");
		}
		return read(channel, length).array();
	}

	static ControlMessage decode(byte[] frame) throws UnreadableMessageException {
		try {
			return MAPPER.readValue(frame, ControlMessage.class);
		}
		catch (JacksonException ex) {
			throw new UnreadableMessageException(frame.length, ex);
		}
	}

	private static ByteBuffer read(ReadableByteChannel channel, int length) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(length);
		while (buffer.hasRemaining()) {
			if (channel.read(buffer) < 0) {
				throw new EOFException("Control connection closed by its peer");
			}
		}
		return buffer.flip();
	}

}

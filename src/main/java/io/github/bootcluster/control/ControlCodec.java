package io.github.bootcluster.control;

import java.nio.ByteBuffer;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Messages as bytes: four bytes of length, big endian, then that many bytes of JSON, or
 * of {@link Mail}. The length lets a reader skip a message it cannot read and stay in
 * step.
 */
final class ControlCodec {

	/** Largest message in bytes; more is a peer gone mad. */
	static final int MAX_LENGTH = 4 * 1024 * 1024;

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private ControlCodec() {
	}

	static ByteBuffer encode(ControlMessage message) {
		if (message instanceof Mail mail) {
			return mail.encode();
		}
		byte[] json = MAPPER.writerFor(ControlMessage.class).writeValueAsBytes(message);
		return allocate(message, json.length).put(json).flip();
	}

	/** Begin a message of that many bytes: its length is written already. */
	static ByteBuffer allocate(ControlMessage message, int length) {
		if (length > MAX_LENGTH) {
			throw new IllegalArgumentException("A %s message of %d bytes is over the limit of %d"
				.formatted(message.getClass().getSimpleName(), length, MAX_LENGTH));
		}
		return ByteBuffer.allocate(Integer.BYTES + length).putInt(length);
	}

	static ControlMessage decode(byte[] frame) throws UnreadableMessageException {
		if (frame.length > 0 && frame[0] == Mail.MARK) {
			return Mail.decode(frame);
		}
		try {
			return MAPPER.readValue(frame, ControlMessage.class);
		}
		catch (JacksonException ex) {
			throw new UnreadableMessageException(frame.length, ex);
		}
	}

}

package io.github.bootcluster.control;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

import io.github.bootcluster.control.ControlMessage.FromLauncher;
import io.github.bootcluster.control.ControlMessage.FromWorker;

/**
 * What members of a cluster say to each other. The launcher passes it on without looking
 * into it, so it is not JSON: beside its content it has a few fields of fixed size.
 *
 * @param kind what it is
 * @param peer on its way to the launcher, whom it is for; on its way from the launcher,
 * whom it is from: the id of a worker, or {@link #LAUNCHER}
 * @param id number of the message that this is or is about, given by the sender of that
 * message and unique for it
 * @param type what the content is, empty if the kind says all
 * @param content may be empty; not to be changed by anybody
 */
public record Mail(Kind kind, long peer, long id, String type, byte[] content) implements FromWorker, FromLauncher {

	/** The launcher as sender or receiver. */
	public static final long LAUNCHER = 0;

	/** Tells it from JSON, which begins with a brace. */
	static final byte MARK = 1;

	/** More than all fields but the content take, for a type of a sensible length. */
	public static final int MAX_OVERHEAD = 4096;

	/** Largest number of bytes of the name of a type. */
	public static final int MAX_TYPE_LENGTH = 4000;

	private static final int FIXED = 2 * Byte.BYTES + 2 * Long.BYTES + Short.BYTES;

	private static final byte[] NOTHING = {};

	public Mail {
		Objects.requireNonNull(kind, "kind");
		Objects.requireNonNull(type, "type");
		Objects.requireNonNull(content, "content");
	}

	/** Mail that is all said by its kind. */
	public static Mail of(Kind kind, long peer, long id) {
		return new Mail(kind, peer, id, "", NOTHING);
	}

	/** The same with another peer, as it is passed on. */
	public Mail withPeer(long peer) {
		return new Mail(this.kind, peer, this.id, this.type, this.content);
	}

	@Override
	public String toString() {
		return "Mail[kind=" + this.kind + ", peer=" + this.peer + ", id=" + this.id + ", type=" + this.type + ", "
				+ this.content.length + " bytes]";
	}

	ByteBuffer encode() {
		byte[] type = this.type.getBytes(StandardCharsets.UTF_8);
		if (type.length > MAX_TYPE_LENGTH) {
			throw new IllegalArgumentException(
					"A type whose name takes %d bytes is too long for mail".formatted(type.length));
		}
		int length = FIXED + type.length + this.content.length;
		ByteBuffer frame = ControlCodec.allocate(this, length);
		return frame.put(MARK)
			.put((byte) this.kind.ordinal())
			.putLong(this.peer)
			.putLong(this.id)
			.putShort((short) type.length)
			.put(type)
			.put(this.content)
			.flip();
	}

	static Mail decode(byte[] frame) throws UnreadableMessageException {
		if (frame.length < FIXED) {
			throw new UnreadableMessageException(frame.length, "too short for mail");
		}
		ByteBuffer buffer = ByteBuffer.wrap(frame, 1, frame.length - 1);
		int kind = buffer.get();
		if (kind < 0 || kind >= Kind.VALUES.length) {
			throw new UnreadableMessageException(frame.length, "no kind of mail has the number " + kind);
		}
		long peer = buffer.getLong();
		long id = buffer.getLong();
		int typeLength = buffer.getShort();
		if (typeLength < 0 || typeLength > Math.min(MAX_TYPE_LENGTH, buffer.remaining())) {
			throw new UnreadableMessageException(frame.length,
					"mail whose type would have %d bytes".formatted(typeLength));
		}
		byte[] type = new byte[typeLength];
		buffer.get(type);
		byte[] content = new byte[buffer.remaining()];
		buffer.get(content);
		return new Mail(Kind.VALUES[kind], peer, id, new String(type, StandardCharsets.UTF_8), content);
	}

	/** What mail can be. The order is that of the numbers on the wire. */
	public enum Kind {

		/** A message. Answered by {@link #TAKEN} or {@link #REFUSED}. */
		MESSAGE,

		/**
		 * A message for all workers; its peer is ignored. Passed on as {@link #MESSAGE};
		 * answered by {@link #SPREAD}, then by what each receiver answers.
		 */
		BROADCAST,

		/**
		 * A message that wants a reply. Answered by {@link #REPLY} or {@link #REFUSED}.
		 */
		REQUEST,

		/**
		 * To whom a broadcast has gone: the content are their ids, eight bytes each.
		 */
		SPREAD,

		/** It is the message's turn in its receiver. */
		TAKEN,

		/** What a receiver has to say to a request. */
		REPLY,

		/**
		 * It came to nothing: the type names the kind of reason, the content tells it in
		 * words.
		 */
		REFUSED;

		private static final Kind[] VALUES = values();

	}

}

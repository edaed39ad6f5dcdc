package io.github.bootcluster.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A part of the launcher's answer to an operator's process. Not JSON: that process lives
 * for a moment, and to load what reads JSON would be most of it. On the wire it is four
 * bytes of length as for any message, one for its kind, and what that kind holds.
 */
public sealed interface OperatorReply {

	/**
	 * Something to print.
	 *
	 * @param error whether it is for the standard error stream
	 * @param text with all its line ends
	 */
	record Text(boolean error, String text) implements OperatorReply {

		/**
		 * Characters that one text may have, so that a long one is sent piece by piece.
		 */
		public static final int MAX_LENGTH = 64 * 1024;

		public Text {
			Objects.requireNonNull(text, "text");
		}

	}

	/**
	 * The launcher ends. It keeps the connection open until its process dies: that is
	 * done, and the text to be printed, once the connection has ended.
	 *
	 * @param pid its process id, which may still exist for a moment then
	 * @param text what to print then
	 */
	record Farewell(long pid, String text) implements OperatorReply {

		public Farewell {
			Objects.requireNonNull(text, "text");
		}

	}

	/**
	 * The launcher cannot confirm that it is the one that was meant. Nothing was done.
	 */
	record NotConfirmed() implements OperatorReply {

	}

	/**
	 * Nothing more comes.
	 *
	 * @param status status for the operator's process to exit with
	 */
	record End(int status) implements OperatorReply {

	}

	/** The bytes to send, the length included. */
	default ByteBuffer encode() {
		if (this instanceof Text text) {
			return Wire.encode(text.error() ? Wire.ERROR : Wire.OUTPUT, 0, text.text());
		}
		if (this instanceof Farewell farewell) {
			return Wire.encode(Wire.FAREWELL, farewell.pid(), farewell.text());
		}
		if (this instanceof End end) {
			return Wire.encode(Wire.END, end.status(), "");
		}
		return Wire.encode(Wire.NOT_CONFIRMED, 0, "");
	}

	/**
	 * Read what was sent.
	 * @param frame the bytes without their length
	 * @throws IOException if it is none of these
	 */
	static OperatorReply decode(byte[] frame) throws IOException {
		if (frame.length < Wire.FIXED) {
			throw new IOException("The launcher sent an answer that makes no sense");
		}
		ByteBuffer buffer = ByteBuffer.wrap(frame);
		byte kind = buffer.get();
		long number = buffer.getLong();
		String text = new String(frame, Wire.FIXED, frame.length - Wire.FIXED, StandardCharsets.UTF_8);
		return switch (kind) {
			case Wire.OUTPUT -> new Text(false, text);
			case Wire.ERROR -> new Text(true, text);
			case Wire.FAREWELL -> new Farewell(number, text);
			case Wire.NOT_CONFIRMED -> new NotConfirmed();
			case Wire.END -> new End((int) number);
			default -> throw new IOException("The launcher sent an answer of an unknown kind");
		};
	}

	/** How they look as bytes: a kind, a number, a text. */
	final class Wire {

		private static final byte OUTPUT = 1;

		private static final byte ERROR = 2;

		private static final byte FAREWELL = 3;

		private static final byte NOT_CONFIRMED = 4;

		private static final byte END = 5;

		private static final int FIXED = Byte.BYTES + Long.BYTES;

		private Wire() {
		}

		private static ByteBuffer encode(byte kind, long number, String text) {
			byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
			return ByteBuffer.allocate(Integer.BYTES + FIXED + bytes.length)
				.putInt(FIXED + bytes.length)
				.put(kind)
				.putLong(number)
				.put(bytes)
				.flip();
		}

	}

}

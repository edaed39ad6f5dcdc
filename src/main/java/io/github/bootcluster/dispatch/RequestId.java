package io.github.bootcluster.dispatch;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import io.github.bootcluster.http.FieldName;
import io.github.bootcluster.http.Fields;

/**
 * What a request is called in every log it leaves a trace in.
 *
 * @param high one half
 * @param low the other half
 */
record RequestId(long high, long low) {

	private static final int MAX_LENGTH = 128;

	private static final byte[] LINE_BEGIN = { 'x', '-', 'r', 'e', 'q', 'u', 'e', 's', 't', '-', 'i', 'd', ':', ' ' };

	private static final byte[] DIGITS = { '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e',
			'f' };

	/** A new one where the request has none that is sane, otherwise {@code null}. */
	static @Nullable RequestId ifNeeded(Fields fields) {
		if (fields.has(FieldName.X_REQUEST_ID)) {
			String id = fields.value(FieldName.X_REQUEST_ID);
			if (fields.count(FieldName.X_REQUEST_ID) == 1 && id != null && isSane(id)) {
				return null;
			}
			fields.drop(FieldName.X_REQUEST_ID);
		}
		ThreadLocalRandom random = ThreadLocalRandom.current();
		return new RequestId(random.nextLong(), random.nextLong());
	}

	void writeLine(ByteBuf out) {
		out.writeBytes(LINE_BEGIN);
		writeHex(this.high, out);
		writeHex(this.low, out);
		out.writeByte('\r').writeByte('\n');
	}

	@Override
	public String toString() {
		HexFormat hex = HexFormat.of();
		return hex.toHexDigits(this.high) + hex.toHexDigits(this.low);
	}

	private static void writeHex(long value, ByteBuf out) {
		for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
			out.writeByte(DIGITS[(int) (value >>> shift) & 0xF]);
		}
	}

	private static boolean isSane(String id) {
		return !id.isEmpty() && id.length() <= MAX_LENGTH && id.chars().allMatch((c) -> c > ' ' && c < 0x7F);
	}

}

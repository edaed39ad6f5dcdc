package io.github.bootcluster.http;

/**
 * Which byte may stand where.
 */
final class Syntax {

	static final byte CR = '\r';

	static final byte LF = '\n';

	private static final byte TOKEN = 1;

	private static final byte TARGET = 2;

	private static final byte TEXT = 4;

	private static final byte HOST = 8;

	private static final byte[] CLASSES = new byte[256];

	static {
		for (int i = 0; i < 256; i++) {
			boolean letterOrDigit = (i >= '0' && i <= '9') || (i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z');
			boolean visible = i > ' ' && i != 0x7F;
			if (letterOrDigit || isOneOf("!#$%&'*+-.^_`|~", i)) {
				CLASSES[i] |= TOKEN;
			}
			// Bytes beyond ASCII are UTF-8 that somebody did not encode: passed
			// unchanged.
			if (visible && i != '#') {
				CLASSES[i] |= TARGET;
			}
			if (visible || i == ' ' || i == '\t') {
				CLASSES[i] |= TEXT;
			}
			// Not comma, semicolon and equals sign, which RFC 3986 permits: they part
			// the values of many a field and are in no real name.
			if (letterOrDigit || isOneOf("-._~!$&'()*+", i)) {
				CLASSES[i] |= HOST;
			}
		}
	}

	private Syntax() {
	}

	private static boolean isOneOf(String characters, int c) {
		return characters.indexOf(c) >= 0;
	}

	// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
	static boolean isToken(byte b) {
		return (CLASSES[b & 0xFF] & TOKEN) != 0;
	}

	/**
	 * Whether it may be in a request target: neither white space, control nor fragment.
	 */
	static boolean isTarget(byte b) {
		return (CLASSES[b & 0xFF] & TARGET) != 0;
	}

	/** Whether it may be in the value of a field: no control but the tab. */
	static boolean isText(byte b) {
		return (CLASSES[b & 0xFF] & TEXT) != 0;
	}

	/** Whether it may stand for itself in the name of a host. */
	static boolean isHost(byte b) {
		return (CLASSES[b & 0xFF] & HOST) != 0;
	}

	static boolean isBlank(byte b) {
		return b == ' ' || b == '\t';
	}

	static boolean isDigit(byte b) {
		return b >= '0' && b <= '9';
	}

	/** The value of a hexadecimal digit, or -1. */
	static int hexDigit(byte b) {
		if (isDigit(b)) {
			return b - '0';
		}
		int lower = b | 0x20;
		return (lower >= 'a' && lower <= 'f') ? lower - 'a' + 10 : -1;
	}

	static byte lower(byte b) {
		return (b >= 'A' && b <= 'Z') ? (byte) (b | 0x20) : b;
	}

	/** Whether two stretches of bytes are the same, in whatever case. */
	static boolean equalsIgnoreCase(byte[] bytes, int from, int to, int otherFrom, int otherTo) {
		if (to - from != otherTo - otherFrom) {
			return false;
		}
		for (int i = 0; i < to - from; i++) {
			if (lower(bytes[from + i]) != lower(bytes[otherFrom + i])) {
				return false;
			}
		}
		return true;
	}

}

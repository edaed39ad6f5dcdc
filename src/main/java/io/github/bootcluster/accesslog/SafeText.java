package io.github.bootcluster.accesslog;

/**
 * Writes values into a line. Most are what a client chose to send: nothing of them may
 * end a line, close a quote or drive a terminal.
 */
final class SafeText {

	private static final String DIGITS = "0123456789abcdef";

	private static final int MICROS_PER_SECOND = 1_000_000;

	private SafeText() {
	}

	/**
	 * Write a value whose characters are bytes. Quotes, backslashes, control characters
	 * and all beyond ASCII become hexadecimal, so that not even a reader who knows of no
	 * escapes can take a quote for the end of the value.
	 * @param escape what comes before two hexadecimal digits
	 */
	static void write(String value, String escape, StringBuilder out) {
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			if (c < ' ' || c >= 0x7F || c == '"' || c == '\\') {
				out.append(escape).append(DIGITS.charAt((c >> 4) & 0xF)).append(DIGITS.charAt(c & 0xF));
			}
			else {
				out.append(c);
			}
		}
	}

	/** Write a time in seconds, to the microsecond. */
	static void writeSeconds(long nanos, StringBuilder out) {
		long micros = nanos / 1000;
		out.append(micros / MICROS_PER_SECOND).append('.');
		String fraction = Long.toString(micros % MICROS_PER_SECOND);
		out.append("000000", 0, 6 - fraction.length()).append(fraction);
	}

}

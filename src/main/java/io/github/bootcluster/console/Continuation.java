package io.github.bootcluster.console;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Tells lines that continue the one before from those that begin something. */
final class Continuation {

	/** Of stack traces; those within them begin with white space. */
	private static final List<byte[]> BEGINNINGS = List.of(ascii("Caused by: "), ascii("Suppressed: "),
			ascii("Wrapped by: "), ascii("... "));

	private Continuation() {
	}

	/** Whether a line continues whatever comes before it. */
	static boolean is(byte[] line) {
		return line.length == 0 || line[0] == ' ' || line[0] == '\t'
				|| BEGINNINGS.stream().anyMatch((beginning) -> startsWith(line, beginning));
	}

	/**
	 * Whether a line is the first of a stack trace: a class with its package, and more.
	 */
	static boolean isThrowable(byte[] line) {
		boolean qualified = false;
		for (int i = 0; i < line.length; i++) {
			if (line[i] == ':') {
				return qualified;
			}
			if (line[i] == '.') {
				qualified = i > 0;
			}
			else if (!Character.isJavaIdentifierPart(line[i] & 0xff)) {
				return false;
			}
		}
		return qualified;
	}

	private static boolean startsWith(byte[] line, byte[] beginning) {
		int length = beginning.length;
		return line.length >= length && Arrays.equals(line, 0, length, beginning, 0, length);
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}

package io.github.bootcluster.http;

/**
 * The version of a message, as one number.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-2.3">RFC 9112, section
 * 2.3</a>
 */
final class Version {

	/** Length of a version in bytes. */
	static final int LENGTH = 8;

	private static final byte[] NAME = { 'H', 'T', 'T', 'P', '/' };

	private Version() {
	}

	/** Read a version, or -1 if there is none at that place. */
	static int read(byte[] bytes, int from, int to) {
		if (to - from < LENGTH) {
			return -1;
		}
		for (int i = 0; i < NAME.length; i++) {
			if (bytes[from + i] != NAME[i]) {
				return -1;
			}
		}
		byte major = bytes[from + NAME.length];
		byte minor = bytes[from + NAME.length + 2];
		if (!Syntax.isDigit(major) || bytes[from + NAME.length + 1] != '.' || !Syntax.isDigit(minor)) {
			return -1;
		}
		return (major - '0') * 10 + minor - '0';
	}

	static int major(int version) {
		return version / 10;
	}

	static int minor(int version) {
		return version % 10;
	}

}

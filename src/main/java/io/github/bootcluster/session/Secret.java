package io.github.bootcluster.session;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A password, or a name as hard to guess as one.
 *
 * @param value {@value #BYTES} random bytes in hexadecimal
 */
record Secret(String value) {

	private static final int BYTES = 32;

	private static final Pattern SYNTAX = Pattern.compile("[0-9a-f]{" + (2 * BYTES) + "}");

	private static final SecureRandom random = new SecureRandom();

	Secret {
		if (!isValid(value)) {
			throw new IllegalArgumentException("Not a secret of " + BYTES + " bytes");
		}
	}

	static Secret random() {
		byte[] bytes = new byte[BYTES];
		random.nextBytes(bytes);
		return new Secret(HexFormat.of().formatHex(bytes));
	}

	static boolean isValid(String value) {
		return SYNTAX.matcher(value).matches();
	}

	@Override
	public String toString() {
		return "Secret";
	}

}

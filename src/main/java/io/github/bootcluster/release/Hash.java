package io.github.bootcluster.release;

import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names content by what it is. */
final class Hash {

	private Hash() {
	}

	static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java has SHA-256", ex);
		}
	}

	/** The hash of a part, found without keeping its content. */
	static String of(Part.Content content) throws IOException {
		MessageDigest digest = sha256();
		content.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
		return text(digest);
	}

	static String text(MessageDigest digest) {
		return HexFormat.of().formatHex(digest.digest());
	}

}

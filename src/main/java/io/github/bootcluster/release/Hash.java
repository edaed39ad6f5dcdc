package io.github.bootcluster.release;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names content by what it is. */
final class Hash {

	private static final int BUFFER_SIZE = 1 << 16;

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

	/** Write a part to a new file, and tell its hash. */
	static String write(Part.Content content, Path file) throws IOException {
		MessageDigest digest = sha256();
		try (OutputStream out = new DigestOutputStream(
				new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), BUFFER_SIZE),
				digest)) {
			content.writeTo(out);
		}
		return text(digest);
	}

	static String text(MessageDigest digest) {
		return HexFormat.of().formatHex(digest.digest());
	}

}

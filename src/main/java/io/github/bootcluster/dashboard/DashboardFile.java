package io.github.bootcluster.dashboard;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file as browsers get it.
 *
 * @param contentType its type
 * @param content its bytes; not to be changed
 * @param tag its entity tag, made of the bytes
 */
record DashboardFile(String contentType, byte[] content, String tag) {

	static DashboardFile of(String contentType, byte[] content) {
		return new DashboardFile(contentType, content, tagOf(content));
	}

	/** Whether a browser that has the one of these tags needs no other. */
	boolean isOneOf(String tags) {
		return tags.contains(this.tag) || tags.strip().equals("*");
	}

	private static String tagOf(byte[] content) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
			return '"' + HexFormat.of().formatHex(digest, 0, 8) + '"';
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}

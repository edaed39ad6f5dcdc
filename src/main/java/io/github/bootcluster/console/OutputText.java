package io.github.bootcluster.console;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** What the bytes of a line mean. */
final class OutputText {

	private static final Charset NATIVE = Charset.forName(System.getProperty("native.encoding", "UTF-8"));

	private static final char REPLACEMENT = '\ufffd';

	private static final int MAX_CHARACTER = 4;

	private OutputText() {
	}

	/**
	 * Java writes UTF-8 since version 18 unless told otherwise, before that as the system
	 * does.
	 */
	static String decode(byte[] line) {
		String text = new String(line, StandardCharsets.UTF_8);
		return (text.indexOf(REPLACEMENT) < 0 || isUtf8(line)) ? text : new String(line, NATIVE);
	}

	/** The largest length up to a limit that cuts no UTF-8 character. */
	static int endBefore(byte[] line, int limit) {
		int end = limit;
		while (end > 0 && limit - end < MAX_CHARACTER && (line[end] & 0xc0) == 0x80) {
			end--;
		}
		return end;
	}

	/** It may have that very character in it. */
	private static boolean isUtf8(byte[] line) {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
			return true;
		}
		catch (CharacterCodingException ex) {
			return false;
		}
	}

}

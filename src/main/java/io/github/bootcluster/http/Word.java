package io.github.bootcluster.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A word that is the same in whatever case, ready to be compared with bytes.
 */
public final class Word {

	static final Word CLOSE = new Word("close");

	static final Word KEEP_ALIVE = new Word("keep-alive");

	static final Word CHUNKED = new Word("chunked");

	private final byte[] lowerCase;

	/**
	 * A word.
	 * @param word the word, in whatever case
	 */
	public Word(String word) {
		this.lowerCase = word.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
	}

	boolean matches(byte[] bytes, int from, int to) {
		return to - from == this.lowerCase.length && isPrefix(bytes, from, to);
	}

	boolean isPrefix(byte[] bytes, int from, int to) {
		if (to - from < this.lowerCase.length) {
			return false;
		}
		for (int i = 0; i < this.lowerCase.length; i++) {
			if (Syntax.lower(bytes[from + i]) != this.lowerCase[i]) {
				return false;
			}
		}
		return true;
	}

	/** Whether the bytes would be equal if their underscores were dashes. */
	boolean isImitatedBy(byte[] bytes, int from, int to) {
		return to - from == this.lowerCase.length && isPrefixImitatedBy(bytes, from, to);
	}

	boolean isPrefixImitatedBy(byte[] bytes, int from, int to) {
		if (to - from < this.lowerCase.length) {
			return false;
		}
		for (int i = 0; i < this.lowerCase.length; i++) {
			byte b = bytes[from + i];
			if (((b == '_') ? '-' : Syntax.lower(b)) != this.lowerCase[i]) {
				return false;
			}
		}
		return true;
	}

	int length() {
		return this.lowerCase.length;
	}

	@Override
	public String toString() {
		return new String(this.lowerCase, StandardCharsets.ISO_8859_1);
	}

}

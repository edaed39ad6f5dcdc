package io.github.bootcluster.dispatch;

import java.util.Locale;

import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * The second word of a request line.
 *
 * @param origin the same in origin form (or {@code *}), otherwise byte for byte
 * @param authority the authority of an absolute form, or {@code null}
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, section
 * 3.2</a>
 */
record RequestTarget(String origin, @Nullable String authority) {

	/** Read a target; {@code null} if it is none. */
	static @Nullable RequestTarget parse(HttpMethod method, String text) {
		if (text.indexOf('#') >= 0) {
			return null;
		}
		if (text.startsWith("/")) {
			return new RequestTarget(text, null);
		}
		if (text.equals("*")) {
			return method.equals(HttpMethod.OPTIONS) ? new RequestTarget(text, null) : null;
		}
		return parseAbsolute(method, text);
	}

	private static @Nullable RequestTarget parseAbsolute(HttpMethod method, String text) {
		String lower = text.substring(0, Math.min(8, text.length())).toLowerCase(Locale.ROOT);
		int begin = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : -1;
		if (begin < 0) {
			return null;
		}
		int end = begin;
		while (end < text.length() && text.charAt(end) != '/' && text.charAt(end) != '?') {
			end++;
		}
		String rest = text.substring(end);
		String origin;
		if (rest.isEmpty() && method.equals(HttpMethod.OPTIONS)) {
			// https://www.rfc-editor.org/rfc/rfc9112#section-3.2.4
			origin = "*";
		}
		else {
			origin = rest.startsWith("/") ? rest : "/" + rest;
		}
		return new RequestTarget(origin, text.substring(begin, end));
	}

}

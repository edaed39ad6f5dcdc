package io.github.bootcluster.dispatch;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.github.bootcluster.http.Method;
import io.github.bootcluster.http.RequestHead;

/**
 * The second word of a request line where it is not in origin form.
 *
 * @param origin the same in origin form (or {@code *}), otherwise byte for byte
 * @param authority the authority of an absolute form, or {@code null}
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, section
 * 3.2</a>
 */
record RequestTarget(String origin, @Nullable String authority) {

	/** Read the target of a request; {@code null} if it is none. */
	static @Nullable RequestTarget of(RequestHead head) {
		String text = head.target();
		if (head.isOriginForm()) {
			return new RequestTarget(text, null);
		}
		if (text.equals("*")) {
			return head.method().equals(Method.OPTIONS) ? new RequestTarget(text, null) : null;
		}
		return parseAbsolute(head.method(), text);
	}

	private static @Nullable RequestTarget parseAbsolute(Method method, String text) {
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
		if (rest.isEmpty() && method.equals(Method.OPTIONS)) {
			// https://www.rfc-editor.org/rfc/rfc9112#section-3.2.4
			origin = "*";
		}
		else {
			origin = rest.startsWith("/") ? rest : "/" + rest;
		}
		return new RequestTarget(origin, text.substring(begin, end));
	}

}

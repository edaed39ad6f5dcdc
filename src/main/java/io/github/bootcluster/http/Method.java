package io.github.bootcluster.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The method of a request.
 *
 * @param name its name, case-sensitive
 * @param safe whether it only reads
 * @param idempotent whether doing it twice is like doing it once. Nothing is known of the
 * extension methods, so they are not
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-9.2">RFC 9110, section
 * 9.2</a>
 */
public record Method(String name, boolean safe, boolean idempotent) {

	public static final Method GET = new Method("GET", true, true);

	public static final Method HEAD = new Method("HEAD", true, true);

	public static final Method OPTIONS = new Method("OPTIONS", true, true);

	public static final Method CONNECT = new Method("CONNECT", false, false);

	private static final List<Method> KNOWN = List.of(GET, new Method("POST", false, false),
			new Method("PUT", false, true), HEAD, new Method("DELETE", false, true), new Method("PATCH", false, false),
			OPTIONS, new Method("TRACE", true, true), CONNECT);

	/** The method of that name. */
	public static Method of(String name) {
		for (Method method : KNOWN) {
			if (method.name.equals(name)) {
				return method;
			}
		}
		return new Method(name, false, false);
	}

	static Method of(byte[] bytes, int from, int to) {
		for (Method method : KNOWN) {
			if (isNamed(method.name, bytes, from, to)) {
				return method;
			}
		}
		return of(new String(bytes, from, to - from, StandardCharsets.US_ASCII));
	}

	private static boolean isNamed(String name, byte[] bytes, int from, int to) {
		if (name.length() != to - from) {
			return false;
		}
		for (int i = from; i < to; i++) {
			if (name.charAt(i - from) != bytes[i]) {
				return false;
			}
		}
		return true;
	}

	@Override
	public String toString() {
		return this.name;
	}

}

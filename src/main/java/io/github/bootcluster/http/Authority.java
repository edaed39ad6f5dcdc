package io.github.bootcluster.http;

import java.nio.charset.StandardCharsets;

import io.netty.util.AsciiString;
import io.netty.util.NetUtil;

/**
 * A host with or without a port, as in Host and in a request target.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2">RFC 3986, section
 * 3.2.2</a>
 */
public final class Authority {

	/** A name has at most 255 bytes. */
	private static final int MAX_LENGTH = 300;

	private static final int MAX_PORT = 65535;

	private static final int MAX_PORT_DIGITS = 5;

	private Authority() {
	}

	/** Whether a text names a host. A user in front of it is no part of a host. */
	public static boolean isValid(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
		return isValid(bytes, 0, bytes.length);
	}

	/** The host of a valid authority, without its port. */
	public static String hostOf(String valid) {
		int colon = valid.lastIndexOf(':');
		return (colon > valid.lastIndexOf(']')) ? valid.substring(0, colon) : valid;
	}

	static boolean isValid(byte[] bytes, int from, int to) {
		if (from == to || to - from > MAX_LENGTH) {
			return false;
		}
		int hostTo = (bytes[from] == '[') ? endOfAddress(bytes, from, to) : endOfName(bytes, from, to);
		return hostTo > from && (hostTo == to || isPort(bytes, hostTo, to));
	}

	private static int endOfName(byte[] bytes, int from, int to) {
		int i = from;
		while (i < to) {
			if (Syntax.isHost(bytes[i])) {
				i++;
			}
			else if (bytes[i] == '%' && i + 2 < to && Syntax.hexDigit(bytes[i + 1]) >= 0
					&& Syntax.hexDigit(bytes[i + 2]) >= 0) {
				i += 3;
			}
			else {
				break;
			}
		}
		return i;
	}

	private static int endOfAddress(byte[] bytes, int from, int to) {
		int i = from + 1;
		while (i < to && (Syntax.hexDigit(bytes[i]) >= 0 || bytes[i] == ':' || bytes[i] == '.')) {
			i++;
		}
		boolean closed = i < to && bytes[i] == ']';
		return (closed && NetUtil.isValidIpV6Address(new AsciiString(bytes, from + 1, i - from - 1, false))) ? i + 1
				: -1;
	}

	private static boolean isPort(byte[] bytes, int from, int to) {
		if (bytes[from] != ':' || to - from > 1 + MAX_PORT_DIGITS) {
			return false;
		}
		int port = 0;
		for (int i = from + 1; i < to; i++) {
			if (!Syntax.isDigit(bytes[i])) {
				return false;
			}
			port = port * 10 + bytes[i] - '0';
		}
		return port <= MAX_PORT;
	}

}

package io.github.bootcluster.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Bytes that are requests, or were before somebody damaged them. The same seed makes the
 * same bytes.
 */
final class RequestGenerator {

	private static final String[] METHODS = { "GET", "GET", "POST", "POST", "POST", "PUT", "HEAD", "OPTIONS", "DELETE",
			"CONNECT", "BREW", "get", "G(T", "" };

	private static final String[] TARGETS = { "/", "/a", "/a?b=c", "/%00", "/\u00e9", "*", "http://a/b", "http://a",
			"HTTP://A/", "https://a:80/?x", "http://u@a/", "http://b/", "a:80", "a", "//", "/#", "/a b", "",
			"ftp://a/" };

	private static final String[] VERSIONS = { "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1",
			"HTTP/1.0", "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "http/1.1", "HTTP/1.1 ", "HTTP/1", "" };

	private static final String[] HOSTS = { "Host: a\r\n", "Host: a\r\n", "Host: a\r\n", "Host: a\r\n", "Host: a\r\n",
			"Host: a\r\n", "Host:a\r\n", "host: a:80\r\n", "HOST: [::1]\r\n", "Host: a\r\nHost: a\r\n", "Host: \r\n",
			"", "Host: a b\r\n", "Host: a:65536\r\n", "Host: u@a\r\n", "Host: [1]\r\n" };

	private static final String[] FIELDS = { "X: a\r\n", "X:\r\n", "Y: \t b c \t\r\n", "Accept: */*\r\n",
			"x-y_z: \u00e9\r\n", "Connection: close\r\n", "Connection: keep-alive, X\r\n",
			"Connection: Content-Length\r\n", "Connection: Transfer-Encoding, Host\r\n", "Keep-Alive: 1\r\n",
			"TE: trailers\r\n", "Trailer: X\r\n", "Upgrade: h2c\r\n", "Connection: upgrade\r\nUpgrade: odd\r\n",
			"Expect: 100-continue\r\n", "Expect: x\r\n", "Forwarded: for=b\r\n", "X-Forwarded-For: b\r\n",
			"X-Forwarded-Odd: b\r\n", "X_Forwarded_For: b\r\n", "X-Request-Id: b\r\n", "Content-Type: b\r\n",
			"Cookie: a=b\r\n", "Proxy-Connection: close\r\n", "Sec-WebSocket-Key1: a\r\n", "Content_Length: 1\r\n",
			"X : a\r\n", " X: a\r\n", "X: a\r\n b\r\n", "X\r\n", ": a\r\n", "X: a\0\r\n", "X: a\rb\r\n",
			"X: a\nY: b\r\n" };

	private static final String[] LENGTHS = { "+%d", "-%d", "0x%x", "%d,%<d", "%d, %<d", "%d %<d", " %d", "%d ", "0%d",
			"\t%d\t", "%d.0", "%dx", "", "%d\r\nContent-Length: %<d", "%d\r\ncontent-length: 0", "9%018d", "99%018d" };

	private static final String[] ENCODINGS = { "chunked", "chunked", "chunked", "chunked", "chunked", "chunked",
			"Chunked", " chunked\t", "xchunked", "chunked,", "gzip, chunked", "identity", "",
			"chunked\r\nTransfer-Encoding: chunked", "chunked\r\nTransfer-Encoding: x", "\u000bchunked", "chunked;a=b",
			"\"chunked\"" };

	private static final String[] EXTENSIONS = { "", "", "", "", "", ";a", ";a=b", ";a=\"b\"", ";a;b=\"c\\\"d\"", " ;a",
			";", ";a=", ";a=\"b", ";a\nb", ";a\rb", " ", ";a b", ";\u00e9", "\t" };

	private static final String[] CHUNK_ENDS = { "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n",
			"\r", "", "x\r\n" };

	private static final String[] SIZES = { "%x", "%x", "%x", "%x", "%X", "0%x", "000000000000%x", "0000000000000000%x",
			"0x%x", "+%x", "-%x", "%x_", "1%07x", "f%015x", " %x" };

	/** What damage is done with. */
	private static final String[] WORDS = { "\r", "\n", "\r\n", "\r\n\r\n", "\0", " ", "\t", ":", ";", ",", "=", "\"",
			"\\", "0", "1", "a", "\u000b", "\u0085", "\u00a0", "\u00ff", "0\r\n\r\n", "\r\n ", "\r\n\t",
			"Content-Length: 0\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Host: a\r\n",
			"HTTP/1.1", "HTTP/1.0", "GET /x HTTP/1.1\r\nHost: a\r\n\r\n", "\r\nX: ", " : ", "#", "*", "_" };

	private final Random random;

	RequestGenerator(long seed) {
		this.random = new Random(seed);
	}

	/** Some bytes, a char for a byte. */
	String next() {
		StringBuilder bytes = new StringBuilder();
		int requests = 1 + this.random.nextInt(3);
		for (int i = 0; i < requests; i++) {
			request(bytes);
		}
		damages(bytes);
		if (oneIn(400)) {
			inflate(bytes);
		}
		return bytes.toString();
	}

	/** The same bytes, as they might arrive. */
	List<String> pieces(String bytes) {
		List<String> pieces = new ArrayList<>();
		int longest = switch (this.random.nextInt(4)) {
			case 0 -> 1;
			case 1 -> 20;
			case 2 -> 1 + bytes.length() / 2;
			default -> bytes.length();
		};
		int from = 0;
		while (from < bytes.length()) {
			int to = Math.min(bytes.length(), from + 1 + this.random.nextInt(longest));
			pieces.add(bytes.substring(from, to));
			from = to;
		}
		return pieces;
	}

	/**
	 * One of the bodies an answer may have, framing included, and damaged like the rest.
	 */
	String nextAnswer() {
		StringBuilder bytes = new StringBuilder();
		bytes.append(pick("HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1.0 200 OK\r\n", "HTTP/1.1 204 None\r\n",
				"HTTP/1.1 304 \r\n", "HTTP/1.1 103 Hints\r\n", "HTTP/1.1 404\r\n", "HTTP/1.1 999 \u00e9\r\n",
				"HTTP/2.0 200 OK\r\n", "http/1.1 200 OK\r\n", "HTTP/1.1 20 OK\r\n", "HTTP/1.1  200 OK\r\n"));
		fields(bytes);
		framedBody(bytes);
		damages(bytes);
		return bytes.toString();
	}

	private void request(StringBuilder bytes) {
		if (oneIn(10)) {
			bytes.append("\r\n".repeat(1 + this.random.nextInt(3)));
		}
		bytes.append(mostly("POST", METHODS)).append(' ').append(mostly("/a", TARGETS)).append(' ');
		bytes.append(mostly("HTTP/1.1", VERSIONS)).append("\r\n");
		boolean hostFirst = this.random.nextBoolean();
		if (hostFirst) {
			bytes.append(mostly("Host: a\r\n", HOSTS));
		}
		fields(bytes);
		if (!hostFirst) {
			bytes.append(mostly("Host: a\r\n", HOSTS));
		}
		framedBody(bytes);
	}

	private void fields(StringBuilder bytes) {
		int fields = Math.max(0, this.random.nextInt(6) - 2);
		for (int i = 0; i < fields; i++) {
			bytes.append(pick(FIELDS));
		}
	}

	private void framedBody(StringBuilder bytes) {
		String body = body();
		switch (this.random.nextInt(10)) {
			case 0, 1 -> bytes.append("\r\n");
			case 2, 3 -> bytes.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
			case 4 -> bytes.append("Content-Length: ")
				.append(String.format(pick(LENGTHS), body.length()))
				.append("\r\n\r\n")
				.append(body);
			case 5, 6 -> {
				bytes.append("Transfer-Encoding: chunked\r\n\r\n");
				soundChunks(body, bytes);
			}
			case 7, 8 -> {
				bytes.append("Transfer-Encoding: ").append(pick(ENCODINGS)).append("\r\n\r\n");
				oddChunks(body, bytes);
			}
			default -> {
				boolean first = this.random.nextBoolean();
				String length = "Content-Length: " + body.length() + "\r\n";
				bytes.append(first ? length : "").append("Transfer-Encoding: ").append(pick(ENCODINGS));
				bytes.append("\r\n").append(first ? "" : length).append("\r\n");
				oddChunks(body, bytes);
			}
		}
	}

	private String body() {
		return switch (this.random.nextInt(6)) {
			case 0 -> "";
			case 1 -> "0\r\n\r\n";
			case 2 -> "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
			case 3 -> "a".repeat(this.random.nextInt(200));
			default -> "abcde\r\n\n\0\u00ff".substring(0, 1 + this.random.nextInt(10));
		};
	}

	private void soundChunks(String body, StringBuilder bytes) {
		int from = 0;
		while (from < body.length()) {
			int to = Math.min(body.length(), from + 1 + this.random.nextInt(body.length()));
			bytes.append(Integer.toHexString(to - from)).append("\r\n").append(body, from, to).append("\r\n");
			from = to;
		}
		bytes.append("0\r\n");
		if (oneIn(4)) {
			bytes.append(pick("X: a\r\n", "X:\r\n", "Content-Length: 9\r\n", "Transfer-Encoding: chunked\r\n",
					"Host: b\r\n"));
		}
		bytes.append("\r\n");
	}

	private void oddChunks(String body, StringBuilder bytes) {
		int from = 0;
		while (from < body.length()) {
			int to = Math.min(body.length(), from + 1 + this.random.nextInt(body.length()));
			bytes.append(String.format(mostly("%x", SIZES), to - from)).append(mostly("", EXTENSIONS));
			bytes.append(mostly("\r\n", CHUNK_ENDS)).append(body, from, to).append(mostly("\r\n", CHUNK_ENDS));
			from = to;
		}
		bytes.append(String.format(mostly("%x", SIZES), 0))
			.append(mostly("", EXTENSIONS))
			.append(mostly("\r\n", CHUNK_ENDS));
		while (oneIn(3)) {
			bytes.append(pick(FIELDS));
		}
		bytes.append(mostly("\r\n", CHUNK_ENDS));
	}

	/** Mostly none: bytes that break every rule at once show little. */
	private void damages(StringBuilder bytes) {
		for (int i = this.random.nextInt(8); i > 4; i--) {
			damage(bytes);
		}
	}

	private void damage(StringBuilder bytes) {
		if (bytes.length() == 0) {
			return;
		}
		int at = this.random.nextInt(bytes.length());
		int length = Math.min(bytes.length() - at, 1 + this.random.nextInt(8));
		switch (this.random.nextInt(10)) {
			case 0 -> bytes.setCharAt(at, (char) (bytes.charAt(at) ^ (1 << this.random.nextInt(8))));
			case 1 -> bytes.setCharAt(at, (char) this.random.nextInt(256));
			case 2, 3 -> bytes.insert(at, pick(WORDS));
			case 4 -> bytes.replace(at, at + length, pick(WORDS));
			case 5 -> bytes.delete(at, at + length);
			case 6 -> bytes.insert(at, bytes.substring(at, at + length));
			case 7 -> duplicateLine(bytes, at);
			case 8 -> insertAtLineEnd(bytes, at);
			default -> {
				if (oneIn(3)) {
					bytes.setLength(at);
				}
			}
		}
	}

	private void duplicateLine(StringBuilder bytes, int at) {
		int from = bytes.lastIndexOf("\n", at) + 1;
		int to = bytes.indexOf("\n", from) + 1;
		if (to > from) {
			bytes.insert(oneIn(2) ? to : 0, bytes.substring(from, to));
		}
	}

	private void insertAtLineEnd(StringBuilder bytes, int at) {
		int end = bytes.indexOf("\r\n", at);
		if (end >= 0) {
			bytes.insert(end + this.random.nextInt(3), pick(WORDS));
		}
	}

	/** Something becomes larger than anything is allowed to be. */
	private void inflate(StringBuilder bytes) {
		int at = this.random.nextInt(bytes.length() + 1);
		bytes.insert(at, pick("a", "X: a\r\n", "\r\n", " ", "0", ";a", "1;a=b\r\na\r\n")
			.repeat(100 + this.random.nextInt(9000)));
	}

	private boolean oneIn(int n) {
		return this.random.nextInt(n) == 0;
	}

	private String mostly(String usual, String[] others) {
		return oneIn(12) ? pick(others) : usual;
	}

	private String pick(String... all) {
		return all[this.random.nextInt(all.length)];
	}

}

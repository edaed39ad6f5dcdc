package io.github.bootcluster.dispatch;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * How a {@link MortalWorker} frames its answer. The text tells whose request it answers,
 * so that a client can tell that it got all of it and nobody else's.
 */
enum AnswerForm {

	/** With its length; fits into what the dispatcher holds back. */
	FIXED(1000),

	/** In two chunks. */
	CHUNKED(1000),

	/** With its length; more than the dispatcher holds back. */
	LARGE(150_000),

	/** With its length; more than sockets take. */
	HUGE(8_000_000);

	/** The end of a chunked body. */
	static final String LAST_CHUNK = "0\r\n\r\n";

	private final int size;

	AnswerForm(int size) {
		this.size = size;
	}

	/** What the body says. */
	String text(String method, String key, byte[] requestBody) {
		CRC32 checksum = new CRC32();
		checksum.update(requestBody);
		String said = method + " " + key + " " + checksum.getValue() + "\n";
		return said + ".".repeat(this.size - said.length());
	}

	String head() {
		return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
				+ ((this == CHUNKED) ? "Transfer-Encoding: chunked" : "Content-Length: " + this.size) + "\r\n\r\n";
	}

	/** The body as it goes over the wire. */
	String body(String text) {
		if (this != CHUNKED) {
			return text;
		}
		int half = text.length() / 2;
		return chunk(text.substring(0, half)) + chunk(text.substring(half)) + LAST_CHUNK;
	}

	static String chunk(String data) {
		return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

}

package io.github.bootcluster.dispatch;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.Set;

import io.github.bootcluster.dispatch.RawClient.Response;

/**
 * A request to a {@link MortalWorker}, and what its client gets to see of the answer.
 */
final class CheckedRequest {

	private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

	private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

	private final String method;

	private final Body body;

	private final AnswerForm answer;

	private final String key;

	private final RawClient client;

	private String head;

	CheckedRequest(String method, Body body, AnswerForm answer, String key, RawClient client) {
		this.method = method;
		this.body = body;
		this.answer = answer;
		this.key = key;
		this.client = client;
	}

	/** Another one on the same connection. */
	CheckedRequest next() {
		return new CheckedRequest("HEAD", Body.NONE, AnswerForm.FIXED, "after-" + this.key, this.client);
	}

	String method() {
		return this.method;
	}

	Body body() {
		return this.body;
	}

	AnswerForm answer() {
		return this.answer;
	}

	String key() {
		return this.key;
	}

	boolean isSafe() {
		return SAFE.contains(this.method);
	}

	boolean isIdempotent() {
		return IDEMPOTENT.contains(this.method);
	}

	/** Send it to whatever worker, which answers after a while. */
	void send(int millis) throws IOException {
		this.client.send(request("", "", millis));
	}

	/** Send as much as there is to be before that worker dies. */
	void begin(String worker, DeathPoint point) throws IOException {
		String request = request(worker, point.name(), 0);
		this.client.send((point == DeathPoint.REQUEST) ? request.substring(0, middle(request)) : request);
	}

	/** Send the rest when it is dead. */
	void goOn(String worker, DeathPoint point) throws IOException {
		if (point == DeathPoint.REQUEST) {
			String request = request(worker, point.name(), 0);
			this.client.send(request.substring(middle(request)));
		}
	}

	/** Wait until a part of the answer has reached the client. */
	void awaitHead() throws IOException {
		this.head = readHead();
	}

	/** Read the answer, as far as it goes. */
	Outcome outcome() throws IOException {
		if (this.head == null) {
			awaitHead();
		}
		Response response;
		try {
			response = this.client.read(this.head, !this.method.equals("HEAD"));
		}
		catch (EOFException | SocketException ex) {
			return Outcome.ABORTED;
		}
		if (response.status() != 200) {
			return (response.status() == 502) ? Outcome.BAD_GATEWAY : Outcome.WRONG;
		}
		String whole = this.method.equals("HEAD") ? ""
				: this.answer.text(this.method, this.key, AnswerForm.bytes(this.body.text()));
		if (response.body().equals(whole)) {
			return Outcome.WHOLE;
		}
		String length = response.header("Content-Length");
		boolean cut = length != null && response.body().length() < Integer.parseInt(length);
		return (cut && whole.startsWith(response.body())) ? Outcome.ABORTED : Outcome.WRONG;
	}

	/** Whether the client is to send its next request on another connection. */
	boolean endsConnection() {
		return Wire.headers(this.head, "Connection").contains("close");
	}

	@Override
	public String toString() {
		return this.method + " " + this.key;
	}

	private String request(String worker, String point, int millis) {
		return "%s /?key=%s&answer=%s&millis=%d&at=%s&point=%s HTTP/1.1\r\nHost: test\r\n%s\r\n\r\n%s%s".formatted(
				this.method, this.key, this.answer, millis, worker, point, this.body.framing(), this.body.first(),
				this.body.second());
	}

	private int middle(String request) {
		return (this.body == Body.NONE) ? request.length() / 2 : request.length() - this.body.second().length();
	}

	private String readHead() throws IOException {
		String head = this.client.readHead();
		while (head != null && head.startsWith("HTTP/1.1 103")) {
			head = this.client.readHead();
		}
		if (head == null) {
			throw new EOFException("No answer to " + this);
		}
		return head;
	}

	/** What a client makes of its answer. */
	enum Outcome {

		/** The answer to this request, and all of it. */
		WHOLE,

		/** 502: it might have been executed or not. */
		BAD_GATEWAY,

		/** The beginning of the answer; that the end is missing cannot be overlooked. */
		ABORTED,

		/** Anything else: another status, or another body than was meant. */
		WRONG

	}

	/** What there is to send behind the head. */
	enum Body {

		NONE("", ""),

		FIXED("first half" + MortalWorker.MIDDLE, "second half"),

		CHUNKED("first half" + MortalWorker.MIDDLE, "second half"),

		/** More than is kept for another attempt. */
		LARGE("x".repeat(50_000) + MortalWorker.MIDDLE, "y".repeat(50_000));

		private final String first;

		private final String second;

		Body(String first, String second) {
			this.first = first;
			this.second = second;
		}

		static List<Body> of(String method) {
			return switch (method) {
				// https://www.rfc-editor.org/rfc/rfc9110#section-9.3.8
				case "TRACE" -> List.of(NONE);
				case "PUT" -> List.of(values());
				default -> List.of(NONE, FIXED, CHUNKED);
			};
		}

		String text() {
			return this.first + this.second;
		}

		String framing() {
			return switch (this) {
				case NONE -> "Accept: */*";
				case FIXED, LARGE -> "Content-Length: " + text().length();
				case CHUNKED -> "Transfer-Encoding: chunked";
			};
		}

		String first() {
			return (this == CHUNKED) ? AnswerForm.chunk(this.first) : this.first;
		}

		String second() {
			return (this == CHUNKED) ? AnswerForm.chunk(this.second) + AnswerForm.LAST_CHUNK : this.second;
		}

	}

}

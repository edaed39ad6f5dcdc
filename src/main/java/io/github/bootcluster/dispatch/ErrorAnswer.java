package io.github.bootcluster.dispatch;

import java.nio.charset.StandardCharsets;
import java.util.Date;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.DateFormatter;

import io.github.bootcluster.TrafficReport.Rejection;
import io.github.bootcluster.http.MessageException;
import io.github.bootcluster.http.Method;
import io.github.bootcluster.http.RequestHead;

/**
 * An answer the dispatcher gives itself, because no target did or no target shall be
 * asked.
 *
 * @param status the status and its name
 * @param sentence what happened, for a human
 */
record ErrorAnswer(Status status, String sentence) {

	static ErrorAnswer badRequest(String sentence) {
		return new ErrorAnswer(Status.BAD_REQUEST, sentence);
	}

	/** A head that was not understood. */
	static ErrorAnswer of(MessageException failure) {
		return switch (failure.fault()) {
			case MALFORMED -> badRequest("The request is not well-formed HTTP/1.1: " + failure.getMessage() + ".");
			case START_LINE_TOO_LONG -> new ErrorAnswer(Status.URI_TOO_LONG,
					"The request line is longer than " + RequestHead.MAX_LINE + " bytes.");
			case FIELDS_TOO_LARGE -> new ErrorAnswer(Status.FIELDS_TOO_LARGE, "The head of the request is larger than "
					+ RequestHead.MAX_FIELD_BYTES + " bytes or has more than " + RequestHead.MAX_FIELDS + " fields.");
		};
	}

	static ErrorAnswer headTimeout() {
		return new ErrorAnswer(Status.REQUEST_TIMEOUT, "The head of the request took too long.");
	}

	static ErrorAnswer bodyTimeout() {
		return new ErrorAnswer(Status.REQUEST_TIMEOUT, "The body of the request arrived too slowly.");
	}

	static ErrorAnswer tooLarge(long limit) {
		return new ErrorAnswer(Status.CONTENT_TOO_LARGE, "The body of the request is larger than " + limit + " bytes.");
	}

	static ErrorAnswer unavailable(String sentence) {
		return new ErrorAnswer(Status.UNAVAILABLE, sentence);
	}

	/** No worker was found. */
	static ErrorAnswer of(Rejection rejection) {
		return unavailable(switch (rejection) {
			case QUEUE_FULL -> "No worker has room and too many requests are waiting.";
			case QUEUE_TIMEOUT -> "No worker had room in time.";
			case UNREACHABLE -> "No worker took a connection in time.";
			case SHUTTING_DOWN -> "The server is shutting down.";
		});
	}

	static ErrorAnswer badGateway(String sentence) {
		return new ErrorAnswer(Status.BAD_GATEWAY, sentence);
	}

	static ErrorAnswer gatewayTimeout() {
		return new ErrorAnswer(Status.GATEWAY_TIMEOUT, "The worker did not answer in time.");
	}

	/** Whether it says what is wrong with the request, rather than with the cluster. */
	boolean isForClient() {
		return isForClient(this.status.code);
	}

	static boolean isForClient(int status) {
		return status < Status.BAD_GATEWAY.code || status == Status.VERSION_NOT_SUPPORTED.code;
	}

	/**
	 * Write the answer.
	 * @param method what the request asked for
	 * @param connectionLine the field {@code Connection} with its line end, or nothing
	 */
	ByteBuf encode(ByteBufAllocator allocator, Method method, String connectionLine) {
		byte[] body = body();
		StringBuilder head = new StringBuilder("HTTP/1.1 ").append(this.status.code)
			.append(' ')
			.append(this.status.reason)
			.append("\r\ncontent-type: text/plain;charset=utf-8\r\ncontent-length: ")
			.append(body.length)
			.append("\r\ncache-control: no-store\r\n")
			// https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1
			.append("date: ")
			.append(DateFormatter.format(new Date()))
			.append("\r\n");
		if (this.status == Status.UNAVAILABLE) {
			// https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
			head.append("retry-after: 1\r\n");
		}
		head.append(connectionLine).append("\r\n");
		ByteBuf out = allocator.buffer(head.length() + body.length);
		out.writeCharSequence(head, StandardCharsets.US_ASCII);
		return method.equals(Method.HEAD) ? out : out.writeBytes(body);
	}

	/** Bytes of the body where such a request is answered. */
	int bodyBytes(Method method) {
		return method.equals(Method.HEAD) ? 0 : body().length;
	}

	private byte[] body() {
		return (this.sentence + "\n").getBytes(StandardCharsets.UTF_8);
	}

	/** The statuses of such answers. */
	enum Status {

		BAD_REQUEST(400, "Bad Request"),

		REQUEST_TIMEOUT(408, "Request Timeout"),

		CONTENT_TOO_LARGE(413, "Content Too Large"),

		URI_TOO_LONG(414, "URI Too Long"),

		EXPECTATION_FAILED(417, "Expectation Failed"),

		MISDIRECTED_REQUEST(421, "Misdirected Request"),

		FIELDS_TOO_LARGE(431, "Request Header Fields Too Large"),

		NOT_IMPLEMENTED(501, "Not Implemented"),

		BAD_GATEWAY(502, "Bad Gateway"),

		UNAVAILABLE(503, "Service Unavailable"),

		GATEWAY_TIMEOUT(504, "Gateway Timeout"),

		VERSION_NOT_SUPPORTED(505, "HTTP Version Not Supported");

		private final int code;

		private final String reason;

		Status(int code, String reason) {
			this.code = code;
			this.reason = reason;
		}

		int code() {
			return this.code;
		}

	}

}

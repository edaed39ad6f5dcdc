package io.github.bootcluster.dispatch;

import java.util.List;
import java.util.regex.Pattern;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * What a well-formed request must satisfy beyond its syntax before it may get any
 * further. A request that could be read in two ways is refused, never repaired.
 */
final class RequestRules {

	// https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2
	private static final Pattern HOST = Pattern
		.compile("(?:\\[[0-9A-Fa-f:.]+]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+)(?::[0-9]{0,5})?");

	/** A name has at most 255; matching a very long one would exhaust the stack. */
	private static final int MAX_HOST = 300;

	private static final Pattern DIGITS = Pattern.compile("[0-9]{1,19}");

	private RequestRules() {
	}

	/** Why a request is refused, or {@code null} if it is not. */
	static @Nullable ErrorAnswer refusal(HttpRequest request, long maxBody) {
		HttpVersion version = request.protocolVersion();
		if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
			return new ErrorAnswer(HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED,
					"Only HTTP/1.1 and HTTP/1.0 are spoken here.");
		}
		if (request.method().equals(HttpMethod.CONNECT)) {
			return new ErrorAnswer(HttpResponseStatus.NOT_IMPLEMENTED, "This server is no forward proxy.");
		}
		ErrorAnswer refusal = framingRefusal(request, maxBody);
		if (refusal == null) {
			refusal = authorityRefusal(request);
		}
		if (refusal == null) {
			refusal = expectationRefusal(request);
		}
		return refusal;
	}

	/** Whether a body follows the head. */
	static boolean announcesBody(HttpRequest request) {
		HttpHeaders headers = request.headers();
		String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
		return headers.contains(HttpHeaderNames.TRANSFER_ENCODING) || (length != null && !length.equals("0"));
	}

	// https://www.rfc-editor.org/rfc/rfc9112#section-6.3
	private static @Nullable ErrorAnswer framingRefusal(HttpRequest request, long maxBody) {
		HttpHeaders headers = request.headers();
		List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
		List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
		if (!encodings.isEmpty()) {
			if (!lengths.isEmpty()) {
				return ErrorAnswer.badRequest("Content-Length and Transfer-Encoding exclude each other.");
			}
			if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
				return ErrorAnswer.badRequest("HTTP/1.0 knows no Transfer-Encoding.");
			}
			if (encodings.size() > 1 || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.get(0))) {
				return ErrorAnswer.badRequest("The only Transfer-Encoding accepted is 'chunked'.");
			}
		}
		if (headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)
				|| headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY2)) {
			// Netty takes eight bytes after such a head for its body, others do not.
			return ErrorAnswer.badRequest("This draft of WebSocket is not supported.");
		}
		if (lengths.isEmpty()) {
			return null;
		}
		if (lengths.size() > 1 || !DIGITS.matcher(lengths.get(0)).matches()) {
			return ErrorAnswer.badRequest("Content-Length must be one number.");
		}
		return (Long.parseLong(lengths.get(0)) > maxBody) ? ErrorAnswer.tooLarge(maxBody) : null;
	}

	// https://www.rfc-editor.org/rfc/rfc9112#section-3.2
	private static @Nullable ErrorAnswer authorityRefusal(HttpRequest request) {
		RequestTarget target = RequestTarget.parse(request.method(), request.uri());
		if (target == null) {
			return ErrorAnswer.badRequest("The request target is not valid.");
		}
		List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
		if (hosts.size() > 1) {
			return ErrorAnswer.badRequest("There must be only one Host.");
		}
		if (hosts.isEmpty()) {
			return request.protocolVersion().equals(HttpVersion.HTTP_1_0) ? authorityRefusal(target.authority())
					: ErrorAnswer.badRequest("Host is missing.");
		}
		String host = hosts.get(0);
		if (!isHost(host)) {
			return ErrorAnswer.badRequest("Host is not valid.");
		}
		if (target.authority() != null && !target.authority().equalsIgnoreCase(host)) {
			return ErrorAnswer.badRequest("Host is not that of the request target.");
		}
		return null;
	}

	private static @Nullable ErrorAnswer authorityRefusal(@Nullable String authority) {
		return (authority == null || isHost(authority)) ? null
				: ErrorAnswer.badRequest("The request target is not valid.");
	}

	private static boolean isHost(String value) {
		return value.length() <= MAX_HOST && HOST.matcher(value).matches();
	}

	// https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
	private static @Nullable ErrorAnswer expectationRefusal(HttpRequest request) {
		if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
			return null;
		}
		for (String expectation : request.headers().getAll(HttpHeaderNames.EXPECT)) {
			if (!HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectation)) {
				return new ErrorAnswer(HttpResponseStatus.EXPECTATION_FAILED,
						"The only expectation that can be met is '100-continue'.");
			}
		}
		return null;
	}

}

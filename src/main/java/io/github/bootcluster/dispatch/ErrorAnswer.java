package io.github.bootcluster.dispatch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.CharsetUtil;
import org.jspecify.annotations.Nullable;

/**
 * An answer the dispatcher gives itself, because no target did or no target shall be
 * asked.
 *
 * @param status the status
 * @param sentence what happened, for a human
 */
record ErrorAnswer(HttpResponseStatus status, String sentence) {

	static ErrorAnswer badRequest(String sentence) {
		return new ErrorAnswer(HttpResponseStatus.BAD_REQUEST, sentence);
	}

	/** What the decoder did not understand. */
	static ErrorAnswer of(Throwable decoderFailure) {
		if (decoderFailure instanceof TooLongHttpLineException) {
			return new ErrorAnswer(HttpResponseStatus.REQUEST_URI_TOO_LONG,
					"The request line is longer than " + Limits.REQUEST_LINE + " bytes.");
		}
		if (decoderFailure instanceof TooLongHttpHeaderException) {
			return new ErrorAnswer(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
					"The head of the request is larger than " + Limits.REQUEST_HEAD + " bytes or has more than "
							+ Limits.REQUEST_FIELDS + " fields.");
		}
		return badRequest("The request is not well-formed HTTP/1.1.");
	}

	static ErrorAnswer headTimeout() {
		return new ErrorAnswer(HttpResponseStatus.REQUEST_TIMEOUT, "The head of the request took too long.");
	}

	static ErrorAnswer bodyTimeout() {
		return new ErrorAnswer(HttpResponseStatus.REQUEST_TIMEOUT, "The body of the request stopped arriving.");
	}

	static ErrorAnswer tooLarge(long limit) {
		return new ErrorAnswer(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
				"The body of the request is larger than " + limit + " bytes.");
	}

	static ErrorAnswer unavailable(String sentence) {
		return new ErrorAnswer(HttpResponseStatus.SERVICE_UNAVAILABLE, sentence);
	}

	static ErrorAnswer badGateway(String sentence) {
		return new ErrorAnswer(HttpResponseStatus.BAD_GATEWAY, sentence);
	}

	static ErrorAnswer gatewayTimeout() {
		return new ErrorAnswer(HttpResponseStatus.GATEWAY_TIMEOUT, "The worker did not answer in time.");
	}

	/**
	 * The message to send.
	 * @param connection value of its field {@code Connection}, or {@code null} for none
	 */
	FullHttpResponse toResponse(@Nullable CharSequence connection) {
		ByteBuf body = Unpooled.copiedBuffer(this.sentence + "\n", CharsetUtil.UTF_8);
		FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, this.status, body);
		response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain;charset=utf-8");
		response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
		response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
		if (this.status.code() == HttpResponseStatus.SERVICE_UNAVAILABLE.code()) {
			// https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
			response.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
		}
		if (connection != null) {
			response.headers().set(HttpHeaderNames.CONNECTION, connection);
		}
		return response;
	}

}

package io.github.bootcluster.dispatch;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * What one request is answered on the client's connection: decides anew how the answer is
 * framed there and whether the connection outlives it. Belongs to the event loop of that
 * connection.
 */
final class Answer {

	private final Channel client;

	private final ResponseEncoder encoder;

	private final HttpMethod method;

	private final boolean clientIsHttp10;

	private boolean keepAlive;

	private boolean begun;

	private boolean endsByClose;

	private boolean passesTrailers;

	private @Nullable ChannelFuture lastWrite;

	Answer(Channel client, ResponseEncoder encoder, HttpRequest request) {
		this.client = client;
		this.encoder = encoder;
		this.method = request.method();
		this.clientIsHttp10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
		this.keepAlive = HttpUtil.isKeepAlive(request);
	}

	/** The connection shall be closed after this answer. */
	void forbidKeepAlive() {
		this.keepAlive = false;
	}

	/** Whether the connection can carry another request after this answer. */
	boolean keepsAlive() {
		return this.keepAlive;
	}

	/** Whether the client has seen a part of the answer. */
	boolean hasBegun() {
		return this.begun;
	}

	/** The last thing written, or {@code null} before the first. */
	@Nullable ChannelFuture lastWrite() {
		return this.lastWrite;
	}

	/** Relay an answer that says another one will follow. */
	void interim(HttpResponse response) {
		// https://www.rfc-editor.org/rfc/rfc9110#section-15.2: never to HTTP/1.0
		if (this.clientIsHttp10) {
			return;
		}
		HopByHopHeaders.strip(response.headers());
		DefaultFullHttpResponse interim = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, response.status());
		interim.headers().set(response.headers());
		write(interim);
	}

	/** Relay the head of the answer. */
	void head(HttpResponse response) {
		HttpHeaders headers = response.headers();
		HopByHopHeaders.strip(headers);
		frame(response);
		CharSequence connection = connection();
		if (connection != null) {
			headers.set(HttpHeaderNames.CONNECTION, connection);
		}
		response.setProtocolVersion(HttpVersion.HTTP_1_1);
		this.begun = true;
		write(response);
	}

	/** Relay a part of the body. */
	void content(HttpContent content) {
		if (this.passesTrailers && content instanceof LastHttpContent last) {
			HopByHopHeaders.stripTrailers(last.trailingHeaders());
		}
		write(content);
	}

	/** Answer without a target. Nothing may have been answered before. */
	void error(ErrorAnswer error) {
		this.begun = true;
		write(error.toResponse(connection()));
	}

	/** Make sure the client sees that the answer is not complete. */
	void abort() {
		if (this.endsByClose) {
			// An orderly end would look like that of the answer.
			this.client.config().setOption(ChannelOption.SO_LINGER, 0);
		}
		this.client.flush();
		this.client.close();
	}

	// https://www.rfc-editor.org/rfc/rfc9112#section-6.3
	private void frame(HttpResponse response) {
		HttpHeaders headers = response.headers();
		boolean bodiless = ResponseRules.isBodiless(this.method, response);
		boolean lengthKnown = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
		if (bodiless || lengthKnown) {
			headers.remove(HttpHeaderNames.TRAILER);
		}
		else if (this.clientIsHttp10) {
			headers.remove(HttpHeaderNames.TRAILER);
			this.endsByClose = true;
			this.keepAlive = false;
		}
		else {
			headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
			this.passesTrailers = true;
		}
	}

	private @Nullable CharSequence connection() {
		if (!this.keepAlive) {
			return HttpHeaderValues.CLOSE;
		}
		return this.clientIsHttp10 ? HttpHeaderValues.KEEP_ALIVE : null;
	}

	private void write(Object message) {
		this.encoder.answer(this.method);
		this.lastWrite = this.client.write(message);
	}

}

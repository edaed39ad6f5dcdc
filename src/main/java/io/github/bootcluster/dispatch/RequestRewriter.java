package io.github.bootcluster.dispatch;

import java.net.InetSocketAddress;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;

/**
 * Makes of a request as it came, and was found in order, one as it goes on to a target.
 */
final class RequestRewriter {

	private final ForwardedHeaders forwardedHeaders;

	RequestRewriter(ForwardedHeaders forwardedHeaders) {
		this.forwardedHeaders = forwardedHeaders;
	}

	/**
	 * Rewrite in place.
	 * @param request the request
	 * @param peer who sent it
	 * @param local where it arrived
	 */
	void rewrite(HttpRequest request, InetSocketAddress peer, InetSocketAddress local) {
		HttpHeaders headers = request.headers();
		RequestTarget target = RequestTarget.parse(request.method(), request.uri());
		if (target != null) {
			request.setUri(target.origin());
		}
		if (!headers.contains(HttpHeaderNames.HOST)) {
			String authority = (target != null) ? target.authority() : null;
			headers.set(HttpHeaderNames.HOST, (authority != null) ? authority : NetUtil.toSocketAddressString(local));
		}
		if (request.protocolVersion().equals(HttpVersion.HTTP_1_0) || !RequestRules.announcesBody(request)) {
			// https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
			headers.remove(HttpHeaderNames.EXPECT);
		}
		reframe(headers);
		request.setProtocolVersion(HttpVersion.HTTP_1_1);
		this.forwardedHeaders.apply(headers, peer.getAddress(), "http");
	}

	private static void reframe(HttpHeaders headers) {
		boolean chunked = headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
		HopByHopHeaders.strip(headers);
		if (chunked) {
			headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
			return;
		}
		headers.remove(HttpHeaderNames.TRAILER);
		String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
		if (length != null) {
			// Leading zeros are digits to some and mark an octal number to others.
			headers.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(Long.parseLong(length)));
		}
	}

}

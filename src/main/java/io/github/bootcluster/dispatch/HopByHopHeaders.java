package io.github.bootcluster.dispatch;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/**
 * Fields that concern one connection only and go no further than it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110, section
 * 7.6.1</a>
 */
final class HopByHopHeaders {

	private static final List<AsciiString> NAMES = List.of(HttpHeaderNames.CONNECTION, AsciiString.cached("keep-alive"),
			AsciiString.cached("proxy-connection"), HttpHeaderNames.TE, HttpHeaderNames.TRANSFER_ENCODING,
			HttpHeaderNames.UPGRADE,
			// Between a client and the proxy next to it, and that proxy wants none:
			// https://www.rfc-editor.org/rfc/rfc9110#section-11.7
			HttpHeaderNames.PROXY_AUTHENTICATE, HttpHeaderNames.PROXY_AUTHORIZATION,
			AsciiString.cached("proxy-authentication-info"));

	/** Fields a sender may name in Connection only by mistake or with bad intent. */
	private static final Set<String> NEVER_HOP_BY_HOP = Set.of("host", "content-length", "content-type", "expect",
			"trailer", "date", "set-cookie", "location");

	/**
	 * Fields that may not arrive after the body, where no rule is applied to them any
	 * more.
	 */
	private static final List<AsciiString> NOT_IN_TRAILERS = List.of(HttpHeaderNames.HOST,
			HttpHeaderNames.CONTENT_LENGTH, HttpHeaderNames.CONTENT_ENCODING, HttpHeaderNames.CONTENT_TYPE,
			HttpHeaderNames.CONTENT_RANGE, HttpHeaderNames.TRAILER, HttpHeaderNames.EXPECT,
			HttpHeaderNames.AUTHORIZATION, HttpHeaderNames.COOKIE, HttpHeaderNames.SET_COOKIE, HttpHeaderNames.LOCATION,
			AsciiString.cached("x-request-id"));

	private HopByHopHeaders() {
	}

	/** Remove them from a head. */
	static void strip(HttpHeaders headers) {
		for (String options : headers.getAll(HttpHeaderNames.CONNECTION)) {
			for (String option : options.split(",")) {
				String name = option.trim();
				if (!name.isEmpty() && !NEVER_HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
					headers.remove(name);
				}
			}
		}
		NAMES.forEach(headers::remove);
	}

	/**
	 * Remove from the fields after a body those that concern one connection, the framing
	 * or the routing.
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1">RFC 9110,
	 * section 6.5.1</a>
	 */
	static void stripTrailers(HttpHeaders trailers) {
		if (trailers.isEmpty()) {
			return;
		}
		strip(trailers);
		NOT_IN_TRAILERS.forEach(trailers::remove);
		ForwardedHeaders.remove(trailers);
	}

}

package io.github.bootcluster.dispatch;

import java.util.List;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import org.jspecify.annotations.Nullable;

/**
 * What the head of a target's answer must satisfy. A worker that is wrong about where its
 * answer ends would hand a part of it to the next client.
 */
final class ResponseRules {

	private ResponseRules() {
	}

	/** What is wrong with an answer, or {@code null}. */
	static @Nullable String fault(HttpResponse response) {
		if (response.decoderResult().isFailure()) {
			return "is not well-formed: " + response.decoderResult().cause().getMessage();
		}
		if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
			return "switches protocols without having been asked";
		}
		List<String> encodings = response.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
		if (encodings.size() > 1
				|| (encodings.size() == 1 && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.get(0)))) {
			return "has a Transfer-Encoding other than 'chunked'";
		}
		return null;
	}

	static boolean isInterim(HttpResponse response) {
		return response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
	}

	/**
	 * Whether an answer has no body whatever its fields say.
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112, section
	 * 6.3</a>
	 */
	static boolean isBodiless(HttpMethod method, HttpResponse response) {
		int code = response.status().code();
		return method.equals(HttpMethod.HEAD) || code == 204 || code == 304;
	}

}

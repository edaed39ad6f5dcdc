package io.github.bootcluster.dispatch;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/**
 * Encodes answers, each in the light of the request it is for.
 */
final class ResponseEncoder extends HttpResponseEncoder {

	private HttpMethod method = HttpMethod.GET;

	/** What follows answers a request of that method. */
	void answer(HttpMethod method) {
		this.method = method;
	}

	@Override
	protected boolean isContentAlwaysEmpty(HttpResponse response) {
		return super.isContentAlwaysEmpty(response) || ResponseRules.isBodiless(this.method, response);
	}

}

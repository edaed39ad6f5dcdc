package io.github.bootcluster.actuate;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpMethod;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets no web page of another origin command the cluster through the browser of somebody
 * who may, and nobody send the launcher more than a command is long. Browsers tell the
 * origin of whatever is not a mere read
 * (<a href="https://fetch.spec.whatwg.org/#origin-header">Fetch</a>), and by encrypted
 * connections whether it is that of the page, too
 * (<a href="https://www.w3.org/TR/fetch-metadata/">Fetch Metadata</a>); programs tell
 * none.
 *
 * @since 0.1.0
 */
public class WriteGuard extends OncePerRequestFilter {

	private static final int MAX_BODY = 16 * 1024;

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		String method = request.getMethod();
		return HttpMethod.GET.matches(method) || HttpMethod.HEAD.matches(method) || HttpMethod.OPTIONS.matches(method);
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (isOfAnotherOrigin(request)) {
			logger
				.warn("A web page of another origin tried to command the cluster: refused (" + CommandSource.of(request)
						+ ", origin " + CommandSource.printable(request.getHeader("Origin")) + ")");
			response.sendError(HttpServletResponse.SC_FORBIDDEN,
					"Commands are not taken from web pages of another origin.");
		}
		else if (request.getQueryString() != null) {
			// Boot would take parameters from there, too, and logs tell of them.
			response.sendError(HttpServletResponse.SC_BAD_REQUEST,
					"Send the command as a JSON object in the body, and nothing in the query.");
		}
		else if (request.getContentLengthLong() > MAX_BODY) {
			response.sendError(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
					"A command has at most %d bytes.".formatted(MAX_BODY));
		}
		else if (request.getHeader("Transfer-Encoding") != null) {
			response.sendError(HttpServletResponse.SC_LENGTH_REQUIRED, "Send the command with a Content-Length.");
		}
		else {
			chain.doFilter(request, response);
		}
	}

	/**
	 * What the browser itself says counts first: no page can forge it, and only the
	 * browser knows by which address it reached a proxy that decrypts.
	 */
	private static boolean isOfAnotherOrigin(HttpServletRequest request) {
		return !"same-origin".equals(request.getHeader("Sec-Fetch-Site")) && CorsUtils.isCorsRequest(request);
	}

}

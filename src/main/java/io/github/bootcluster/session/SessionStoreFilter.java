package io.github.bootcluster.session;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers 503 to a request whose session cannot be had, or not be saved, and tells the
 * repository where a request begins and ends. Before Spring Session's filter, which saves
 * the session last of all.
 */
public final class SessionStoreFilter extends OncePerRequestFilter {

	private static final String RETRY_AFTER_SECONDS = "5";

	private final SharedSessionRepository<?> repository;

	public SessionStoreFilter(SharedSessionRepository<?> repository) {
		this.repository = repository;
	}

	@Override
	protected boolean shouldNotFilterAsyncDispatch() {
		return false;
	}

	@Override
	protected boolean shouldNotFilterErrorDispatch() {
		return false;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		this.repository.beginRequest();
		try {
			chain.doFilter(request, response);
		}
		catch (ServletException | RuntimeException ex) {
			if (!isOfStore(ex) || response.isCommitted() || request.isAsyncStarted()) {
				throw ex;
			}
			answer(response);
		}
		finally {
			this.repository.endRequest();
		}
	}

	static void answer(HttpServletResponse response) throws IOException {
		response.reset();
		response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
		response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
		response.setContentType(MediaType.TEXT_PLAIN_VALUE);
		response.getWriter().write("The session store is not available.\n");
	}

	static boolean isOfStore(@Nullable Throwable ex) {
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			if (cause instanceof SessionStoreUnavailableException) {
				return true;
			}
		}
		return false;
	}

}

package io.github.bootcluster.session;

import java.io.IOException;
import java.io.UncheckedIOException;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Does the work of {@link SessionStoreFilter} where a controller asks for a session that
 * cannot be had: before an application's own handler for any exception makes 500 of it.
 */
public final class SessionStoreExceptionResolver implements HandlerExceptionResolver, Ordered {

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public @Nullable ModelAndView resolveException(HttpServletRequest request, HttpServletResponse response,
			@Nullable Object handler, Exception ex) {
		if (!SessionStoreFilter.isOfStore(ex) || response.isCommitted()) {
			return null;
		}
		try {
			SessionStoreFilter.answer(response);
			return new ModelAndView();
		}
		catch (IOException failure) {
			throw new UncheckedIOException(failure);
		}
	}

}

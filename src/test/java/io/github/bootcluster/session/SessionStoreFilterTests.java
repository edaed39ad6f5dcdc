package io.github.bootcluster.session;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests for {@link SessionStoreFilter}. */
class SessionStoreFilterTests {

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	@Test
	void requestWhoseSessionCannotBeHadGets503() throws Exception {
		filter((request, response) -> {
			((MockHttpServletResponse) response).setHeader("X-Half-An-Answer", "yes");
			throw new ServletException("Request processing failed", unavailable());
		});
		assertThat(this.response.getStatus()).isEqualTo(503);
		assertThat(this.response.getHeader("Retry-After")).isEqualTo("5");
		assertThat(this.response.getHeader("X-Half-An-Answer")).isNull();
		assertThat(this.response.getContentAsString()).isEqualTo("The session store is not available.\n");
	}

	@Test
	void otherFailuresPass() {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> filter((request, response) -> {
			throw new IllegalStateException();
		}));
	}

	@Test
	void answerThatHasBegunIsNotReplaced() {
		assertThatExceptionOfType(SessionStoreUnavailableException.class)
			.isThrownBy(() -> filter((request, response) -> {
				response.flushBuffer();
				throw unavailable();
			}));
	}

	private void filter(FilterChain chain) throws Exception {
		new SessionStoreFilter().doFilter(new MockHttpServletRequest(), this.response, chain);
	}

	private static SessionStoreUnavailableException unavailable() {
		return new SessionStoreUnavailableException(new DataAccessResourceFailureException("down"));
	}

}

package io.github.bootcluster.session;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import org.junit.jupiter.api.Test;

import org.springframework.core.Ordered;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.ModelAndView;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/** Tests for {@link SessionStoreFilter}. */
class SessionStoreFilterTests {

	private final SharedSessionRepository<?> repository = mock(SharedSessionRepository.class);

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

	@Test
	void requestThatGoesOnElsewhereIsNotAnswered() {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setAsyncSupported(true);
		assertThatExceptionOfType(SessionStoreUnavailableException.class).isThrownBy(
				() -> new SessionStoreFilter(this.repository).doFilter(request, this.response, (asking, response) -> {
					asking.startAsync();
					throw unavailable();
				}));
	}

	@Test
	void controllerWithoutItsSessionGets503BeforeAnyHandlerOfTheApplication() throws Exception {
		SessionStoreExceptionResolver resolver = new SessionStoreExceptionResolver();
		assertThat(resolver.getOrder()).isEqualTo(Ordered.HIGHEST_PRECEDENCE);
		MockHttpServletRequest request = new MockHttpServletRequest();
		assertThat(resolver.resolveException(request, this.response, null, new IllegalStateException())).isNull();
		ModelAndView answer = resolver.resolveException(request, this.response, null, unavailable());
		assertThat(answer).isNotNull().matches(ModelAndView::isEmpty);
		assertThat(this.response.getStatus()).isEqualTo(503);
	}

	private void filter(FilterChain chain) throws Exception {
		new SessionStoreFilter(this.repository).doFilter(new MockHttpServletRequest(), this.response, chain);
	}

	private static SessionStoreUnavailableException unavailable() {
		return new SessionStoreUnavailableException(new DataAccessResourceFailureException("down"));
	}

}

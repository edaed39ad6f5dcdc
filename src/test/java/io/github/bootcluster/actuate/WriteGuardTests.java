package io.github.bootcluster.actuate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

class WriteGuardTests {

	private final MockHttpServletRequest request = new MockHttpServletRequest("POST", "/actuator/cluster");

	@Test
	void programPasses() throws Exception {
		assertThat(status()).isEqualTo(200);
	}

	@Test
	void pageOfTheSameOriginPasses() throws Exception {
		this.request.addHeader("Origin", "http://localhost");
		assertThat(status()).isEqualTo(200);
	}

	@Test
	void pageOfTheSameOriginPassesBehindAProxyThatDecrypts() throws Exception {
		this.request.addHeader("Origin", "https://localhost");
		assertThat(status()).isEqualTo(403);
		this.request.addHeader("Sec-Fetch-Site", "same-origin");
		assertThat(status()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "cross-site", "same-site", "none", "same-origin, cross-site", "" })
	void pageOfAnotherOriginIsRefused(String site) throws Exception {
		this.request.addHeader("Origin", "https://evil.test");
		this.request.addHeader("Sec-Fetch-Site", site);
		assertThat(status()).isEqualTo(403);
	}

	/** Whether the request came through, as the status that a client would see. */
	private int status() throws Exception {
		MockHttpServletResponse response = new MockHttpServletResponse();
		MockFilterChain chain = new MockFilterChain();
		new WriteGuard().doFilter(this.request, response, chain);
		assertThat(chain.getRequest() != null).as("passed on").isEqualTo(response.getStatus() == 200);
		return response.getStatus();
	}

}

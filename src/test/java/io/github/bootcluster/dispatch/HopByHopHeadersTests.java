package io.github.bootcluster.dispatch;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@link HopByHopHeaders}. */
class HopByHopHeadersTests {

	private final HttpHeaders headers = new DefaultHttpHeaders();

	@Test
	void fieldsOfTheConnectionGoWhenStripped() {
		for (String name : new String[] { "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Transfer-Encoding",
				"Upgrade", "Proxy-Authorization", "Proxy-Authenticate" }) {
			this.headers.set(name, "x");
		}
		this.headers.set("Accept", "*/*");
		HopByHopHeaders.strip(this.headers);
		assertThat(this.headers.names()).containsExactly("Accept");
	}

	@Test
	void fieldsNamedInConnectionGoWhenStripped() {
		this.headers.add("Connection", "close, X-Mine ,, ");
		this.headers.add("Connection", "x-other");
		this.headers.set("x-mine", "1").set("X-Other", "2").set("X-Third", "3");
		HopByHopHeaders.strip(this.headers);
		assertThat(this.headers.names()).containsExactly("X-Third");
	}

	@Test
	void fieldsThatFrameAndRouteStayWhenNamedInConnection() {
		this.headers.set("Connection", "Host, Content-Length");
		this.headers.set("Host", "a").set("Content-Length", "5");
		HopByHopHeaders.strip(this.headers);
		assertThat(this.headers.names()).containsExactlyInAnyOrder("Host", "Content-Length");
	}

	@Test
	void fieldsThatFrameAndRouteGoWhenAfterTheBody() {
		this.headers.set("Host", "a").set("Content-Length", "5").set("X-Forwarded-For", "1").set("Forwarded", "for=1");
		this.headers.set("Authorization", "x").set("Checksum", "abc");
		HopByHopHeaders.stripTrailers(this.headers);
		assertThat(this.headers.names()).containsExactly("Checksum");
	}

}

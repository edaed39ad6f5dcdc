package io.github.bootcluster.dispatch;

import java.net.InetAddress;
import java.util.List;

import io.github.bootcluster.InvalidClusterPropertyException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** {@link ForwardedHeaders} and {@link TrustedProxies}. */
class ForwardedHeadersTests {

	private final HttpHeaders headers = new DefaultHttpHeaders().set("Host", "shop.example:8443");

	@Test
	void fieldsSayWhoAskedForWhatWhenThereWereNone() {
		apply("192.0.2.7");
		assertThat(this.headers.get("X-Forwarded-For")).isEqualTo("192.0.2.7");
		assertThat(this.headers.get("X-Forwarded-Proto")).isEqualTo("http");
		assertThat(this.headers.get("X-Forwarded-Host")).isEqualTo("shop.example:8443");
		assertThat(this.headers.get("X-Forwarded-Port")).isEqualTo("8443");
		assertThat(this.headers.get("Forwarded")).isEqualTo("for=192.0.2.7;host=\"shop.example:8443\";proto=http");
	}

	@Test
	void portIsThatOfTheSchemeWhenHostHasNone() {
		this.headers.set("Host", "[2001:db8::1]");
		apply("192.0.2.7");
		assertThat(this.headers.get("X-Forwarded-Port")).isEqualTo("80");
	}

	@Test
	void ipv6IsBracketedWhenInForwarded() {
		apply("2001:db8::7");
		assertThat(this.headers.get("X-Forwarded-For")).isEqualTo("2001:db8::7");
		assertThat(this.headers.get("Forwarded")).startsWith("for=\"[2001:db8::7]\"");
	}

	@Test
	void inheritedFieldsAreDroppedWhenThePeerIsNotTrusted() {
		inherit();
		this.headers.set("x-forwarded-prefix", "/evil");
		apply("192.0.2.7", "10.0.0.0/8");
		assertThat(this.headers.getAll("X-Forwarded-For")).containsExactly("192.0.2.7");
		assertThat(this.headers.get("X-Forwarded-Proto")).isEqualTo("http");
		assertThat(this.headers.get("X-Forwarded-Host")).isEqualTo("shop.example:8443");
		assertThat(this.headers.get("X-Forwarded-Prefix")).isNull();
		assertThat(this.headers.get("Forwarded")).doesNotContain("203.0.113.9");
	}

	@Test
	void forwardedIsContinuedWhenItIsWhatTheTrustedPeerMaintains() {
		this.headers.set("Forwarded", "for=203.0.113.9;proto=https");
		apply("10.1.2.3", "10.0.0.0/8");
		assertThat(this.headers.get("Forwarded")).isEqualTo("for=203.0.113.9;proto=https, for=10.1.2.3");
	}

	@Test
	void inheritedFieldsAreContinuedWhenThePeerIsTrusted() {
		inherit();
		this.headers.set("Forwarded", "for=203.0.113.9;proto=https");
		apply("10.1.2.3", "10.0.0.0/8");
		assertThat(this.headers.getAll("X-Forwarded-For")).containsExactly("203.0.113.9, 10.1.2.3");
		assertThat(this.headers.get("X-Forwarded-Proto")).isEqualTo("https");
		assertThat(this.headers.get("X-Forwarded-Host")).isEqualTo("public.example");
		assertThat(this.headers.get("X-Forwarded-Port")).isEqualTo("443");
		assertThat(this.headers.get("Forwarded"))
			.isEqualTo("for=203.0.113.9;host=public.example;proto=https, for=10.1.2.3");
	}

	@Test
	void forwardedSaysAsMuchAsTheOthersWhenATrustedProxySentOnlyThose() {
		inherit();
		apply("10.1.2.3", "10.0.0.0/8");
		assertThat(this.headers.get("Forwarded"))
			.isEqualTo("for=203.0.113.9;host=public.example;proto=https, for=10.1.2.3");
	}

	@Test
	void requestIdIsKeptWhenSane() {
		this.headers.set("X-Request-Id", "abc-123");
		apply("192.0.2.7");
		assertThat(this.headers.get("X-Request-Id")).isEqualTo("abc-123");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "two words", "grün" })
	void requestIdIsMadeWhenNotSane(String id) {
		this.headers.set("X-Request-Id", id);
		apply("192.0.2.7");
		assertThat(this.headers.get("X-Request-Id")).matches("[0-9a-f]{32}");
	}

	@Test
	void requestIdIsMadeWhenTooLong() {
		this.headers.set("X-Request-Id", "x".repeat(129));
		apply("192.0.2.7");
		assertThat(this.headers.get("X-Request-Id")).hasSize(32);
	}

	@ParameterizedTest
	@CsvSource({ "10.0.0.0/8,10.255.0.1,true", "10.0.0.0/8,11.0.0.1,false", "192.0.2.4/30,192.0.2.7,true",
			"192.0.2.4/30,192.0.2.8,false", "192.0.2.1,192.0.2.1,true", "192.0.2.1,192.0.2.2,false",
			"0.0.0.0/0,198.51.100.1,true", "2001:db8::/32,2001:db8:1::1,true", "2001:db8::/32,2001:db9::1,false",
			"::1,::1,true", "0.0.0.0/0,::1,false", "127.0.0.1,::ffff:127.0.0.1,true" })
	void peerIsTrustedWhenInARange(String range, String peer, boolean trusted) throws Exception {
		assertThat(TrustedProxies.of(List.of(range)).contain(InetAddress.getByName(peer))).isEqualTo(trusted);
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "::/129", "", "10.0.0" })
	void entryIsRefusedWhenItIsNoAddressOrRange(String entry) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> TrustedProxies.of(List.of("10.0.0.1", entry)))
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo("cluster.dispatch.trusted-proxies");
				assertThat(ex.getValue()).isEqualTo(entry);
			});
	}

	private void inherit() {
		this.headers.set("X-Forwarded-For", "203.0.113.9");
		this.headers.set("X-Forwarded-Proto", "https");
		this.headers.set("X-Forwarded-Host", "public.example");
	}

	private void apply(String peer, String... trusted) {
		InetAddress address = NetUtil.createInetAddressFromIpAddressString(peer);
		new ForwardedHeaders(TrustedProxies.of(List.of(trusted))).apply(this.headers, address, "http");
	}

}

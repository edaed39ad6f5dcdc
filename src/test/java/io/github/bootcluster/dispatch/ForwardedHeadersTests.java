package io.github.bootcluster.dispatch;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.bootcluster.InvalidClusterPropertyException;
import io.github.bootcluster.http.FieldName;
import io.github.bootcluster.http.Fields;
import io.github.bootcluster.http.MessageException;
import io.github.bootcluster.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** {@link ForwardedHeaders} and {@link TrustedProxies}. */
class ForwardedHeadersTests {

	private final Map<String, String> request = new TreeMap<>(Map.of("Host", "shop.example:8443"));

	private final Map<String, List<String>> forwarded = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

	@Test
	void fieldsSayWhoAskedForWhatWhenThereWereNone() {
		apply("192.0.2.7");
		assertThat(value("X-Forwarded-For")).isEqualTo("192.0.2.7");
		assertThat(value("X-Forwarded-Proto")).isEqualTo("http");
		assertThat(value("X-Forwarded-Host")).isEqualTo("shop.example:8443");
		assertThat(value("X-Forwarded-Port")).isEqualTo("8443");
		assertThat(value("Forwarded")).isEqualTo("for=192.0.2.7;proto=http;host=\"shop.example:8443\"");
	}

	@Test
	void portIsThatOfTheSchemeWhenHostHasNone() {
		this.request.put("Host", "[2001:db8::1]");
		apply("192.0.2.7");
		assertThat(value("X-Forwarded-Port")).isEqualTo("80");
	}

	@Test
	void ipv6IsBracketedWhenInForwarded() {
		apply("2001:db8::7");
		assertThat(value("X-Forwarded-For")).isEqualTo("2001:db8::7");
		assertThat(value("Forwarded")).startsWith("for=\"[2001:db8::7]\"");
	}

	@Test
	void inheritedFieldsAreDroppedWhenThePeerIsNotTrusted() {
		inherit();
		this.request.put("x-forwarded-prefix", "/evil");
		apply("192.0.2.7", "10.0.0.0/8");
		assertThat(all("X-Forwarded-For")).containsExactly("192.0.2.7");
		assertThat(value("X-Forwarded-Proto")).isEqualTo("http");
		assertThat(value("X-Forwarded-Host")).isEqualTo("shop.example:8443");
		assertThat(value("X-Forwarded-Prefix")).isNull();
		assertThat(value("Forwarded")).doesNotContain("203.0.113.9");
	}

	@Test
	void forwardedIsContinuedWhenItIsWhatTheTrustedPeerMaintains() {
		this.request.put("Forwarded", "for=203.0.113.9;proto=https");
		apply("10.1.2.3", "10.0.0.0/8");
		assertThat(value("Forwarded")).isEqualTo("for=203.0.113.9;proto=https, for=10.1.2.3");
	}

	@Test
	void inheritedFieldsAreContinuedWhenThePeerIsTrusted() {
		inherit();
		this.request.put("Forwarded", "for=203.0.113.9;proto=https");
		apply("10.1.2.3", "10.0.0.0/8");
		assertThat(all("X-Forwarded-For")).containsExactly("203.0.113.9, 10.1.2.3");
		assertThat(value("X-Forwarded-Proto")).isEqualTo("https");
		assertThat(value("X-Forwarded-Host")).isEqualTo("public.example");
		assertThat(value("X-Forwarded-Port")).isEqualTo("443");
		assertThat(value("Forwarded")).isEqualTo("for=203.0.113.9;proto=https;host=public.example, for=10.1.2.3");
	}

	@Test
	void forwardedSaysAsMuchAsTheOthersWhenATrustedProxySentOnlyThose() {
		inherit();
		apply("10.1.2.3", "10.0.0.0/8");
		assertThat(value("Forwarded")).isEqualTo("for=203.0.113.9;proto=https;host=public.example, for=10.1.2.3");
	}

	@ParameterizedTest
	@ValueSource(strings = { "6.6.6.6;host=evil.example;proto=https", "6.6.6.6:80;host=evil.example",
			"[::1];host=evil.example", "[::1]:80;proto=https", "::1%1;host=evil.example", "6.6.6.6\";host=evil.example",
			"host=evil.example", "6.6.6", "[6.6.6.6]x", "6.6.6.6:port", "_hidden" })
	void hopThatIsNoAddressIsUnknownInForwarded(String hop) {
		inherit();
		this.request.put("X-Forwarded-For", hop + ", 203.0.113.9");
		apply("10.1.2.3", "10.0.0.0/8");
		assertThat(value("Forwarded"))
			.isEqualTo("for=unknown;proto=https;host=public.example, for=203.0.113.9, for=10.1.2.3");
	}

	@Test
	void hopMayHaveAPortInForwarded() {
		inherit();
		this.request.put("X-Forwarded-For", "203.0.113.9:4711, ,[2001:db8::7]:4711,[2001:db8::7], 2001:db8::7");
		apply("10.1.2.3", "10.0.0.0/8");
		assertThat(value("Forwarded"))
			.isEqualTo("for=\"203.0.113.9:4711\";proto=https;host=public.example, for=\"[2001:db8::7]:4711\", "
					+ "for=\"[2001:db8::7]\", for=\"[2001:db8::7]\", for=10.1.2.3");
	}

	@Test
	void protoAndHostBringNoOthersIntoForwarded() {
		this.request.put("X-Forwarded-For", "203.0.113.9");
		this.request.put("X-Forwarded-Proto", "https;host=evil.example");
		this.request.put("X-Forwarded-Host", "public.example;proto=https");
		apply("10.1.2.3", "10.0.0.0/8");
		assertThat(value("Forwarded")).isEqualTo("for=203.0.113.9, for=10.1.2.3");
	}

	@Test
	void protoAndHostOfTheFirstProxyCountWhenThereAreLists() {
		this.request.put("X-Forwarded-Proto", "https, http");
		this.request.put("X-Forwarded-Host", "public.example, inner.example");
		apply("10.1.2.3", "10.0.0.0/8");
		assertThat(value("Forwarded")).isEqualTo("for=10.1.2.3;proto=https;host=public.example");
	}

	@Test
	void requestIdIsKeptWhenSane() {
		this.request.put("X-Request-Id", "abc-123");
		apply("192.0.2.7");
		assertThat(value("X-Request-Id")).isEqualTo("abc-123");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "two words", "grün" })
	void requestIdIsMadeWhenNotSane(String id) {
		this.request.put("X-Request-Id", id);
		apply("192.0.2.7");
		assertThat(value("X-Request-Id")).matches("[0-9a-f]{32}");
	}

	@Test
	void requestIdIsMadeWhenTooLong() {
		this.request.put("X-Request-Id", "x".repeat(129));
		apply("192.0.2.7");
		assertThat(value("X-Request-Id")).hasSize(32);
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
		this.request.put("X-Forwarded-For", "203.0.113.9");
		this.request.put("X-Forwarded-Proto", "https");
		this.request.put("X-Forwarded-Host", "public.example");
	}

	private String value(String name) {
		List<String> all = all(name);
		assertThat(all).hasSizeLessThan(2);
		return all.isEmpty() ? null : all.get(0);
	}

	private List<String> all(String name) {
		return this.forwarded.getOrDefault(name, List.of());
	}

	private void apply(String peer, String... trusted) {
		InetAddress address = NetUtil.createInetAddressFromIpAddressString(peer);
		ForwardedHeaders headers = new ForwardedHeaders(address, TrustedProxies.of(List.of(trusted)), "http");
		// The second time as a further request of the same connection.
		for (int i = 0; i < 2; i++) {
			ByteBuf out = Unpooled.buffer();
			Fields fields = read();
			out.writeBytes(headers.lines(fields, fields.has(FieldName.HOST) ? null : "127.0.0.1:80"));
			RequestId id = RequestId.ifNeeded(fields);
			if (id != null) {
				id.writeLine(out);
			}
			fields.writeTo(out);
			this.forwarded.clear();
			for (String line : out.toString(StandardCharsets.UTF_8).split("\r\n")) {
				String[] parts = line.split(": ", 2);
				this.forwarded.computeIfAbsent(parts[0], (name) -> new ArrayList<>()).add(parts[1]);
			}
		}
	}

	private Fields read() {
		StringBuilder text = new StringBuilder("GET / HTTP/1.1\r\n");
		this.request.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
		RequestHead head = new RequestHead();
		try {
			assertThat(head.read(Unpooled.copiedBuffer(text + "\r\n", StandardCharsets.UTF_8))).isTrue();
		}
		catch (MessageException ex) {
			throw new IllegalArgumentException(text.toString(), ex);
		}
		return head.fields();
	}

}

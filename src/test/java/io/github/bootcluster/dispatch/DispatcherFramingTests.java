package io.github.bootcluster.dispatch;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.bootcluster.dispatch.RawClient.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the {@link Dispatcher} refuses, from clients and from targets. */
class DispatcherFramingTests {

	private static FakeTarget target;

	private static TestBed bed;

	@BeforeAll
	static void start() throws Exception {
		target = FakeTarget.saying("ok");
		bed = TestBed.start((settings) -> {
			settings.maxRequestSize = 100;
			return settings;
		}, target);
	}

	@AfterAll
	static void stop() throws Exception {
		bed.close();
	}

	static Stream<Arguments> refused() {
		String host = "Host: a\r\n";
		String post = "POST /refused HTTP/1.1\r\n" + host;
		return Stream.of(
				Arguments.of("both framings", post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
						400),
				Arguments.of("two lengths", post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
				Arguments.of("same length twice", post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400),
				Arguments.of("list of lengths", post + "Content-Length: 3, 3\r\n\r\nabc", 400),
				Arguments.of("signed length", post + "Content-Length: +3\r\n\r\nabc", 400),
				Arguments.of("negative length", post + "Content-Length: -3\r\n\r\nabc", 400),
				Arguments.of("hexadecimal length", post + "Content-Length: 0x3\r\n\r\nabc", 400),
				Arguments.of("empty length", post + "Content-Length:\r\n\r\nabc", 400),
				Arguments.of("huge length", post + "Content-Length: 99999999999999999999\r\n\r\nabc", 400),
				Arguments.of("length and a list on 1.0",
						"POST /refused HTTP/1.0\r\n" + host + "Content-Length: 3, 3\r\n\r\nabc", 400),
				Arguments.of("unknown coding", post + "Transfer-Encoding: gzip\r\n\r\n", 400),
				Arguments.of("coding before chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
				Arguments.of("chunked twice",
						post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
				Arguments.of("almost chunked", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
				Arguments.of("quoted chunked", post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 400),
				Arguments.of("chunked with a control", post + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n", 400),
				Arguments.of("chunked on 1.0",
						"POST /refused HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
				Arguments.of("bad chunk size", post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
				Arguments.of("signed chunk size", post + "Transfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n", 400),
				Arguments.of("prefixed chunk size", post + "Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
						400),
				Arguments.of("huge chunk size", post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400),
				Arguments.of("chunk without its end", post + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
						400),
				Arguments.of("chunk line ended by LF", post + "Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n",
						400),
				Arguments.of("LF in a chunk extension",
						post + "Transfer-Encoding: chunked\r\n\r\n1;a\nb\r\na\r\n0\r\n\r\n", 400),
				Arguments.of("blank in a trailer's name",
						post + "Transfer-Encoding: chunked\r\n\r\n0\r\nA b: c\r\n\r\n", 400),
				Arguments.of("no host", "GET /refused HTTP/1.1\r\n\r\n", 400),
				Arguments.of("two hosts", "GET /refused HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
				Arguments.of("empty host", "GET /refused HTTP/1.1\r\nHost:\r\n\r\n", 400),
				Arguments.of("host with a path", "GET /refused HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
				Arguments.of("host with a user", "GET /refused HTTP/1.1\r\nHost: u@a\r\n\r\n", 400),
				Arguments.of("host with a blank", "GET /refused HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
				Arguments.of("host with a word for a port", "GET /refused HTTP/1.1\r\nHost: a:b\r\n\r\n", 400),
				Arguments.of("other host in the target", "GET http://b/refused HTTP/1.1\r\nHost: a\r\n\r\n", 400),
				Arguments.of("bad host in the target", "GET http://u@b/refused HTTP/1.0\r\n\r\n", 400),
				Arguments.of("relative target", "GET refused HTTP/1.1\r\n" + host + "\r\n", 400),
				Arguments.of("fragment", "GET /refused#x HTTP/1.1\r\n" + host + "\r\n", 400),
				Arguments.of("asterisk", "GET * HTTP/1.1\r\n" + host + "\r\n", 400),
				Arguments.of("other scheme", "GET ftp://a/refused HTTP/1.1\r\n" + host + "\r\n", 400),
				Arguments.of("folded field", "GET /refused HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n", 400),
				Arguments.of("folded first field", "GET /refused HTTP/1.1\r\n X: a\r\n" + host + "\r\n", 400),
				Arguments.of("folded length", post + "Content-Length: 3\r\n 1\r\n\r\nabc", 400),
				Arguments.of("blank before the colon", "GET /refused HTTP/1.1\r\nHost : a\r\n\r\n", 400),
				Arguments.of("no colon", "GET /refused HTTP/1.1\r\n" + host + "X\r\n\r\n", 400),
				Arguments.of("empty name", "GET /refused HTTP/1.1\r\n" + host + ": x\r\n\r\n", 400),
				Arguments.of("NUL in a value", "GET /refused HTTP/1.1\r\n" + host + "X: a\0b\r\n\r\n", 400),
				Arguments.of("NUL in a name", "GET /refused HTTP/1.1\r\n" + host + "X\0: a\r\n\r\n", 400),
				Arguments.of("CR in a value", "GET /refused HTTP/1.1\r\n" + host + "X: a\rb\r\n\r\n", 400),
				Arguments.of("DEL in a value", "GET /refused HTTP/1.1\r\n" + host + "X: a\u007fb\r\n\r\n", 400),
				Arguments.of("line ended by LF", "GET /refused HTTP/1.1\n" + host + "\r\n", 400),
				Arguments.of("field ended by LF", "GET /refused HTTP/1.1\r\nHost: a\n\r\n", 400),
				Arguments.of("head ended by LF", "GET /refused HTTP/1.1\r\n" + host + "\n", 400),
				Arguments.of("two blanks", "GET  /refused HTTP/1.1\r\n" + host + "\r\n", 400),
				Arguments.of("tab for a blank", "GET\t/refused HTTP/1.1\r\n" + host + "\r\n", 400),
				Arguments.of("CR for a blank", "GET\r/refused HTTP/1.1\r\n" + host + "\r\n", 400),
				Arguments.of("blank at the end", "GET /refused HTTP/1.1 \r\n" + host + "\r\n", 400),
				Arguments.of("blank in the target", "GET /refu sed HTTP/1.1\r\n" + host + "\r\n", 400),
				Arguments.of("NUL in the target", "GET /refused\0 HTTP/1.1\r\n" + host + "\r\n", 400),
				Arguments.of("no version", "GET /refused\r\n" + host + "\r\n", 400),
				Arguments.of("bad version", "GET /refused HTTP/1.1x\r\n" + host + "\r\n", 400),
				Arguments.of("bad method", "G(T /refused HTTP/1.1\r\n" + host + "\r\n", 400),
				Arguments.of("HTTP/2.0", "GET /refused HTTP/2.0\r\n" + host + "\r\n", 505),
				Arguments.of("tunnel", "CONNECT a:80 HTTP/1.1\r\n" + host + "\r\n", 501),
				Arguments.of("expectation", post + "Expect: 200-ok\r\nContent-Length: 3\r\n\r\nabc", 417),
				Arguments.of("long line", "GET /refused" + "x".repeat(8200) + " HTTP/1.1\r\n" + host + "\r\n", 414),
				Arguments.of("long field", "GET /refused HTTP/1.1\r\n" + host + "X: " + "x".repeat(17000) + "\r\n\r\n",
						431),
				Arguments.of("many fields", "GET /refused HTTP/1.1\r\n" + host
						+ IntStream.range(0, 100).mapToObj((i) -> "X: a\r\n").collect(Collectors.joining()) + "\r\n",
						431),
				Arguments.of("announced body too large", post + "Content-Length: 101\r\n\r\n", 413),
				Arguments.of("chunked body too large",
						post + "Transfer-Encoding: chunked\r\n\r\n65\r\n" + "x".repeat(101) + "\r\n0\r\n\r\n", 413));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("refused")
	void requestIsRefusedAndTheConnectionClosedWhen(String name, String request, int status) throws Exception {
		try (RawClient client = new RawClient(bed.dispatcher().port())) {
			client.send(request + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
			Response response = client.read();
			assertThat(response.status()).isEqualTo(status);
			assertThat(response.header("Connection")).isEqualTo("close");
			assertThat(response.header("Content-Type")).startsWith("text/plain");
			assertThat(response.body()).endsWith(".\n");
			assertThat(client.isEnded()).isTrue();
		}
		assertThat(target.requests()).noneMatch((seen) -> seen.line().contains("smuggled"));
		assertThat(target.requests()).noneMatch((seen) -> seen.line().contains("refused"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\r\nGET /fine HTTP/1.1\r\nHost: a\r\n\r\n",
			"GET /fine HTTP/1.1\r\nHost: a\r\nX: tab\there\r\nY:\r\n\r\n",
			"POST /fine HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n1;ext=\"a\"\r\na\r\n0\r\n\r\n",
			"POST /fine HTTP/1.1\r\nHost: a\r\nContent-Length: 003\r\n\r\nabc", "GET /fine HTTP/1.0\r\n\r\n",
			"GET /fine HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
			"GET http://A:80/fine HTTP/1.1\r\nHost: a:80\r\n\r\n" })
	void requestIsServedWhenItIsUnusualButSound(String request) throws Exception {
		try (RawClient client = new RawClient(bed.dispatcher().port())) {
			assertThat(client.send(request).read().body()).isEqualTo("ok");
		}
	}

	@Test
	void requestIsRefusedWhenItsHostIsVeryLong() throws Exception {
		try (TestBed bed = TestBed.start(FakeTarget.saying("ok"))) {
			for (String host : new String[] { "a".repeat(6000), "%41".repeat(2000) }) {
				assertThat(bed.client().send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read().status())
					.isEqualTo(400);
			}
		}
	}

	@Test
	void requestIsServedWhenItHasAsManyFieldsAsAllowed() throws Exception {
		String fields = IntStream.range(0, 99).mapToObj((i) -> "X: a\r\n").collect(Collectors.joining());
		try (RawClient client = new RawClient(bed.dispatcher().port())) {
			client.send("GET /fine HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
			assertThat(client.read().status()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
			"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nabc",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc",
			"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			"HTTP/1.1 200 OK\r\nB(d: x\r\nContent-Length: 0\r\n\r\n",
			"HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n", "garbage\r\n\r\n",
			"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n" })
	void answerIsReplacedWhenItIsNotSound(String raw) throws Exception {
		FakeTarget bad = FakeTarget.sending(raw);
		try (TestBed single = TestBed.start(bad)) {
			RawClient client = single.client();
			assertThat(client.get("/").read().status()).isEqualTo(502);
			assertThat(bad.requests()).hasSize(1);
			// The client did nothing wrong, so its connection goes on.
			assertThat(client.get("/").read().status()).isEqualTo(502);
		}
	}

	@Test
	void answerIsServedWhenItsLengthIsRepeated() throws Exception {
		FakeTarget odd = FakeTarget.sending("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi");
		try (TestBed single = TestBed.start(odd)) {
			Response response = single.client().get("/").read();
			assertThat(response.body()).isEqualTo("hi");
			assertThat(response.header("Content-Length")).isEqualTo("2");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", "HTT", "\r\n" })
	void targetConnectionIsClosedWhenMoreFollowsTheAnswer(String leftover) throws Exception {
		FakeTarget chatty = FakeTarget.running((connection) -> {
			if (connection.readRequest() != null) {
				connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood" + leftover);
				connection.awaitEnd();
			}
		});
		try (TestBed single = TestBed.start(chatty)) {
			RawClient client = single.client();
			for (int i = 0; i < 3; i++) {
				assertThat(client.get("/").read().body()).isEqualTo("good");
			}
			assertThat(chatty.accepted()).isEqualTo(3);
			assertThat(List.copyOf(chatty.requests())).hasSize(3);
		}
	}

}

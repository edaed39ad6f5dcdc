package io.github.bootcluster.dispatch;

import io.github.bootcluster.dispatch.StrictHttp.Field;
import io.github.bootcluster.dispatch.StrictHttp.Reading;
import io.github.bootcluster.dispatch.StrictHttp.Request;
import io.github.bootcluster.dispatch.StrictHttp.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The judge is judged by hand: {@link StrictHttp}. */
class StrictHttpTests {

	private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

	@Test
	void requestIsReadUpToItsEnd() {
		String bytes = "\r\nPOST http://a/b?c HTTP/1.1\r\nHost: a\r\nX: \t d e \r\nContent-Length: 003\r\n\r\nabcGET";
		Reading<Request> reading = StrictHttp.readRequest(bytes, 0);
		assertThat(reading.end()).isEqualTo(bytes.length() - 3);
		assertThat(reading.message().method()).isEqualTo("POST");
		assertThat(reading.message().origin()).isEqualTo("/b?c");
		assertThat(reading.message().values("x")).containsExactly("d e");
		assertThat(reading.message().body()).isEqualTo("abc");
	}

	@Test
	void chunksAreReadUpToTheirTrailers() {
		Reading<Request> reading = StrictHttp
			.readRequest(CHUNKED + "0A;a ; b=\"\\\"\" \t;c\r\n0123456789\r\n1\r\n\n\r\n000\r\nX:y\r\n\r\n!", 0);
		assertThat(reading.message().body()).isEqualTo("0123456789\n");
		assertThat(reading.message().trailers()).containsExactly(new Field("X", "y"));
		assertThat(reading.message().size().sizeLines()).hasSize(3);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			request line                  | GET  / HTTP/1.1%Host: a%%
			request line                  | GET / HTTP/1.1 %Host: a%%
			request line                  | GET /%Host: a%%
			request line                  | get / http/1.1%Host: a%%
			field                         | GET / HTTP/1.1%Host : a%%
			field                         | GET / HTTP/1.1%Host: a% b%%
			field                         | GET / HTTP/1.1%Host%%
			bare LF                       | GET / HTTP/1.1$Host: a%%
			bare CR                       | GET / HTTP/1.1&Host: a%%
			bare CR                       | GET / HTTP/1.1&
			no Host                       | GET / HTTP/1.1%%
			several Hosts                 | GET / HTTP/1.1%Host: a%Host: a%%
			Host                          | GET / HTTP/1.1%Host: a b%%
			Host other than the authority | GET http://b/ HTTP/1.1%Host: a%%
			target                        | GET a HTTP/1.1%Host: a%%
			target                        | GET * HTTP/1.1%Host: a%%
			fragment                      | GET /#a HTTP/1.1%Host: a%%
			both framings                 | GET / HTTP/1.1%Host: a%Content-Length: 1%Transfer-Encoding: chunked%%
			several Content-Lengths       | GET / HTTP/1.1%Host: a%Content-Length: 1%Content-Length: 1%%
			Content-Length                | GET / HTTP/1.1%Host: a%Content-Length: +1%%
			several Transfer-Encodings    | GET / HTTP/1.1%Host: a%Transfer-Encoding: chunked%Transfer-Encoding:%%
			Transfer-Encoding             | GET / HTTP/1.1%Host: a%Transfer-Encoding: gzip%%
			Transfer-Encoding on 1.0      | GET / HTTP/1.0%Transfer-Encoding: chunked%%
			""")
	void requestIsMalformedWhenItBreaksARule(String rule, String bytes) {
		Reading<Request> reading = StrictHttp.readRequest(lines(bytes.replaceAll("&$", "&!")), 0);
		assertThat(reading.fault()).isEqualTo(rule);
		assertThat(reading.message()).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			chunk size      | x%
			chunk size      | -1%
			chunk size      | %
			chunk extension | 1 %
			chunk extension | 1;%
			chunk extension | 1;a=%
			chunk extension | 1;a b%
			chunk extension | 1;a="b%
			chunk extension | 1;a="b"c%
			bare LF         | 1;a$%
			end of chunk    | 1%ab%
			end of chunk    | 1%a$
			field           | 0%X : a%%
			field           | 0% X: a%%
			""")
	void chunksAreMalformedWhenTheyBreakARule(String rule, String body) {
		assertThat(StrictHttp.readRequest(CHUNKED + lines(body), 0).fault()).isEqualTo(rule);
	}

	/** Malformed is what no further byte can mend; everything else is incomplete. */
	@ParameterizedTest
	@ValueSource(strings = { "", "%", "G", "GET", "GET ", "GET /", "GET / ", "GET / HTTP", "GET / HTTP/1.1",
			"GET / HTTP/1.1&", "GET / HTTP/1.1%", "GET / HTTP/1.1%H", "GET / HTTP/1.1%Host:", "GET / HTTP/1.1%Host: a ",
			"GET / HTTP/1.1%Host: a&", "GET / HTTP/1.1%Host: a%", "GET / HTTP/1.1%Host: a%&" })
	void requestIsIncompleteWhileItMayBecomeOne(String bytes) {
		assertThat(StrictHttp.readRequest(lines(bytes), 0).isIncomplete()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "1", "1&", "1;", "1;a", "1;a=", "1;a=\"", "1;a=\"b", "1;a=\"b\\", "1;a=\"b\"",
			"1;a=\"b\";", "1 ", "1 ;", "1;a ", "1;a ;", "1%", "1%a", "1%a&", "1%a%", "1%a%0", "1%a%0%", "1%a%0%X",
			"1%a%0%X:", "1%a%0%&", "ffffffffffff%" })
	void chunksAreIncompleteWhileTheyMayBecomeSome(String body) {
		assertThat(StrictHttp.readRequest(CHUNKED + lines(body), 0).isIncomplete()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "(", "GET\t", "GET /\0", "GET  ", "GET / x", "GET / HTTP/1.1x", "GET / HTTP/1.1&x", " " })
	void requestIsMalformedAsSoonAsNothingCanMendIt(String bytes) {
		assertThat(StrictHttp.readRequest(lines(bytes), 0).fault()).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "x", " ", "1x", "1;;", "1;a=;", "1;a=\"b\"c", "1 x", "1&x", "1%ab", "1%a&x", "0% ", "0%X " })
	void chunksAreMalformedAsSoonAsNothingCanMendThem(String body) {
		assertThat(StrictHttp.readRequest(CHUNKED + lines(body), 0).fault()).isNotNull();
	}

	@Test
	void answerEndsWithItsLengthItsChunksOrItsConnection() {
		String ok = "HTTP/1.1 200 OK\r\n";
		assertThat(answer(ok + "Content-Length: 2\r\n\r\nabc", "GET", false).body()).isEqualTo("ab");
		assertThat(answer(ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\nc", "GET", false).body())
			.isEqualTo("ab");
		assertThat(answer(ok + "\r\nab", "GET", false)).isNull();
		assertThat(answer(ok + "\r\nab", "GET", true).body()).isEqualTo("ab");
		assertThat(answer(ok + "Content-Length: 2\r\n\r\nab", "HEAD", false).body()).isEmpty();
		assertThat(answer("HTTP/1.1 304 A\r\nContent-Length: 2\r\n\r\nab", "GET", false).body()).isEmpty();
		assertThat(answer("HTTP/1.1 103 A\r\nContent-Length: 2\r\n\r\nab", "GET", false).status()).isEqualTo(103);
	}

	private static Response answer(String bytes, String method, boolean closed) {
		return StrictHttp.readResponse(bytes, 0, method, closed).message();
	}

	/** CRLF for %, CR for &amp;, LF for $. */
	private static String lines(String text) {
		return text.replace("%", "\r\n").replace("&", "\r").replace("$", "\n");
	}

}

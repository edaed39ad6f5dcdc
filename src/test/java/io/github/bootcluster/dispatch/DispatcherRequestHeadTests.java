package io.github.bootcluster.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.bootcluster.dispatch.FramingBed.Malformed;
import io.github.bootcluster.dispatch.FramingBed.Peculiar;
import io.github.bootcluster.dispatch.StrictHttp.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The head of a request, byte by byte: of whatever is not in order the target sees
 * nothing at all.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-2">RFC 9112, sections 2 to
 * 5</a>
 */
class DispatcherRequestHeadTests {

	private static final String HOST = "Host: a\r\n";

	private static final String GET = "GET /refused HTTP/1.1\r\n";

	private static FramingBed bed;

	@BeforeAll
	static void start() throws Exception {
		bed = FramingBed.start();
	}

	@AfterAll
	static void stop() throws Exception {
		bed.close();
	}

	/** Section 2.2. */
	@Nested
	class BareLineFeed {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream.of(Malformed.of("before the request", "\n" + GET + HOST + "\r\n"),
					Malformed.of("before the request, after an empty line", "\r\n\n" + GET + HOST + "\r\n"),
					Malformed.of("after the request line", "GET /refused HTTP/1.1\n" + HOST + "\r\n"),
					Malformed.of("after the first field", GET + "Host: a\nX: b\r\n\r\n"),
					Malformed.of("after the last field", GET + HOST + "X: b\n\r\n"),
					Malformed.of("as the empty line", GET + HOST + "\n"),
					Malformed.of("as the empty line, twice", GET + HOST + "\n\n"),
					Malformed.of("everywhere", "GET /refused HTTP/1.1\nHost: a\n\n"),
					Malformed.of("LF CR after the request line", "GET /refused HTTP/1.1\n\rHost: a\r\n\r\n"),
					Malformed.of("LF CR after a field", GET + HOST + "X: b\n\r\r\n"),
					Malformed.of("in the method", "G\nET /refused HTTP/1.1\r\n" + HOST + "\r\n"),
					Malformed.of("in the target", "GET /ref\nused HTTP/1.1\r\n" + HOST + "\r\n"),
					Malformed.of("in the version", "GET /refused HTTP/\n1.1\r\n" + HOST + "\r\n"),
					Malformed.of("in a name", GET + HOST + "X\nY: a\r\n\r\n"),
					Malformed.of("before a colon", GET + HOST + "X\n: a\r\n\r\n"),
					Malformed.of("after a colon", GET + HOST + "X:\na\r\n\r\n"),
					Malformed.of("in a value", GET + HOST + "X: a\nb\r\n\r\n"),
					Malformed.of("hides a request", GET + HOST + "X: a\n\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"));
		}

	}

	/** Section 2.2: "MUST consider that element to be invalid". */
	@Nested
	class BareCarriageReturn {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream.of(Malformed.of("before the request", "\r" + GET + HOST + "\r\n"),
					Malformed.of("before the request, twice", "\r\r\n" + GET + HOST + "\r\n"),
					Malformed.of("before the request, after an empty line", "\r\n\r" + GET + HOST + "\r\n"),
					Malformed.of("after the request line", "GET /refused HTTP/1.1\rHost: a\r\n\r\n"),
					Malformed.of("twice after the request line", "GET /refused HTTP/1.1\r\r\n" + HOST + "\r\n"),
					Malformed.of("after the first field", GET + "Host: a\rX: b\r\n\r\n"),
					Malformed.of("twice after the first field", GET + "Host: a\r\r\nX: b\r\n\r\n"),
					Malformed.of("after the last field", GET + HOST + "X: b\r\r\n\r\n"),
					Malformed.of("as the empty line", GET + HOST + "\rX: b\r\n\r\n"),
					Malformed.of("before the empty line", GET + HOST + "\r\r\n"),
					Malformed.of("for a blank", "GET\r/refused HTTP/1.1\r\n" + HOST + "\r\n"),
					Malformed.of("in the method", "G\rET /refused HTTP/1.1\r\n" + HOST + "\r\n"),
					Malformed.of("in the target", "GET /ref\rused HTTP/1.1\r\n" + HOST + "\r\n"),
					Malformed.of("in the version", "GET /refused HTTP/\r1.1\r\n" + HOST + "\r\n"),
					Malformed.of("before a name", GET + HOST + "\rX: a\r\n\r\n"),
					Malformed.of("in a name", GET + HOST + "X\rY: a\r\n\r\n"),
					Malformed.of("before a colon", GET + HOST + "X\r: a\r\n\r\n"),
					Malformed.of("after a colon", GET + HOST + "X:\ra\r\n\r\n"),
					Malformed.of("in a value", GET + HOST + "X: a\rb\r\n\r\n"),
					Malformed.of("in the host", GET + "Host: a\rb\r\n\r\n"),
					Malformed.of("hides a request", GET + HOST + "X: a\r\rGET /smuggled HTTP/1.1\rHost: a\r\n\r\n"));
		}

	}

	/** Every control character, in every place; RFC 9110, sections 5.5 and 5.6.2. */
	@Nested
	class ControlCharacter {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			return IntStream.concat(IntStream.range(0, 0x20), IntStream.of(0x7F))
				.filter((c) -> c != '\r' && c != '\n')
				.mapToObj((c) -> String.valueOf((char) c))
				.flatMap((c) -> {
					List<Malformed> all = new ArrayList<>();
					String name = FramingBed.visible(c);
					all.add(Malformed.of(name + " before the request", c + GET + HOST + "\r\n"));
					all.add(Malformed.of(name + " after an empty line", "\r\n" + c + GET + HOST + "\r\n"));
					all.add(Malformed.of(name + " in the method",
							"G" + c + "ET /refused HTTP/1.1\r\n" + HOST + "\r\n"));
					all.add(Malformed.of(name + " for a blank", "GET" + c + "/refused HTTP/1.1\r\n" + HOST + "\r\n"));
					all.add(Malformed.of(name + " beside a blank",
							"GET " + c + "/refused HTTP/1.1\r\n" + HOST + "\r\n"));
					all.add(Malformed.of(name + " in the target",
							"GET /ref" + c + "used HTTP/1.1\r\n" + HOST + "\r\n"));
					all.add(Malformed.of(name + " after the target",
							"GET /refused" + c + " HTTP/1.1\r\n" + HOST + "\r\n"));
					all.add(Malformed.of(name + " in the query",
							"GET /refused?a" + c + " HTTP/1.1\r\n" + HOST + "\r\n"));
					all.add(Malformed.of(name + " in the version",
							"GET /refused HTTP/1" + c + "1\r\n" + HOST + "\r\n"));
					all.add(Malformed.of(name + " after the version",
							"GET /refused HTTP/1.1" + c + "\r\n" + HOST + "\r\n"));
					all.add(Malformed.of(name + " before a name", GET + HOST + c + "X: a\r\n\r\n"));
					all.add(Malformed.of(name + " in a name", GET + HOST + "X" + c + "Y: a\r\n\r\n"));
					all.add(Malformed.of(name + " before a colon", GET + HOST + "X" + c + ": a\r\n\r\n"));
					all.add(Malformed.of(name + " in the host", GET + "Host: a" + c + "b\r\n\r\n"));
					if (!c.equals("\t")) {
						all.add(Malformed.of(name + " after a colon", GET + HOST + "X:" + c + "a\r\n\r\n"));
						all.add(Malformed.of(name + " before a value", GET + HOST + "X: " + c + "a\r\n\r\n"));
						all.add(Malformed.of(name + " in a value", GET + HOST + "X: a" + c + "b\r\n\r\n"));
						all.add(Malformed.of(name + " after a value", GET + HOST + "X: a" + c + "\r\n\r\n"));
						all.add(Malformed.of(name + " for a value", GET + HOST + "X:" + c + "\r\n\r\n"));
						all.add(Malformed.of(name + " before the host", GET + "Host: " + c + "a\r\n\r\n"));
						all.add(Malformed.of(name + " after the host", GET + "Host: a" + c + "\r\n\r\n"));
					}
					return all.stream();
				});
		}

	}

	/** Section 5.2. */
	@Nested
	class FoldedField {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream.of(" ", "\t", "  ", "\t ", " \t")
				.flatMap((blank) -> Stream.of(
						Malformed.of(FramingBed.visible(blank) + " first", GET + blank + "X: a\r\n" + HOST + "\r\n"),
						Malformed.of(FramingBed.visible(blank) + " after the host", GET + HOST + blank + "b\r\n\r\n"),
						Malformed.of(FramingBed.visible(blank) + " in the host",
								GET + "Host:\r\n" + blank + "a\r\n\r\n"),
						Malformed.of(FramingBed.visible(blank) + " in the middle",
								GET + HOST + "X: a\r\n" + blank + "b\r\nY: c\r\n\r\n"),
						Malformed.of(FramingBed.visible(blank) + " last",
								GET + HOST + "X: a\r\n" + blank + "b\r\n\r\n"),
						Malformed.of(FramingBed.visible(blank) + " empty",
								GET + HOST + "X: a\r\n" + blank + "\r\n\r\n"),
						Malformed.of(FramingBed.visible(blank) + " for the empty line", GET + HOST + blank + "\r\n"),
						Malformed.of(FramingBed.visible(blank) + " with a field",
								GET + HOST + "X: a\r\n" + blank + "Content-Length: 5\r\n\r\n"),
						Malformed.of(FramingBed.visible(blank) + " with the host",
								GET + "X: a\r\n" + blank + HOST + "\r\n"),
						Malformed.of(FramingBed.visible(blank) + " hides a request",
								GET + HOST + "X: a\r\n" + blank + "\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")));
		}

	}

	/** Section 5.1, and RFC 9110, section 5.6.2: a name is a token. */
	@Nested
	class FieldName {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			Stream<String> lines = Stream.of("X", ":", ": a", " : a", "X a", "X Y: a", "X : a", "X\t: a", "X  : a",
					"X: a\r\nY", "X=a", "Host", "Host : a", "\u00a0X: a", "X\u00a0: a", "X\u0085: a", "X\u00ad: a",
					"\u00c3\u00a9: a", "\u00ff: a", "GET /smuggled HTTP/1.1");
			Stream<String> separators = "()<>@,;\\\"/[]?={}".chars()
				.mapToObj((c) -> String.valueOf((char) c))
				.flatMap((c) -> Stream.of(c + "X: a", "X" + c + "Y: a", "X" + c + ": a"));
			return Stream.concat(lines, separators)
				.flatMap((line) -> Stream.of(Malformed.of(FramingBed.visible(line), GET + HOST + line + "\r\n\r\n"),
						Malformed.of(FramingBed.visible(line) + " first", GET + line + "\r\n" + HOST + "\r\n")));
		}

		/**
		 * A program that reads its fields through CGI names would not tell them apart.
		 */
		@ParameterizedTest
		@MethodSource
		void isRefusedWhereAnUnderscoreDisguisesIt(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefusedWhereAnUnderscoreDisguisesIt() {
			return Stream
				.of("Content_Length: 0", "CONTENT_LENGTH: 0", "Transfer_Encoding: chunked", "X_Forwarded_For: b",
						"X-Forwarded_For: b", "x_forwarded-proto: https", "X_Forwarded_Host: b", "X_Forwarded_Other: b")
				.map((line) -> Malformed.of(line, GET + HOST + line + "\r\n\r\n"));
		}

		@ParameterizedTest
		@MethodSource
		void isForwarded(String name) throws Exception {
			assertThat(bed.serves(GET + HOST + name + ": a\r\n\r\n").values(name)).containsExactly("a");
		}

		static Stream<String> isForwarded() {
			return Stream.of("X", "x", "1", "-", "_", "!#$%&'*+-.^_`|~", "X-1_2", "Content_Type", "X_Content_Length",
					"Content_Length_", "x".repeat(5000));
		}

	}

	/** Section 5.1, and RFC 9110, section 5.5. */
	@Nested
	class FieldValue {

		@ParameterizedTest
		@MethodSource
		void isForwardedWithoutTheBlanksAroundIt(Peculiar request) throws Exception {
			assertThat(bed.serves(request.bytes()).values("X")).containsExactly(request.body());
		}

		static Stream<Peculiar> isForwardedWithoutTheBlanksAroundIt() {
			return Stream.of(value("", ""), value(" ", ""), value("\t", ""), value("a", "a"), value("  a  ", "a"),
					value("\ta\t", "a"), value(" a b ", "a b"), value(" a\tb", "a\tb"), value(" a: b", "a: b"),
					value(" \"a", "\"a"), value(" \u00e9", "\u00e9"),
					value(" \u0080\u009f\u00ff", "\u0080\u009f\u00ff"), value(" %0d%0aY: b", "%0d%0aY: b"),
					value(" \\r\\nY: b", "\\r\\nY: b"), value(" \u00a0a", "\u00a0a"),
					// bytes whose lower seven or eight bits are CR and LF, were they
					// characters
					value(" a\u008d\u008ab", "a\u008d\u008ab"), value(" \u00e4\u0098\u008d", "\u00e4\u0098\u008d"));
		}

		private static Peculiar value(String raw, String value) {
			return new Peculiar(FramingBed.visible(raw), GET + HOST + "X:" + raw + "\r\n\r\n", value);
		}

	}

	/** Section 3. */
	@Nested
	class RequestLine {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream
				.of("GET", "GET ", "GET /refused", "GET /refused ", "/refused HTTP/1.1", " /refused HTTP/1.1",
						"GET  HTTP/1.1", "GET HTTP/1.1", "GET  /refused HTTP/1.1", "GET /refused  HTTP/1.1",
						"GET /refused HTTP/1.1 ", " GET /refused HTTP/1.1", "  GET /refused HTTP/1.1",
						"GET /refused HTTP/1.1 x", "GET /refused x HTTP/1.1", "GET /refused HTTP/1.1 HTTP/1.1",
						"GET /ref used HTTP/1.1", "GET\u00a0/refused HTTP/1.1", "GET\u0085/refused HTTP/1.1",
						"G(T /refused HTTP/1.1", "G:T /refused HTTP/1.1", "\"GET\" /refused HTTP/1.1",
						"GE\u00c9 /refused HTTP/1.1", "GET: /refused HTTP/1.1", "GET,POST /refused HTTP/1.1",
						"GET/refused HTTP/1.1", "\u00ef\u00bb\u00bfGET /refused HTTP/1.1", "Host: a", "{\"a\": 1}",
						"\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003", "HTTP/1.1 200 OK",
						"GET /refused /refused HTTP/1.1")
				.map((line) -> Malformed.of(FramingBed.visible(line), line + "\r\n" + HOST + "\r\n"));
		}

		/** Section 2.2: "SHOULD ignore at least one empty line". */
		@ParameterizedTest
		@MethodSource
		void isServedAfterEmptyLines(int count) throws Exception {
			Request seen = bed.serves("\r\n".repeat(count) + GET + HOST + "\r\n");
			assertThat(seen.target()).isEqualTo("/refused");
			assertThat(seen.size().emptyLines()).isZero();
		}

		static IntStream isServedAfterEmptyLines() {
			return IntStream.of(1, 2);
		}

		@ParameterizedTest
		@MethodSource
		void isServedWithAnyMethod(String method) throws Exception {
			assertThat(bed.serves(method + " /served HTTP/1.1\r\n" + HOST + "\r\n").method()).isEqualTo(method);
		}

		static Stream<String> isServedWithAnyMethod() {
			return Stream.of("get", "Get", "BREW", "M-SEARCH", "!#$%&'*+-.^_`|~", "connect", "1", "X".repeat(200));
		}

	}

	/** Section 2.3: case-sensitive, one digit on either side; and what is spoken here. */
	@Nested
	class Version {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			Stream<Malformed> malformed = Stream
				.of("http/1.1", "Http/1.1", "HTTP/1.1x", "HTTP/1", "HTTP/1.", "HTTP/.1", "HTTP/", "HTTP", "HTTP/11",
						"HTTP/1.10", "HTTP/01.1", "HTTP/1.01", "HTTP/11.1", "HTTP/1,1", "HTTP/1.1.1", "HTTP/a.b",
						"HTTP/-1.1", "HTTP/+1.1", "HTTP/1.-1", "HTTP\\1.1", "HTTP1.1", "HTTPS/1.1", "HTP/1.1",
						"XHTTP/1.1", "HTTP//1.1", "RTSP/1.0", "ICAP/1.0", "SIP/2.0", "HTTP/\u00b9.\u00b9",
						"\"HTTP/1.1\"", "http/1.0", "hTTP/1.0", "1.1", "HTTP/1.1;", "HTTP/1.1,HTTP/1.0", "QUIC",
						"HTTP/1.1#")
				.map((version) -> Malformed.of(FramingBed.visible(version),
						"GET /refused " + version + "\r\n" + HOST + "\r\n"));
			Stream<Malformed> unknown = Stream
				.of("HTTP/0.0", "HTTP/0.9", "HTTP/1.2", "HTTP/1.9", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9")
				.map((version) -> new Malformed(version, "GET /refused " + version + "\r\n" + HOST + "\r\n", 505));
			Stream<Malformed> others = Stream
				.of(new Malformed("preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
						Malformed.of("HTTP/0.9 in two words", "GET /refused\r\n\r\n"),
						new Malformed("HTTP/1.2 with a coding",
								"POST /refused HTTP/1.2\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
								505));
			return Stream.of(malformed, unknown, others).flatMap((cases) -> cases);
		}

		@ParameterizedTest
		@MethodSource
		void isServedAsHttp11WhereItIsHttp10(Peculiar request) throws Exception {
			Request seen = bed.serves(request.bytes());
			assertThat(seen.target()).isEqualTo("/served");
			assertThat(seen.body()).isEqualTo(request.body());
			assertThat(seen.values("connection")).isEmpty();
		}

		static Stream<Peculiar> isServedAsHttp11WhereItIsHttp10() {
			String get = "GET /served HTTP/1.0\r\n";
			return Stream.of(Peculiar.of("without a host", get + "\r\n"),
					Peculiar.of("with a host", get + HOST + "\r\n"),
					Peculiar.of("kept alive", get + "Connection: keep-alive\r\n\r\n"),
					Peculiar.of("to be closed", get + "Connection: close\r\n\r\n"),
					Peculiar.of("in absolute form", "GET http://a/served HTTP/1.0\r\n\r\n"),
					Peculiar.of("with an expectation, which it does not know", get + "Expect: 100-continue\r\n\r\n"),
					new Peculiar("with a body", "POST /served HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", "abc"));
		}

	}

	/** Section 3.2, and the authority it must agree on with Host; section 3.2.2. */
	@Nested
	class Target {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			Stream<Malformed> targets = Stream
				.of("refused", "refused/", "./refused", "../refused", "?refused", "#", "/refused#x", "/#",
						"/refused?a#b", "*", "*/refused", "**", "/*#", "\\refused", "\\\\refused", "a", "a:80",
						"a/refused", "//#", "http:/refused", "http:refused", "http//a/refused", "http:\\\\a\\refused",
						"ftp://a/refused", "file:///refused", "ws://a/refused", "javascript:alert(1)", "data:,a",
						"urn:a", "://a/refused", "http://", "http:///refused", "http://?refused", "http://a#b",
						"http://a/#b", "https://a/refused#", "mailto:a@b", "[::1]/refused", "%2frefused", "&", "=")
				.map((target) -> Malformed.of(target, "GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n"));
			Stream<Malformed> tunnels = Stream
				.of("a:80", "a", "/refused", "*", "http://a/refused", "a:80/", ":80", "[::1]:80")
				.map((target) -> new Malformed("CONNECT " + target,
						"CONNECT " + target + " HTTP/1.1\r\n" + HOST + "\r\n", 501));
			return Stream
				.of(targets, tunnels,
						Stream.of(
								new Malformed("CONNECT with a body",
										"CONNECT a:80 HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc", 501),
								Malformed.of("asterisk for POST", "POST * HTTP/1.1\r\n" + HOST + "\r\n"),
								Malformed.of("asterisk with a query", "OPTIONS *?a HTTP/1.1\r\n" + HOST + "\r\n"),
								Malformed.of("asterisk in small letters", "options * HTTP/1.1\r\n" + HOST + "\r\n")))
				.flatMap((cases) -> cases);
		}

		/** Unchanged, byte for byte; in origin form where it was absolute. */
		@ParameterizedTest
		@MethodSource
		void isForwarded(Peculiar request) throws Exception {
			assertThat(bed.serves(request.bytes()).target()).isEqualTo(request.body());
		}

		static Stream<Peculiar> isForwarded() {
			Stream<Peculiar> origin = Stream
				.of("/", "//", "/a//b", "//a/b", "/.", "/..", "/../a", "/a/../b", "/a;b=c", "/a?b=c&d=e", "/?",
						"/a?b?c", "/%00", "/%0d%0aX:%20a", "/%2e%2e/", "/%", "/%zz", "/a%2Fb", "/a:b@c", "/http://b/",
						"/\\", "/a|b^c`d{e}\"<>", "/\u00e9", "/\u00c3\u00a9\u00e2\u0082\u00ac", "/\u00c0\u00af",
						"/\u0080\u0085\u00a0", "/HTTP/1.1", "/" + "a".repeat(8000))
				.map((target) -> new Peculiar(FramingBed.visible(target),
						"GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n", target));
			Stream<Peculiar> absolute = Stream.of(absolute("http://a", "/"), absolute("http://a/", "/"),
					absolute("HTTP://a/b", "/b"), absolute("hTTp://A/b", "/b"), absolute("http://a?b", "/?b"),
					absolute("http://a/b?c", "/b?c"), absolute("http://a//b", "//b"),
					absolute("http://a/http://b/", "/http://b/"));
			Stream<Peculiar> options = Stream.of("*", "http://a", "http://a/", "/")
				.map((target) -> new Peculiar("OPTIONS " + target,
						"OPTIONS " + target + " HTTP/1.1\r\n" + HOST + "\r\n",
						target.equals("http://a") ? "*" : target.equals("http://a/") ? "/" : target));
			return Stream.of(origin, absolute, options).flatMap((cases) -> cases);
		}

		private static Peculiar absolute(String target, String origin) {
			return new Peculiar(target, "GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n", origin);
		}

	}

	/** Section 3.2: there is one, it is valid, and the target says no other. */
	@Nested
	class Host {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			Stream<Malformed> values = Stream
				.of("", " ", "\t", "a b", "a, b", "a,b", "a;b", "a=b", ";", "a;proto=https", "a/b", "/", "a/",
						"http://a", "u@a", "u:p@a", "@a", "a@", "a?b", "a#b", "a\\b", "a:b", "a:80b", "a:-1", "a:+80",
						"a: 80", "a :80", "a:80:80", "a:123456", "a:65536", "a:99999", "::1", "[::1", "::1]", "[]",
						"[a]", "[::1]a", "[::1]:", "[::1]:b", "[::g]", "[1]", "[:]", "[::1]]", "[[::1]]", "[1.2.3.4]",
						"[::1%25eth0]", "[v1.a]", "a[::1]", "a|b", "a^b", "a`b", "a{b}", "a\"b", "<a>", "%", "%4",
						"%zz", "a%", "\u00e9", "a\u00a0", "a\u0085", "\u00c3\u00a9.example", ":80", ":",
						"a".repeat(301), "a".repeat(6000), "%41".repeat(2000))
				.filter((value) -> !value.equals("[::1]:"))
				.map((value) -> Malformed.of(FramingBed.visible(value), GET + "Host: " + value + "\r\n\r\n"));
			Stream<Malformed> fields = Stream
				.of("", "Host: a\r\nHost: a\r\n", "Host: a\r\nHost: b\r\n", "Host: a\r\nhost: a\r\n",
						"Host: a\r\nHost:\r\n", "Host:\r\nHost: a\r\n", "Host: a\r\nX: b\r\nHOST: b\r\n",
						"Host : a\r\n", "Host\r\n", "Hosts: a\r\n", "X-Forwarded-Host: a\r\n",
						"Host: a\r\nHost: a\r\nHost: a\r\n", ":authority: a\r\n")
				.map((field) -> Malformed.of("fields " + FramingBed.visible(field), GET + field + "\r\n"));
			Stream<Malformed> http10 = Stream
				.of("Host: a\r\nHost: b\r\n", "Host: a\r\nHost: a\r\n", "Host:\r\n", "Host: u@a\r\n", "Host: a/b\r\n")
				.map((field) -> Malformed.of("on HTTP/1.0 " + FramingBed.visible(field),
						"GET /refused HTTP/1.0\r\n" + field + "\r\n"));
			Stream<Malformed> authorities = Stream
				.of("http://b/refused", "http://a.b/refused", "http://aa/refused", "http://a:80/refused",
						"http://a:/refused", "http://u@a/refused", "http://a@b/refused", "http://b@a/refused",
						"http://u:p@a/refused", "http://@a/refused", "http://a./refused", "http://a%00/refused",
						"http://%61/refused", "http://a\\b/refused", "http://a,b/refused", "http://[::1]/refused",
						"https://b/refused", "http://b?a", "HTTP://B/refused", "http://b:80@a/refused",
						"http://a\u00e9/refused")
				.map((target) -> Malformed.of(FramingBed.visible(target),
						"GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n"));
			Stream<Malformed> both = Stream.of(
					Malformed.of("semicolon in both", "GET http://a;b/refused HTTP/1.1\r\nHost: a;b\r\n\r\n"),
					Malformed.of("user in both", "GET http://u@a/refused HTTP/1.1\r\nHost: u@a\r\n\r\n"),
					Malformed.of("port in one", "GET http://a/refused HTTP/1.1\r\nHost: a:80\r\n\r\n"),
					Malformed.of("different ports", "GET http://a:80/refused HTTP/1.1\r\nHost: a:81\r\n\r\n"),
					Malformed.of("no host for an authority", "GET http://a/refused HTTP/1.1\r\n\r\n"),
					Malformed.of("bad authority on HTTP/1.0", "GET http://u@b/refused HTTP/1.0\r\n\r\n"),
					Malformed.of("other authority on HTTP/1.0", "GET http://b/refused HTTP/1.0\r\nHost: a\r\n\r\n"),
					Malformed.of("no authority on HTTP/1.0", "GET http:///refused HTTP/1.0\r\n\r\n"),
					Malformed.of("bad port on HTTP/1.0", "GET http://b:x/refused HTTP/1.0\r\n\r\n"));
			return Stream.of(values, fields, http10, authorities, both).flatMap((cases) -> cases);
		}

		@ParameterizedTest
		@MethodSource
		void isForwarded(String host) throws Exception {
			assertThat(bed.serves(GET + "Host: " + host + "\r\n\r\n").values("host")).containsExactly(host);
		}

		static Stream<String> isForwarded() {
			return Stream.of("a", "A", "a.b", "a.", "a:80", "a:", "a:0", "a:65535", "127.0.0.1", "127.0.0.1:80",
					"[::1]", "[::1]:80", "[::1]:", "[2001:db8::1]", "[::ffff:1.2.3.4]", "a_b", "a~b", "a%41",
					"a!$&'()*+b", "xn--e9aa", "1", "a".repeat(300));
		}

		@ParameterizedTest
		@MethodSource
		void isThatOfTheTargetWhereBothAgree(Peculiar request) throws Exception {
			Request seen = bed.serves(request.bytes());
			assertThat(seen.target()).isEqualTo("/served");
			assertThat(seen.values("host")).containsExactly(request.body());
		}

		static Stream<Peculiar> isThatOfTheTargetWhereBothAgree() {
			return Stream.of(new Peculiar("same", "GET http://a/served HTTP/1.1\r\nHost: a\r\n\r\n", "a"),
					new Peculiar("same port", "GET http://a:80/served HTTP/1.1\r\nHost: a:80\r\n\r\n", "a:80"),
					new Peculiar("other case", "GET http://A/served HTTP/1.1\r\nHost: a\r\n\r\n", "a"),
					new Peculiar("address", "GET http://[::1]:80/served HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
							"[::1]:80"),
					new Peculiar("HTTP/1.0", "GET http://a/served HTTP/1.0\r\nHost: a\r\n\r\n", "a"),
					new Peculiar("only the target's on HTTP/1.0", "GET http://b/served HTTP/1.0\r\n\r\n", "b"));
		}

	}

	/** RFC 9110, section 10.1.1. */
	@Nested
	class Expectation {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream
				.of("200-ok", "100-continues", "x100-continue", "100 continue", "100-continue, x", "x, 100-continue",
						"100-continue;a=b", "\"100-continue\"", "y 100-continue", "100-continue\r\nExpect: x", "")
				.map((value) -> new Malformed(FramingBed.visible(value),
						"POST /refused HTTP/1.1\r\n" + HOST + "Expect: " + value + "\r\nContent-Length: 3\r\n\r\nabc",
						417));
		}

	}

}

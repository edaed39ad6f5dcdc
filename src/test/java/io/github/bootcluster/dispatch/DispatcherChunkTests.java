package io.github.bootcluster.dispatch;

import java.util.stream.Stream;

import io.github.bootcluster.dispatch.FramingBed.Malformed;
import io.github.bootcluster.dispatch.FramingBed.Peculiar;
import io.github.bootcluster.dispatch.StrictHttp.Field;
import io.github.bootcluster.dispatch.StrictHttp.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bodies in chunks that two servers may take apart differently. The head is in order, so
 * the target may have been sent it, and what was sound of the body; it must not see the
 * end of the request.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, section
 * 7.1</a>
 */
class DispatcherChunkTests {

	private static final String POST = "POST /refused HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

	private static final String END = "0\r\n\r\n";

	private static FramingBed bed;

	@BeforeAll
	static void start() throws Exception {
		bed = FramingBed.start();
	}

	@AfterAll
	static void stop() throws Exception {
		bed.close();
	}

	/** Section 7.1: {@code chunk-size = 1*HEXDIG}. */
	@Nested
	class Size {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refusesOnTheWay(request);
		}

		static Stream<Malformed> isRefused() {
			Stream<String> sizes = Stream.of("", "x", "g", "+1", "-1", "-0", "--1", "+0", "0x1", "0X1", "x1", "1h",
					"1x", "0o1", "#1", "$1", "%31", "1_0", "_1", "0_1", "1.", "1.0", ".1", "1e0x", "1,", "1,1", "1 1",
					"1:", "1=", "\"1\"", "'1'", "(1)", "1\0", "\0001", "1\u0001", "1\u000b", "\u000b1", "1\f", "\f1",
					"1\u007f", "1\u0085", "\u00a01", "1\u00a0", "\u00b9", "\u00ef\u00bc\u0091", "\u00d9\u00a1", "NaN",
					// Blanks belong between the size and an extension, nowhere else.
					" 1", "\t1", "  1", "1 ", "1\t", "1  ", " ", "\t", " 0", "0 ",
					// what 63, 64 or 128 bits do not hold, or just about
					"7fffffffffffffff", "8000000000000000", "ffffffffffffffff", "fffffffffffffffe", "10000000000000000",
					"10000000000000001", "ffffffffffffffffffffffffffffffff", "100000000000000000000000000000001",
					"1" + "0".repeat(100), "0".repeat(9000));
			return sizes
				.flatMap((size) -> Stream.of(Malformed.of(FramingBed.visible(size), POST + size + "\r\na\r\n" + END),
						Malformed.of(FramingBed.visible(size) + " after a sound chunk",
								POST + "3\r\nabc\r\n" + size + "\r\na\r\n" + END),
						Malformed.of(FramingBed.visible(size) + " with an extension",
								POST + size + ";a=b\r\na\r\n" + END)));
		}

		@ParameterizedTest
		@MethodSource
		void isServed(Peculiar request) throws Exception {
			assertThat(bed.serves(request.bytes()).body()).isEqualTo(request.body());
		}

		static Stream<Peculiar> isServed() {
			String ten = "0123456789";
			return Stream.of(new Peculiar("small letter", POST + "a\r\n" + ten + "\r\n" + END, ten),
					new Peculiar("capital", POST + "A\r\n" + ten + "\r\n" + END, ten),
					new Peculiar("leading zeros", POST + "000a\r\n" + ten + "\r\n" + END, ten),
					new Peculiar("fifteen digits", POST + "00000000000000a\r\n" + ten + "\r\n" + END, ten),
					new Peculiar("two digits", POST + "14\r\n" + ten + ten + "\r\n" + END, ten + ten),
					new Peculiar("many zeros at the end", POST + "a\r\n" + ten + "\r\n0000\r\n\r\n", ten),
					new Peculiar("no chunk", POST + END, ""),
					new Peculiar("chunks of one byte", POST + "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n" + END, "abc"),
					new Peculiar("data that look like the end", POST + "5\r\n0\r\n\r\n\r\n" + END, "0\r\n\r\n"),
					new Peculiar("data that look like a request",
							POST + "1b\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n\r\n" + END,
							"GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
		}

	}

	/** Section 7.1: CRLF after a size and after the data, and nothing else. */
	@Nested
	class LineEnd {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refusesOnTheWay(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream.of(Malformed.of("LF after the size", POST + "1\na\r\n" + END),
					Malformed.of("CR after the size", POST + "1\ra\r\n" + END),
					Malformed.of("LF CR after the size", POST + "1\n\ra\r\n" + END),
					Malformed.of("CR CR LF after the size", POST + "1\r\r\na\r\n" + END),
					Malformed.of("CR before the size", POST + "\r1\r\na\r\n" + END),
					Malformed.of("empty line before the size", POST + "\r\n1\r\na\r\n" + END),
					Malformed.of("LF before the size", POST + "\n1\r\na\r\n" + END),
					Malformed.of("LF after the data", POST + "1\r\na\n" + END),
					Malformed.of("CR after the data", POST + "1\r\na\r" + END),
					Malformed.of("LF CR after the data", POST + "1\r\na\n\r" + END),
					Malformed.of("CR CR after the data", POST + "1\r\na\r\r" + END),
					Malformed.of("LF LF after the data", POST + "1\r\na\n\n" + END),
					Malformed.of("CR CR LF after the data", POST + "1\r\na\r\r\n" + END),
					Malformed.of("nothing after the data", POST + "1\r\na" + END),
					Malformed.of("any two bytes after the data", POST + "1\r\naxx" + END),
					Malformed.of("blanks after the data", POST + "1\r\na  " + END),
					Malformed.of("NULs after the data", POST + "1\r\na\0\0" + END),
					Malformed.of("more data than announced", POST + "1\r\nab\r\n" + END),
					Malformed.of("much more data than announced", POST + "1\r\n" + "a".repeat(100) + "\r\n" + END),
					Malformed.of("less data than announced", POST + "3\r\na\r\n" + END),
					Malformed.of("one byte less than announced", POST + "2\r\na\r\n" + END),
					Malformed.of("LF after the last size", POST + "1\r\na\r\n0\n\r\n"),
					Malformed.of("CR after the last size", POST + "1\r\na\r\n0\r\r\n"),
					Malformed.of("CR CR LF after the last size", POST + "1\r\na\r\n0\r\r\n\r\n"),
					Malformed.of("LF LF after the last size", POST + "1\r\na\r\n0\n\n"),
					Malformed.of("LF at the end", POST + "1\r\na\r\n0\r\n\n"),
					Malformed.of("CR at the end", POST + "1\r\na\r\n0\r\n\r"),
					Malformed.of("CR CR LF at the end", POST + "1\r\na\r\n0\r\n\r\r\n"),
					Malformed.of("nothing at the end", POST + "1\r\na\r\n0\r\n"),
					Malformed.of("blank at the end", POST + "1\r\na\r\n0\r\n \r\n"));
		}

	}

	/**
	 * The families TERM.EXT, EXT.TERM, TERM.SPILL and SPILL.TERM: one server takes for
	 * the end of a line, or of the data, what the other takes for a part of it.
	 */
	@Nested
	class AmbiguousTerminator {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refusesOnTheWay(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream.of("\n", "\r", "\n\r", "\r\r", "\n\n", "\0", "\u000b", "\f")
				.flatMap((end) -> Stream.of(
						// The extension ends at this for one server, at CRLF for the
						// other.
						Malformed.of("TERM.EXT " + FramingBed.visible(end),
								POST + "2;" + end + "xx\r\n4c\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
										+ END),
						Malformed.of("TERM.EXT in the name " + FramingBed.visible(end),
								POST + "2;a" + end + "b\r\nxx\r\n" + END),
						Malformed.of("TERM.EXT in the value " + FramingBed.visible(end),
								POST + "2;a=b" + end + "c\r\nxx\r\n" + END),
						Malformed.of("TERM.EXT in quotes " + FramingBed.visible(end),
								POST + "2;a=\"b" + end + "c\"\r\nxx\r\n" + END),
						Malformed.of("TERM.EXT behind a backslash " + FramingBed.visible(end),
								POST + "2;a=\"b\\" + end + "c\"\r\nxx\r\n" + END),
						Malformed.of("TERM.EXT at the last chunk " + FramingBed.visible(end),
								POST + "2\r\nxx\r\n0;a" + end + "b\r\n\r\n"),
						Malformed.of("EXT.TERM " + FramingBed.visible(end),
								POST + "10;" + end + "aaaaaaaaaaaaaaaa\r\n" + END),
						Malformed.of("EXT.TERM without a semicolon " + FramingBed.visible(end),
								POST + "10" + end + "aaaaaaaaaaaaaaaa\r\n" + END),
						// More data, or fewer, up to what one server takes for their end.
						Malformed.of("TERM.SPILL " + FramingBed.visible(end),
								POST + "5\r\nAAAAA" + end + "2e\r\n0\r\n\r\n"
										+ "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" + END),
						Malformed.of("SPILL.TERM " + FramingBed.visible(end),
								POST + "5\r\nAAAAAXX" + end + "30\r\n" + END),
						Malformed.of("SPILL with CRLF " + FramingBed.visible(end),
								POST + "5\r\nAAAAA" + end + "\r\n" + END)));
		}

	}

	/**
	 * Section 7.1.1; extensions nobody knows are ignored, those that are none refused.
	 */
	@Nested
	class Extension {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refusesOnTheWay(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream.of(";", " ;", "; ", ";;", ";;a", ";a;", ";a;;b", ";=", ";=a", ";a=", ";a= ", ";a=;b", ";a==b",
					";a=b=c", ";a b", ";a=b c", ";a ", ";a=b ", ";a=\"b\" ", ";a=\"b\"c", ";a=\"b", ";a=\"", ";a=b\"",
					";\"a\"", ";\"a\"=b", ";a=\"b\"\"c\"", ";a=\"b\\\"", ";a,b", ";a=b,c", ";a:b", ";a=b:c", ";(a)",
					";a=(b)", ";a[", ";a]", ";{a}", ";a/b", ";a?b", ";a@b", ";a\\b", ";<a>", ";a=<b>", ";\u00e9",
					";a=\u00e9", ";\0", ";a\0", ";a=\0", ";a=\"\0\"", ";\u0001", ";a=\"\u0001\"", ";a=\"\u007f\"",
					";\u007f", ";\u000b", ";\fa", ":a", ",a", "=a", "\"a\"", " a", "\ta", "&a", "|;a",
					// "bad" white space, which is grammatical, but not to be generated
					" ;a", "\t;a", "; a", ";\ta", " ; a", ";a =b", ";a= b", ";a = b", ";a = \"b\"", ";a=b ;c", ";a ;b",
					";a=\"b\" ; c")
				.flatMap((extension) -> Stream.of(
						Malformed.of(FramingBed.visible(extension), POST + "1" + extension + "\r\na\r\n" + END),
						Malformed.of(FramingBed.visible(extension) + " at the last chunk",
								POST + "1\r\na\r\n0" + extension + "\r\n\r\n")));
		}

		@ParameterizedTest
		@MethodSource
		void isIgnored(Peculiar request) throws Exception {
			Request seen = bed.serves(request.bytes());
			assertThat(seen.body()).isEqualTo(request.body());
			assertThat(seen.size().sizeLines()).containsExactly("1", "0");
		}

		static Stream<Peculiar> isIgnored() {
			return Stream
				.of(";a", ";a=b", ";a=\"b\"", ";a=\"\"", ";a;b", ";a=b;c=d", ";a;b=\"c\";d", ";a=\"b;c\"", ";a=\"b c\"",
						";a=\"b\tc\"", ";a=\"\\\"\"", ";a=\"\\\\\"", ";a=\"\\b\"", ";a=\"\u00e9\"", ";a=\"\\\u00e9\"",
						";!#$%&'*+-.^_`|~=0", ";a=\"0\\r\\n\"", ";" + "a".repeat(200))
				.flatMap((extension) -> Stream.of(
						new Peculiar(FramingBed.visible(extension), POST + "1" + extension + "\r\na\r\n" + END, "a"),
						new Peculiar(FramingBed.visible(extension) + " at the last chunk",
								POST + "1\r\na\r\n0" + extension + "\r\n\r\n", "a")));
		}

	}

	/** Section 7.1.2; fields like any others, and none that concern the framing. */
	@Nested
	class Trailer {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refusesOnTheWay(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream
				.of("X", ": a", "X : a", "X\t: a", " X: a", "\tX: a", "X Y: a", "X: a\r\n b", "X: a\r\n\tb",
						"X: a\r\n ", "X: a\r\n ", "X: a\nY: b", "X: a\rY: b", "X: a\r\r\nY: b", "X: a\n", "X: a\r",
						"X: a\0b", "X\0: a", "X: \u0001", "X: a\u000b", "X: \u007f", "X(: a", "X\u00e9: a", "\"X\": a",
						"X: a\r\nY : b", "Content-Length: 1\0", "Content-Length : 1", "Content-Length: 1\r\n 2",
						"Transfer-Encoding: chunked\u000b", "Transfer-Encoding : chunked",
						"Transfer-Encoding: chunked\r\n , identity", "Trailer: a\u0001", "GET /smuggled HTTP/1.1",
						"GET /smuggled HTTP/1.1\r\nHost: a", "0")
				.map((trailer) -> Malformed.of(FramingBed.visible(trailer),
						POST + "1\r\na\r\n0\r\n" + trailer + "\r\n\r\n"));
		}

		@ParameterizedTest
		@MethodSource
		void isForwarded(Peculiar request) throws Exception {
			Request seen = bed.serves(request.bytes());
			assertThat(seen.body()).isEqualTo("a");
			assertThat(seen.trailers()).containsExactly(new Field("X", request.body()));
		}

		static Stream<Peculiar> isForwarded() {
			return Stream.of(trailer("X: a", "a"), trailer("X:a", "a"), trailer("X: \t a b \t", "a b"),
					trailer("X:", ""), trailer("X: a\tb", "a\tb"), trailer("X: \u00e9", "\u00e9"),
					trailer("X: a:b", "a:b"));
		}

		/** RFC 9110, section 6.5.1. */
		@ParameterizedTest
		@MethodSource
		void isDroppedWhereItConcernsFramingOrRouting(Peculiar request) throws Exception {
			Request seen = bed.serves(request.bytes());
			assertThat(seen.body()).isEqualTo("a");
			assertThat(seen.values("content-length")).isEmpty();
			assertThat(seen.trailers()).containsExactly(new Field("X", "a"));
		}

		static Stream<Peculiar> isDroppedWhereItConcernsFramingOrRouting() {
			return Stream
				.of("Content-Length: 1", "content-length: 100", "Content-Length: x", "Transfer-Encoding: chunked",
						"transfer-encoding: x", "Host: b", "Trailer: X", "Connection: close", "Connection: X-Other",
						"Keep-Alive: 1", "TE: trailers", "Upgrade: a", "Expect: 100-continue", "Authorization: a",
						"Cookie: a", "Content-Type: a", "Content-Encoding: a", "Content-Range: a", "X-Forwarded-For: a",
						"X-Forwarded-Other: a", "Forwarded: for=a", "X-Request-Id: a", "Proxy-Authorization: a")
				.map((field) -> trailer(field + "\r\nX: a", "a"));
		}

		private static Peculiar trailer(String fields, String value) {
			return new Peculiar(FramingBed.visible(fields), POST + "1\r\na\r\n0\r\n" + fields + "\r\n\r\n", value);
		}

	}

	/** Section 7.1.1: "ought to limit the total length of chunk extensions". */
	@Nested
	class Oversized {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refusesOnTheWay(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream.of(Malformed.of("size line", POST + "1;a=" + "b".repeat(9000) + "\r\na\r\n" + END),
					Malformed.of("endless size line", POST + "1;a=" + "b".repeat(100_000)),
					Malformed.of("endless digits", POST + "0".repeat(100_000)),
					Malformed.of("endless quotes", POST + "1;a=\"" + "b".repeat(100_000)),
					Malformed.of("extension of every byte",
							POST + ("1;a=" + "b".repeat(1000) + "\r\na\r\n").repeat(100) + END),
					Malformed.of("short extension of every byte", POST + "1;abcdefgh\r\na\r\n".repeat(10_000) + END),
					Malformed.of("trailer", POST + "0\r\nX: " + "a".repeat(17_000) + "\r\n\r\n"),
					Malformed.of("endless trailer", POST + "0\r\nX: " + "a".repeat(100_000)),
					Malformed.of("endless trailers", POST + "0\r\n" + "X: a\r\n".repeat(10_000)),
					Malformed.of("many trailers", POST + "0\r\n" + "X: a\r\n".repeat(101) + "\r\n"));
		}

		@ParameterizedTest
		@MethodSource
		void isServedUpToTheLimit(Peculiar request) throws Exception {
			assertThat(bed.serves(request.bytes()).body()).isEqualTo(request.body());
		}

		static Stream<Peculiar> isServedUpToTheLimit() {
			return Stream
				.of(new Peculiar("an extension", POST + "1;a=" + "b".repeat(1000) + "\r\na\r\n" + END, "a"),
						new Peculiar("extensions of large chunks",
								POST + ("400;a=" + "b".repeat(500) + "\r\n" + "a".repeat(1024) + "\r\n").repeat(50)
										+ END,
								"a".repeat(50 * 1024)),
						new Peculiar("many chunks", POST + "1\r\na\r\n".repeat(5_000) + END, "a".repeat(5_000)),
						new Peculiar("large chunks", POST + ("ffff\r\n" + "a".repeat(65535) + "\r\n").repeat(4) + END,
								"a".repeat(4 * 65535)),
						new Peculiar("one trailer", POST + "0\r\nX: " + "a".repeat(8000) + "\r\n\r\n", ""),
						new Peculiar("many trailers", POST + "0\r\n" + "X: a\r\n".repeat(100) + "\r\n", ""));
		}

	}

}

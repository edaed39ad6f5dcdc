package io.github.bootcluster.dispatch;

import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.bootcluster.dispatch.FramingBed.Malformed;
import io.github.bootcluster.dispatch.FramingBed.Peculiar;
import io.github.bootcluster.dispatch.StrictHttp.Response;
import io.github.bootcluster.dispatch.StrictTarget.Seen;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that are too large, on either side of each limit.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-2.3">RFC 9112, sections 3
 * and 5</a>
 */
class DispatcherLimitTests {

	private static final int MAX_BODY = 1000;

	private static final String HOST = "Host: a\r\n";

	private static FramingBed bed;

	@BeforeAll
	static void start() throws Exception {
		bed = FramingBed.start((settings) -> {
			settings.maxRequestSize = MAX_BODY;
			return settings;
		});
	}

	@AfterAll
	static void stop() throws Exception {
		bed.close();
	}

	/** Section 3: 414, at 8 KiB. */
	@Nested
	class RequestLine {

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream.of(new Malformed("one byte too long", line(8193), 414),
					new Malformed("one byte too long after an empty line", "\r\n" + line(8193), 414),
					new Malformed("long after many empty lines", "\r\n".repeat(4097) + line(8192), 414),
					new Malformed("long target", line(20_000), 414),
					new Malformed("long method", "X".repeat(9000) + " / HTTP/1.1\r\n" + HOST + "\r\n", 414),
					new Malformed("long version", "GET / HTTP/1." + "1".repeat(9000) + "\r\n" + HOST + "\r\n", 414),
					new Malformed("long authority", "GET http://" + "a".repeat(9000) + "/ HTTP/1.1\r\n" + HOST + "\r\n",
							414),
					new Malformed("endless target", "GET /" + "a".repeat(500_000), 414),
					new Malformed("endless method", "A".repeat(500_000), 414),
					new Malformed("endless blanks", "GET " + " ".repeat(500_000), 414),
					new Malformed("endless carriage returns", "\r".repeat(500_000), 414),
					new Malformed("endless empty lines", "\r\n".repeat(250_000), 414));
		}

		@ParameterizedTest
		@MethodSource
		void isServedUpToTheLimit(Peculiar request) throws Exception {
			assertThat(bed.serves(request.bytes()).body()).isEmpty();
		}

		static Stream<Peculiar> isServedUpToTheLimit() {
			return Stream.of(Peculiar.of("target", line(8192)), Peculiar.of("after an empty line", "\r\n" + line(8192)),
					Peculiar.of("after many empty lines", "\r\n".repeat(4096) + line(8192)),
					Peculiar.of("method", "X".repeat(8000) + " / HTTP/1.1\r\n" + HOST + "\r\n"));
		}

		private static String line(int length) {
			return "GET /" + "a".repeat(length - "GET / HTTP/1.1".length()) + " HTTP/1.1\r\n" + HOST + "\r\n";
		}

	}

	/** Section 5: 431, at 16 KiB or 100 fields. */
	@Nested
	class Head {

		private static final String GET = "GET /large HTTP/1.1\r\n" + HOST;

		@ParameterizedTest
		@MethodSource
		void isRefused(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefused() {
			return Stream.of(new Malformed("long value", GET + "X: " + "a".repeat(16_500) + "\r\n\r\n", 431),
					new Malformed("long name", GET + "a".repeat(16_500) + ": a\r\n\r\n", 431),
					new Malformed("name without an end", GET + "a".repeat(16_500) + "\r\n\r\n", 431),
					new Malformed("long host", "GET / HTTP/1.1\r\nHost: " + "a".repeat(16_500) + "\r\n\r\n", 431),
					new Malformed("long length", GET + "Content-Length: " + "0".repeat(16_500) + "\r\n\r\n", 431),
					new Malformed("blanks", GET + "X:" + " ".repeat(16_500) + "a\r\n\r\n", 431),
					new Malformed("blanks behind", GET + "X: a" + "\t".repeat(16_500) + "\r\n\r\n", 431),
					new Malformed("two long values", GET + ("X: " + "a".repeat(8400) + "\r\n").repeat(2) + "\r\n", 431),
					new Malformed("many values", GET + ("X: " + "a".repeat(200) + "\r\n").repeat(90) + "\r\n", 431),
					new Malformed("one field too many", GET + fields(100) + "\r\n", 431),
					new Malformed("many fields", GET + fields(1000) + "\r\n", 431),
					new Malformed("many short fields", GET + "a:\r\n".repeat(1000) + "\r\n", 431),
					new Malformed("many on HTTP/1.0", "GET / HTTP/1.0\r\n" + fields(101) + "\r\n", 431),
					new Malformed("endless value", GET + "X: " + "a".repeat(500_000), 431),
					new Malformed("endless name", GET + "a".repeat(500_000), 431),
					new Malformed("endless blanks", GET + "X:" + " ".repeat(500_000), 431),
					new Malformed("endless fields", GET + fields(100_000), 431));
		}

		@ParameterizedTest
		@MethodSource
		void isServedUpToTheLimit(Peculiar request) throws Exception {
			assertThat(bed.serves(request.bytes()).target()).isEqualTo("/large");
		}

		static Stream<Peculiar> isServedUpToTheLimit() {
			return Stream.of(Peculiar.of("hundred fields", GET + fields(99) + "\r\n"),
					Peculiar.of("one value", GET + "X: " + "a".repeat(16_000) + "\r\n\r\n"),
					Peculiar.of("one name", GET + "a".repeat(16_000) + ": a\r\n\r\n"),
					Peculiar.of("many values", GET + ("X: " + "a".repeat(155) + "\r\n").repeat(99) + "\r\n"));
		}

		private static String fields(int count) {
			StringBuilder fields = new StringBuilder();
			IntStream.range(0, count).forEach((i) -> fields.append("X").append(i).append(": a\r\n"));
			return fields.toString();
		}

	}

	/** RFC 9110, section 15.5.14: 413, at {@code max-request-size}. */
	@Nested
	class Body {

		private static final String POST = "POST /large HTTP/1.1\r\n" + HOST;

		private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";

		@ParameterizedTest
		@MethodSource
		void isRefusedByItsLength(Malformed request) throws Exception {
			bed.refuses(request);
		}

		static Stream<Malformed> isRefusedByItsLength() {
			return Stream.of("1001", "1000000", "4294967296", "4294967299", "9223372036854775", "999999999999999999")
				.flatMap((length) -> Stream.of(
						new Malformed(length, POST + "Content-Length: " + length + "\r\n\r\n" + "a".repeat(100), 413),
						new Malformed(length + " with an expectation",
								POST + "Expect: 100-continue\r\nContent-Length: " + length + "\r\n\r\n", 413)));
		}

		@ParameterizedTest
		@MethodSource
		void isRefusedByItsChunks(Malformed request) throws Exception {
			bed.refusesOnTheWay(request);
		}

		static Stream<Malformed> isRefusedByItsChunks() {
			return Stream.of(
					new Malformed("one byte too many", CHUNKED + "3e9\r\n" + "a".repeat(1001) + "\r\n0\r\n\r\n", 413),
					new Malformed("in the second chunk",
							CHUNKED + "3e8\r\n" + "a".repeat(1000) + "\r\n1\r\na\r\n0\r\n\r\n", 413),
					new Malformed("many chunks", CHUNKED + "1\r\na\r\n".repeat(1001) + "0\r\n\r\n", 413),
					new Malformed("endless chunks",
							CHUNKED + "ff\r\n".repeat(1) + ("a".repeat(255) + "\r\nff\r\n").repeat(2000), 413),
					new Malformed("one endless chunk", CHUNKED + "fffffff\r\n" + "a".repeat(500_000), 413));
		}

		@ParameterizedTest
		@MethodSource
		void isServedUpToTheLimit(Peculiar request) throws Exception {
			assertThat(bed.serves(request.bytes()).body()).isEqualTo(request.body());
		}

		static Stream<Peculiar> isServedUpToTheLimit() {
			String body = "a".repeat(MAX_BODY);
			return Stream.of(new Peculiar("length", POST + "Content-Length: 1000\r\n\r\n" + body, body),
					new Peculiar("chunk", CHUNKED + "3e8\r\n" + body + "\r\n0\r\n\r\n", body),
					new Peculiar("chunks", CHUNKED + "1\r\na\r\n".repeat(1000) + "0\r\n\r\n", body));
		}

		/** Who is refused must not be asked for the body first. */
		@Test
		void isNotAskedForWhereItIsRefused() throws Exception {
			String head = POST + "Expect: 100-continue\r\nContent-Length: 1001\r\n\r\n";
			assertThat(bed.exchange(head)).extracting(Response::status).containsExactly(413);
			assertThat(bed.target().takeSeen()).matches(Seen::isNothing, "nothing");
		}

	}

}

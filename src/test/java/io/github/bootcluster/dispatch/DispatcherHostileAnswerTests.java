package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.bootcluster.dispatch.StrictHttp.Reading;
import io.github.bootcluster.dispatch.StrictHttp.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Answers of a target that is broken, or in the hands of somebody else. What a client
 * gets is well-formed or visibly cut off, and no byte of it reaches another client.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-11.1">RFC 9112, section
 * 11.1</a>
 */
class DispatcherHostileAnswerTests {

	private static final String OK = "HTTP/1.1 200 OK\r\n";

	private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";

	private static final String GOOD = OK + "Content-Length: 4\r\n\r\ngood";

	/** What a client must never see. */
	private static final String EVIL = OK + "Content-Length: 4\r\n\r\nevil";

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private static HostileTarget target;

	private static TestBed bed;

	@BeforeAll
	static void start() throws Exception {
		target = new HostileTarget();
		bed = TestBed.start(target.server);
	}

	@AfterAll
	static void stop() throws Exception {
		bed.close();
	}

	/** RFC 9110, section 15.6.3: 502. */
	private static void assertReplaced(Hostile answer) throws Exception {
		for (String method : List.of("GET", "POST")) {
			try (RawClient client = bed.client()) {
				Served served = ask(client, method, answer);
				Response response = FramingBed.readAnswer(client, method);
				assertThat(response.status()).as(method).isEqualTo(502);
				assertThat(response.body()).doesNotContain("evil");
				served.assertClosed();
				// The client did nothing wrong, so its connection goes on.
				assertGood(client);
			}
		}
	}

	/** Too late for an answer of our own where the head has been passed on. */
	private static void assertNeverWhole(Hostile answer) throws Exception {
		for (String method : List.of("GET", "POST")) {
			try (RawClient client = bed.client()) {
				Served served = ask(client, method, answer);
				served.assertClosed();
				String received = readWhatComes(client);
				Reading<Response> reading = StrictHttp.readResponse(received, 0, method, false);
				assertThat(reading.fault()).as(received).isNull();
				if (reading.message() != null) {
					assertThat(reading.message().status()).as(received).isEqualTo(502);
				}
				assertThat(received).doesNotContain("evil");
			}
		}
	}

	/** Served to this client, and its connection to the target never used again. */
	private static Response assertServedOnce(String method, Hostile answer) throws Exception {
		try (RawClient client = bed.client()) {
			Served served = ask(client, method, answer);
			Response response = FramingBed.readAnswer(client, method);
			served.assertClosed();
			assertGood(client);
			return response;
		}
	}

	private static Served ask(RawClient client, String method, Hostile answer) throws IOException {
		String body = method.equals("POST") ? "Content-Length: 1\r\n\r\na" : "\r\n";
		Served served = target.serve(answer, method.equals("POST") ? 1 : 0);
		client.send(method + " " + served.path + " HTTP/1.1\r\nHost: a\r\n" + body);
		return served;
	}

	private static void assertGood(RawClient client) throws IOException {
		client.send("GET /good HTTP/1.1\r\nHost: a\r\n\r\n");
		assertThat(FramingBed.readAnswer(client, "GET").body()).isEqualTo("good");
	}

	private static String readWhatComes(RawClient client) {
		StringBuilder received = new StringBuilder();
		try {
			client.send("GET /good HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
			for (int b = client.in().read(); b >= 0; b = client.in().read()) {
				received.append((char) b);
			}
		}
		catch (IOException ex) {
			// Reset: nobody can take that for a whole answer.
		}
		return received.toString();
	}

	/** RFC 9112, section 6.3. */
	@Nested
	class Framing {

		@ParameterizedTest
		@MethodSource
		void isReplaced(Hostile answer) throws Exception {
			assertReplaced(answer);
		}

		static Stream<Hostile> isReplaced() {
			Stream<Hostile> lengths = Stream
				.of("", "x", "-1", "+4", "-0", "0x4", "4x", "4.0", "4 4", "4,5", "4, 5", "4;4", "\"4\"", "4\0",
						"\u000b4", "99999999999999999999", "9223372036854775808", "4\r\n 4")
				.map((length) -> new Hostile("length " + length, OK + "Content-Length: " + length + "\r\n\r\nevil"));
			Stream<Hostile> encodings = Stream
				.of("", "x", "gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "xchunked", "chunked;a=b",
						"identity", "\"chunked\"", "\u000bchunked", "chunked\0", ",chunked", "chunked,")
				.flatMap((encoding) -> Stream.of(
						new Hostile("encoding " + encoding,
								OK + "Transfer-Encoding: " + encoding + "\r\n\r\n4\r\nevil\r\n0\r\n\r\n"),
						new Hostile("encoding " + encoding + " and length", OK + "Transfer-Encoding: " + encoding
								+ "\r\nContent-Length: 4\r\n\r\n4\r\nevil\r\n0\r\n\r\n")));
			Stream<Hostile> others = Stream.of(
					new Hostile("same length twice", OK + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nevil"),
					new Hostile("different lengths", OK + "Content-Length: 4\r\nContent-Length: 2\r\n\r\nevil"),
					new Hostile("different lengths, the longer last",
							OK + "Content-Length: 2\r\nContent-Length: 4\r\n\r\nevil"),
					new Hostile("length and an empty one", OK + "Content-Length: 4\r\nContent-Length:\r\n\r\nevil"),
					new Hostile("different lengths on HTTP/1.0",
							"HTTP/1.0 200 OK\r\nContent-Length: 4\r\nContent-Length: 2\r\n\r\nevil"),
					new Hostile("list of lengths on HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 4, 2\r\n\r\nevil"),
					new Hostile("length and encoding",
							OK + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n"),
					new Hostile("encoding and length",
							OK + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n4\r\nevil\r\n0\r\n\r\n"),
					new Hostile("encoding twice", OK
							+ "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n"),
					new Hostile("encoding on HTTP/1.0",
							"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n"),
					new Hostile("encoding and length on HTTP/1.0",
							"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\nevil"),
					new Hostile("blank before the colon of a length", OK + "Content-Length : 4\r\n\r\nevil"),
					new Hostile("words before the colon of a length", OK + "Content-Length x: 4\r\n\r\nevil"),
					new Hostile("words before the colon of an encoding",
							OK + "Transfer-Encoding x: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n"));
			return Stream.of(lengths, encodings, others).flatMap((cases) -> cases);
		}

		/** Zeros ahead are digits to some and mark an octal number to others. */
		@ParameterizedTest
		@ValueSource(strings = { "04", "000000000000000004" })
		void isNormalizedWhereTheLengthHasZerosAhead(String length) throws Exception {
			try (RawClient client = bed.client()) {
				ask(client, "GET", new Hostile("", OK + "Content-Length: " + length + "\r\n\r\ngood"));
				Response response = FramingBed.readAnswer(client, "GET");
				assertThat(response.body()).isEqualTo("good");
				assertThat(response.values("content-length")).containsExactly("4");
				ask(client, "HEAD", new Hostile("", OK + "Content-Length: " + length + "\r\n\r\n"));
				assertThat(FramingBed.readAnswer(client, "HEAD").values("content-length")).isEmpty();
				assertGood(client);
			}
		}

	}

	/** RFC 9112, sections 4 and 5. */
	@Nested
	class Head {

		@ParameterizedTest
		@MethodSource
		void isReplaced(Hostile answer) throws Exception {
			assertReplaced(answer);
		}

		static Stream<Hostile> isReplaced() {
			Stream<Hostile> lines = Stream.of("garbage", "200 OK", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 OK", "HTTP/1.1 2",
					"HTTP/1.1 20", "HTTP/1.1 2000", "HTTP/1.1 0200 OK", "HTTP/1.1 000 OK", "HTTP/1.1 099 OK",
					"HTTP/1.1 -200 OK", "HTTP/1.1 +200 OK", "HTTP/1.1 2x0 OK", "HTTP/1.1 200OK", "HTTP/1.1 200.1 OK",
					"HTTP/1.1  200 OK", " HTTP/1.1 200 OK", "HTTP/1.1\t200 OK", "HTTP/1.1\t200\tOK", "HTTP/1.1 200\tOK",
					"HTTP/1.1\u000b200 OK", "http/1.1 200 OK", "HTTP/1.2 200 OK", "HTTP/2.0 200 OK", "HTTP/2 200 OK",
					"HTTP/0.9 200 OK", "HTTP/1.10 200 OK", "HTTP/11.1 200 OK", "HTTP/1 200 OK", "HTTP 200 OK",
					"ICY 200 OK", "RTSP/1.0 200 OK", "XHTTP/1.1 200 OK", "HTTP/1.1 200 O\0K", "HTTP/1.1 200 O\u001bK",
					"HTTP/1.1 200 O\u007fK", "HTTP/1.1 200 OK\rX: evil", "HTTP/1.1 200 OK\nX: evil",
					"HTTP/1.1 200 OK\r", "\r\nHTTP/1.1 200 OK", "\nHTTP/1.1 200 OK", "\0HTTP/1.1 200 OK",
					"GET / HTTP/1.1", "{\"status\": 200}")
				.map((line) -> new Hostile(line, line + "\r\nContent-Length: 4\r\n\r\nevil"));
			Stream<Hostile> fields = Stream
				.of("X", ": evil", "X : evil", "X\t: evil", " X: evil", "\tX: evil", "X Y: evil", "X(: evil",
						"X\u00e9: evil", "\"X\": evil", "X\0: evil", "X: a\r\n evil", "X: a\r\n\tevil", "X: a\r\n ",
						"X: a\nY: evil", "X: a\rY: evil", "X: a\r\rY: evil", "X: a\n\rY: evil", "X: a\r\r\nY: evil",
						"X\r: evil", "X\n: evil")
				.map((field) -> new Hostile(field, OK + field + "\r\nContent-Length: 4\r\n\r\nevil"));
			Stream<Hostile> controls = IntStream.concat(IntStream.range(0, 0x20), IntStream.of(0x7F))
				.filter((c) -> c != '\t' && c != '\r' && c != '\n')
				.mapToObj((c) -> String.valueOf((char) c))
				.flatMap((c) -> Stream.of(
						new Hostile(FramingBed.visible(c) + " in a value",
								OK + "X: ev" + c + "il\r\nContent-Length: 4\r\n\r\nevil"),
						new Hostile(FramingBed.visible(c) + " in a name",
								OK + "X" + c + "Y: a\r\nContent-Length: 4\r\n\r\nevil"),
						new Hostile(FramingBed.visible(c) + " in the reason",
								"HTTP/1.1 200 O" + c + "K\r\nContent-Length: 4\r\n\r\nevil")));
			Stream<Hostile> lineEnds = Stream.of(
					new Hostile("LF after the status line", "HTTP/1.1 200 OK\nContent-Length: 4\r\n\r\nevil"),
					new Hostile("LF after a field", OK + "Content-Length: 4\n\r\nevil"),
					new Hostile("LF as the empty line", OK + "Content-Length: 4\r\n\nevil"),
					new Hostile("LF everywhere", "HTTP/1.1 200 OK\nContent-Length: 4\n\nevil"),
					new Hostile("CR as the empty line", OK + "Content-Length: 4\r\n\revil\r\n\r\n"),
					new Hostile("no head", "evil\r\n\r\n"), new Hostile("only empty lines", "\r\n\r\n\r\n\r\n"));
			return Stream.of(lines, fields, controls, lineEnds).flatMap((cases) -> cases);
		}

		@ParameterizedTest
		@MethodSource
		void isPassedOnInOneForm(Hostile answer) throws Exception {
			try (RawClient client = bed.client()) {
				ask(client, "GET", answer);
				Response response = FramingBed.readAnswer(client, "GET");
				assertThat(response.status()).isBetween(200, 999);
				assertThat(response.body()).isEqualTo("good");
				assertGood(client);
			}
		}

		static Stream<Hostile> isPassedOnInOneForm() {
			return Stream
				.of("HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.1 200 A b\tc", "HTTP/1.1 200 \u00e9", "HTTP/1.1 299 X",
						"HTTP/1.1 599 X", "HTTP/1.1 999 X", "HTTP/1.1 200  OK", "HTTP/1.0 200 OK")
				.map((line) -> new Hostile(line, line + "\r\nContent-Length: 4\r\nX: \u00e9\t\"\r\n\r\ngood"));
		}

	}

	/** Answers without an end. */
	@Nested
	class Endless {

		@ParameterizedTest
		@MethodSource
		void isReplaced(Hostile answer) throws Exception {
			assertReplaced(answer);
		}

		static Stream<Hostile> isReplaced() {
			return Stream.of(Hostile.endless("status line", "HTTP/1.1 200 ", "evil "),
					Hostile.endless("status", "HTTP/1.1 ", "2"), Hostile.endless("version", "HTTP/", "1"),
					Hostile.endless("empty lines", "", "\r\n"), Hostile.endless("carriage returns", "", "\r"),
					Hostile.endless("name", OK, "a"), Hostile.endless("value", OK + "X: ", "evil"),
					Hostile.endless("blanks", OK + "X:", " "), Hostile.endless("fields", OK, "X: evil\r\n"),
					Hostile.endless("empty fields", OK, "X:\r\n"),
					Hostile.endless("lengths", OK, "Content-Length: 4\r\n"),
					Hostile.endless("interim answers", "", "HTTP/1.1 103 Early Hints\r\nLink: </evil>\r\n\r\n"),
					Hostile.endless("requests to continue", "", "HTTP/1.1 100 Continue\r\n\r\n"),
					Hostile.endless("unknown interim answers", "", "HTTP/1.1 199 X\r\nContent-Length: 4\r\n\r\n"));
		}

		@ParameterizedTest
		@MethodSource
		void isCutOffInTheBody(Hostile answer) throws Exception {
			assertNeverWhole(answer);
		}

		static Stream<Hostile> isCutOffInTheBody() {
			return Stream.of(Hostile.endless("digits", CHUNKED, "0"),
					Hostile.endless("extension", CHUNKED + "1;a=", "b"),
					Hostile.endless("quotes", CHUNKED + "1;a=\"", "b"),
					Hostile.endless("trailer", CHUNKED + "0\r\nX: ", "a"),
					Hostile.endless("trailers", CHUNKED + "0\r\n", "X: a\r\n"));
		}

	}

	/** RFC 9112, section 7.1. */
	@Nested
	class Chunks {

		@ParameterizedTest
		@MethodSource
		void areNeverPassedOnAsAWholeAnswer(Hostile answer) throws Exception {
			assertNeverWhole(answer);
		}

		static Stream<Hostile> areNeverPassedOnAsAWholeAnswer() {
			return Stream
				.of("", "\r\n", "x\r\n", "-1\r\na\r\n0\r\n\r\n", "+1\r\na\r\n0\r\n\r\n", "0x1\r\na\r\n0\r\n\r\n",
						" 1\r\na\r\n0\r\n\r\n", "1 \r\na\r\n0\r\n\r\n", "1_0\r\na\r\n0\r\n\r\n", "1\na\r\n0\r\n\r\n",
						"1\ra\r\n0\r\n\r\n", "1\r\na\n0\r\n\r\n", "1\r\nab\r\n0\r\n\r\n", "2\r\na\r\n0\r\n\r\n",
						"1\r\na0\r\n\r\n", "1;\n\r\na\r\n0\r\n\r\n", "1;a\rb\r\na\r\n0\r\n\r\n",
						"1;a=\"\r\n\"\r\n0\r\n\r\n", "fffffffffffffffff\r\na\r\n0\r\n\r\n",
						"10000000000000001\r\na\r\n0\r\n\r\n", "1\r\na\r\n0\n\r\n", "1\r\na\r\n0\r\n\n",
						"1\r\na\r\n0\r\n\r", "1\r\na\r\n0\r\n", "1\r\na\r\n0", "1\r\na\r\n", "1\r\na", "1\r\n",
						"1\r\na\r\n0\r\nX : a\r\n\r\n", "1\r\na\r\n0\r\nX\r\n\r\n", "1\r\na\r\n0\r\nX: a\r\n b\r\n\r\n",
						"1\r\na\r\n0\r\nX: a\0\r\n\r\n", "1\r\na\r\n0\r\nX: a\rY: b\r\n\r\n",
						"1\r\na\r\n0\r\nX: a\nY: b\r\n\r\n", "1\r\na\r\n0\r\n X: a\r\n\r\n",
						"1\r\na\r\n0\r\n" + "X: a\r\n".repeat(2000) + "\r\n")
				.map((body) -> Hostile.closing(FramingBed.visible(body), CHUNKED + body));
		}

		/** Enough of them that the head is on its way before the fault is found. */
		@ParameterizedTest
		@MethodSource
		void areCutOffWhereTheyBreakLate(Hostile answer) throws Exception {
			assertNeverWhole(answer);
		}

		static Stream<Hostile> areCutOffWhereTheyBreakLate() {
			String begin = CHUNKED + ("ffff\r\n" + "a".repeat(65535) + "\r\n").repeat(4);
			return Stream
				.of("x\r\n", "1\na\r\n0\r\n\r\n", "1\r\nab\r\n0\r\n\r\n", "0\n\r\n", "0\r\nX : a\r\n\r\n", "0\r\n", "")
				.map((end) -> Hostile.closing(FramingBed.visible(end), begin + end));
		}

		@Test
		void areCutOffWhereALengthIsNotReached() throws Exception {
			assertNeverWhole(Hostile.closing("short", OK + "Content-Length: 5\r\n\r\nabcd"));
			assertNeverWhole(
					Hostile.closing("long and short", OK + "Content-Length: 200001\r\n\r\n" + "a".repeat(200_000)));
			assertNeverWhole(Hostile.closing("nothing", OK + "Content-Length: 5\r\n\r\n"));
		}

	}

	/** RFC 9112, section 9.2: bytes that no request asked for. */
	@Nested
	class BytesAfterTheEnd {

		@ParameterizedTest
		@MethodSource
		void closeTheirConnection(Hostile answer) throws Exception {
			assertThat(assertServedOnce("GET", answer).body()).isEqualTo("good");
		}

		static Stream<Hostile> closeTheirConnection() {
			return Stream
				.of(GOOD, CHUNKED + "4\r\ngood\r\n0\r\n\r\n", CHUNKED + "4\r\ngood\r\n0\r\nX: a\r\n\r\n",
						"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\ngood")
				.flatMap((answer) -> leftovers()
					.map((rest) -> new Hostile(FramingBed.visible(rest) + " after " + FramingBed.visible(answer),
							answer + rest)));
		}

		@ParameterizedTest
		@MethodSource
		void closeTheirConnectionWhereThereIsNoBody(Hostile answer) throws Exception {
			assertThat(assertServedOnce("HEAD", answer).body()).isEmpty();
		}

		static Stream<Hostile> closeTheirConnectionWhereThereIsNoBody() {
			return Stream
				.of(OK + "Content-Length: 4\r\n\r\n", OK + "Transfer-Encoding: chunked\r\n\r\n", OK + "\r\n",
						"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n",
						"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n",
						"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n")
				.flatMap((answer) -> leftovers()
					.map((rest) -> new Hostile(FramingBed.visible(rest) + " after " + FramingBed.visible(answer),
							answer + rest)));
		}

		/** Later than the answer, when its connection lies in the pool. */
		@ParameterizedTest
		@MethodSource("leftovers")
		void closeTheirConnectionWhereTheyComeLate(String rest) throws Exception {
			Hostile answer = new Hostile("late", GOOD);
			try (RawClient client = bed.client()) {
				Served served = ask(client, "GET", answer);
				assertThat(FramingBed.readAnswer(client, "GET").body()).isEqualTo("good");
				served.connection.get().write(rest);
				served.assertClosed();
				assertGood(client);
			}
		}

		static Stream<String> leftovers() {
			return Stream.of(EVIL, "HTT", "\r\n", "\n", "x", "\0", "0\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n");
		}

	}

	/** RFC 9110, sections 15.3.5, 15.4.5 and 9.3.2: whatever the fields say. */
	@Nested
	class AnswerWithoutBody {

		@ParameterizedTest
		@MethodSource
		void hasNoneForTheClientEither(Hostile answer) throws Exception {
			for (String method : List.of("GET", "HEAD", "POST")) {
				try (RawClient client = bed.client()) {
					ask(client, method, answer);
					Response response = FramingBed.readAnswer(client, method);
					assertThat(response.body()).isEmpty();
					assertThat(response.values("transfer-encoding")).isEmpty();
					if (response.status() == 204) {
						// RFC 9110, section 8.6
						assertThat(response.values("content-length")).isEmpty();
					}
					assertGood(client);
				}
			}
		}

		static Stream<Hostile> hasNoneForTheClientEither() {
			return Stream.of("HTTP/1.1 204 No Content\r\n", "HTTP/1.1 304 Not Modified\r\n")
				.flatMap((line) -> Stream
					.of("", "Content-Length: 0\r\n", "Content-Length: 4\r\n", "Transfer-Encoding: chunked\r\n")
					.map((field) -> new Hostile(line + field, line + field + "\r\n")));
		}

		@ParameterizedTest
		@MethodSource
		void isReplacedWhereItsFramingIsFaulty(Hostile answer) throws Exception {
			try (RawClient client = bed.client()) {
				Served served = ask(client, "HEAD", answer);
				assertThat(FramingBed.readAnswer(client, "HEAD").status()).isEqualTo(502);
				served.assertClosed();
				assertGood(client);
			}
		}

		static Stream<Hostile> isReplacedWhereItsFramingIsFaulty() {
			return Stream.of(OK, "HTTP/1.1 204 No Content\r\n", "HTTP/1.1 304 Not Modified\r\n")
				.flatMap((line) -> Stream
					.of("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
							"Content-Length: 4\r\nContent-Length: 5\r\n", "Content-Length: 4\r\nContent-Length: 4\r\n",
							"Content-Length: x\r\n", "Transfer-Encoding: x\r\n", "Transfer-Encoding: gzip, chunked\r\n")
					.map((field) -> new Hostile(line + field, line + field + "\r\n")));
		}

		/** RFC 9110, section 15.3.6: "MUST NOT generate content in a 205". */
		@Test
		void isCompleteWhereItResets() throws Exception {
			for (String rest : List.of("Content-Length: 0\r\n\r\n", "Content-Length: 4\r\n\r\ngood",
					"Transfer-Encoding: chunked\r\n\r\n4\r\ngood\r\n0\r\n\r\n")) {
				try (RawClient client = bed.client()) {
					ask(client, "GET", new Hostile("reset", "HTTP/1.1 205 Reset Content\r\n" + rest));
					assertThat(FramingBed.readAnswer(client, "GET").status()).isEqualTo(205);
					assertGood(client);
				}
			}
		}

	}

	/** RFC 9110, section 15.2. */
	@Nested
	class Interim {

		@Test
		void isPassedOnWithoutFraming() throws Exception {
			Hostile answer = new Hostile("hints", "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\nContent-Length: 4\r\n"
					+ "Connection: X\r\nX: evil\r\nTransfer-Encoding: chunked\r\n\r\n" + GOOD);
			try (RawClient client = bed.client()) {
				ask(client, "GET", answer);
				String head = client.readHead();
				Reading<Response> interim = StrictHttp.readResponse(head, 0, "GET", false);
				assertThat(interim.message()).as(head).isNotNull();
				assertThat(interim.message().status()).isEqualTo(103);
				assertThat(interim.message().fields()).extracting(StrictHttp.Field::name).containsExactly("Link");
				assertThat(FramingBed.readAnswer(client, "GET").body()).isEqualTo("good");
				assertGood(client);
			}
		}

		@Test
		void isPassedOnAFewTimes() throws Exception {
			try (RawClient client = bed.client()) {
				ask(client, "GET", new Hostile("hints", "HTTP/1.1 102 Processing\r\n\r\n".repeat(5) + GOOD));
				for (int i = 0; i < 5; i++) {
					assertThat(client.readHead()).startsWith("HTTP/1.1 102 ");
				}
				assertThat(FramingBed.readAnswer(client, "GET").body()).isEqualTo("good");
			}
		}

		@Test
		void isReplacedWhereThereAreTooMany() throws Exception {
			try (RawClient client = bed.client()) {
				Served served = ask(client, "GET",
						new Hostile("flood", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(1000) + EVIL));
				served.assertClosed();
				int interims = 0;
				String head = client.readHead();
				while (head.startsWith("HTTP/1.1 103 ")) {
					interims++;
					head = client.readHead();
				}
				assertThat(interims).isLessThan(200);
				assertThat(head).startsWith("HTTP/1.1 502 ");
			}
		}

		@Test
		void isNotPassedOnToHttp10() throws Exception {
			try (RawClient client = bed.client()) {
				Served served = target.serve(new Hostile("hints", "HTTP/1.1 103 Early Hints\r\n\r\n" + GOOD), 0);
				client.send("GET " + served.path + " HTTP/1.0\r\n\r\n");
				assertThat(FramingBed.readAnswer(client, "GET").status()).isEqualTo(200);
			}
		}

		@ParameterizedTest
		@MethodSource
		void isReplacedWhereItSwitchesProtocolsUnasked(Hostile answer) throws Exception {
			assertReplaced(answer);
		}

		static Stream<Hostile> isReplacedWhereItSwitchesProtocolsUnasked() {
			String line = "HTTP/1.1 101 Switching Protocols\r\n";
			return Stream.of(new Hostile("to nothing", line + "\r\nevil"),
					new Hostile("to websocket", line + "Connection: upgrade\r\nUpgrade: websocket\r\n\r\nevil"),
					new Hostile("to hixie-76", line + "Connection: upgrade\r\nUpgrade: websocket\r\n"
							+ "Sec-WebSocket-Origin: a\r\nSec-WebSocket-Location: b\r\n\r\n0123456789abcdef" + EVIL),
					new Hostile("to HTTP/1.1", line + "Connection: upgrade\r\nUpgrade: HTTP/1.1\r\n\r\n" + EVIL),
					new Hostile("to HTTP/2", line + "Connection: upgrade\r\nUpgrade: h2c\r\n\r\nevil"),
					new Hostile("after a hint", "HTTP/1.1 100 Continue\r\n\r\n" + line + "\r\nevil"));
		}

	}

	/** RFC 9112, section 9.3: without the rest of the request there is no next one. */
	@Nested
	class AnswerBeforeTheRequestIsComplete {

		@ParameterizedTest
		@MethodSource
		void isTheLastOnItsConnections(String request) throws Exception {
			try (RawClient client = bed.client()) {
				Served served = target.serve(new Hostile("early", GOOD), 0);
				client.send("POST " + served.path + " HTTP/1.1\r\nHost: a\r\n" + request);
				Response response = FramingBed.readAnswer(client, "POST");
				assertThat(response.body()).isEqualTo("good");
				assertThat(response.values("connection")).containsExactly("close");
				served.assertClosed();
				int before = target.server.requests().size();
				sendIfOpen(client, "0\r\n\r\nGET /good HTTP/1.1\r\nHost: a\r\n\r\n");
				assertThat(client.isEnded()).isTrue();
				assertThat(target.server.requests()).hasSize(before);
			}
		}

		static Stream<String> isTheLastOnItsConnections() {
			return Stream.of("Content-Length: 100\r\n\r\n", "Content-Length: 100\r\n\r\nabc",
					"Transfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n3\r\nab",
					"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
					"Expect: 100-continue\r\nContent-Length: 100\r\n\r\n");
		}

		private static void sendIfOpen(RawClient client, String bytes) {
			try {
				client.send(bytes);
			}
			catch (IOException ex) {
				// Closed already.
			}
		}

	}

	/** RFC 9112, section 6.3, rule 8. */
	@Nested
	class AnswerThatEndsWithItsConnection {

		@ParameterizedTest
		@MethodSource
		void isPassedOnInChunks(Hostile answer) throws Exception {
			try (RawClient client = bed.client()) {
				ask(client, "GET", answer);
				Response response = FramingBed.readAnswer(client, "GET");
				assertThat(response.body()).startsWith("good");
				assertThat(response.values("content-length")).isEmpty();
				assertGood(client);
			}
		}

		static Stream<Hostile> isPassedOnInChunks() {
			return Stream.of(Hostile.closing("HTTP/1.1", OK + "\r\ngood"),
					Hostile.closing("HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\ngood"),
					Hostile.closing("said to be kept alive", OK + "Connection: keep-alive\r\n\r\ngood"),
					Hostile.closing("looks like two", OK + "\r\ngood" + EVIL));
		}

	}

	/** Answers each path with what was laid down for it, and knows what became of it. */
	private static final class HostileTarget {

		private final FakeTarget server = FakeTarget.running(this::run);

		private final Map<String, Served> served = new ConcurrentHashMap<>();

		private final AtomicInteger count = new AtomicInteger();

		HostileTarget() throws IOException {
		}

		Served serve(Hostile answer, int bodyLength) {
			Served served = new Served(answer, "/" + this.count.incrementAndGet(), bodyLength);
			this.served.put(served.path, served);
			return served;
		}

		/** Where the answer was in order, the connection serves whatever comes next. */
		private void run(FakeTarget.Connection connection) throws IOException {
			List<Served> here = new ArrayList<>();
			try {
				for (FakeTarget.Request head = connection.readHead(); head != null; head = connection.readHead()) {
					Served served = this.served.get(head.line().split(" ")[1]);
					if (served == null) {
						connection.write(GOOD);
					}
					else {
						here.add(served);
						connection.in().skipNBytes(served.bodyLength);
						served.connection.complete(connection);
						served.answer.writeTo(connection);
					}
				}
			}
			finally {
				here.forEach((served) -> served.closed.complete(null));
			}
		}

	}

	/** An answer laid down for a path, and what became of it. */
	private static final class Served {

		private final Hostile answer;

		private final String path;

		/** How much of the request to read before answering it. */
		private final int bodyLength;

		private final CompletableFuture<FakeTarget.Connection> connection = new CompletableFuture<>();

		private final CompletableFuture<Void> closed = new CompletableFuture<>();

		Served(Hostile answer, String path, int bodyLength) {
			this.answer = answer;
			this.path = path;
			this.bodyLength = bodyLength;
		}

		void assertClosed() {
			assertThat(this.closed).as("connection to the target").succeedsWithin(PATIENCE);
		}

	}

	/**
	 * What a target answers.
	 *
	 * @param name what is wrong with it
	 * @param bytes how it begins
	 * @param repeated what follows for ever, or nothing
	 * @param closes whether the target ends the connection
	 */
	private record Hostile(String name, String bytes, String repeated, boolean closes) {

		Hostile(String name, String bytes) {
			this(name, bytes, "", false);
		}

		static Hostile endless(String name, String bytes, String repeated) {
			return new Hostile(name, bytes, repeated, false);
		}

		static Hostile closing(String name, String bytes) {
			return new Hostile(name, bytes, "", true);
		}

		void writeTo(FakeTarget.Connection connection) throws IOException {
			connection.write(this.bytes);
			while (!this.repeated.isEmpty()) {
				connection.write(this.repeated.repeat(Math.max(1, 8192 / this.repeated.length())));
			}
			if (this.closes) {
				connection.endOutput();
			}
		}

		@Override
		public String toString() {
			return FramingBed.visible(this.name);
		}

	}

}

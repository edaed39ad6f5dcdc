package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.bootcluster.dispatch.FramingBed.Malformed;
import io.github.bootcluster.dispatch.FramingBed.Peculiar;
import io.github.bootcluster.dispatch.StrictHttp.Request;
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
 * Requests that follow each other, that end too early, or that arrive in pieces.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2">RFC 9112, section
 * 9.3.2</a>
 */
class DispatcherRequestSequenceTests {

	private static final String HOST = "Host: a\r\n";

	private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

	private static FramingBed bed;

	@BeforeAll
	static void start() throws Exception {
		bed = FramingBed.start();
	}

	@AfterAll
	static void stop() throws Exception {
		bed.close();
	}

	/** Sound requests of every framing. */
	static List<Peculiar> sound() {
		return List.of(new Peculiar("GET", "GET /sound HTTP/1.1\r\nHost: a\r\nX: b\r\n\r\n", ""),
				new Peculiar("HEAD", "HEAD /sound HTTP/1.1\r\nHost: a\r\n\r\n", ""),
				new Peculiar("length", "POST /sound HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n\r\nabc",
						"\r\nabc"),
				new Peculiar("length zero", "POST /sound HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", ""),
				new Peculiar("chunks",
						"PUT /sound HTTP/1.1\r\nHost: a\r\n" + CHUNKED
								+ "\r\n3;a=\"b\"\r\nabc\r\n2\r\n\r\n\r\n0\r\n\r\n",
						"abc\r\n"),
				new Peculiar("chunks and trailers",
						"POST /sound HTTP/1.1\r\nHost: a\r\nTrailer: X, Y\r\n" + CHUNKED
								+ "\r\n1\r\na\r\n00;b\r\nX: c\r\nY: d\r\n\r\n",
						"a"),
				new Peculiar("absolute form", "GET http://a/sound HTTP/1.1\r\nHost: a\r\n\r\n", ""));
	}

	/** A sound request is followed by one that is not: only the first gets through. */
	@Nested
	class PoisonedSecondRequest {

		@ParameterizedTest
		@MethodSource
		void isRefusedAfterTheFirstWasAnswered(Malformed second) throws Exception {
			for (Peculiar first : sound()) {
				List<Response> answers = bed.exchange(first.bytes() + second.bytes() + smuggled(), method(first),
						method(second));
				assertThat(answers).as(first.name()).extracting(Response::status).containsExactly(200, second.status());
				Seen seen = bed.target().takeSeen();
				assertThat(seen).as(first.name()).matches(Seen::hasNoPart, "only whole requests");
				assertThat(seen.requests()).as(first.name()).extracting(Request::body).containsExactly(first.body());
			}
		}

		static Stream<Malformed> isRefusedAfterTheFirstWasAnswered() {
			String post = "POST /refused HTTP/1.1\r\n" + HOST;
			return Stream.of(Malformed.of("both framings", post + "Content-Length: 5\r\n" + CHUNKED + "\r\n0\r\n\r\n"),
					Malformed.of("two lengths", post + "Content-Length: 3\r\nContent-Length: 0\r\n\r\nabc"),
					Malformed.of("list of lengths", post + "Content-Length: 3, 0\r\n\r\nabc"),
					Malformed.of("unknown coding", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
					Malformed.of("blank before a colon", post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
					Malformed.of("coding on HTTP/1.0", "POST /refused HTTP/1.0\r\n" + CHUNKED + "\r\n0\r\n\r\n"),
					Malformed.of("folded field", "GET /refused HTTP/1.1\r\n" + HOST + "X: a\r\n b\r\n\r\n"),
					Malformed.of("bare LF", "GET /refused HTTP/1.1\n" + HOST + "\r\n"),
					Malformed.of("bare LF first", "\nGET /refused HTTP/1.1\r\n" + HOST + "\r\n"),
					Malformed.of("bare CR first", "\rGET /refused HTTP/1.1\r\n" + HOST + "\r\n"),
					Malformed.of("bare CR", "GET /refused HTTP/1.1\r\nX: a\rb\r\n" + HOST + "\r\n"),
					Malformed.of("NUL", "GET /refused HTTP/1.1\r\nX: a\0\r\n" + HOST + "\r\n"),
					Malformed.of("NUL first", "\0GET /refused HTTP/1.1\r\n" + HOST + "\r\n"),
					Malformed.of("blank first", " GET /refused HTTP/1.1\r\n" + HOST + "\r\n"),
					Malformed.of("no host", "GET /refused HTTP/1.1\r\n\r\n"),
					Malformed.of("two hosts", "GET /refused HTTP/1.1\r\n" + HOST + "Host: b\r\n\r\n"),
					Malformed.of("other authority", "GET http://b/refused HTTP/1.1\r\n" + HOST + "\r\n"),
					Malformed.of("no version", "GET /refused\r\n" + HOST + "\r\n"),
					Malformed.of("left over of a body", "x=1&y=2\r\n\r\n"),
					Malformed.of("left over of a body before a request", "x=1GET /refused HTTP/1.1\r\n\r\n"),
					Malformed.of("left over of chunks", "0\r\n\r\n"),
					new Malformed("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
					new Malformed("tunnel", "CONNECT a:80 HTTP/1.1\r\n" + HOST + "\r\n", 501),
					new Malformed("expectation", post + "Expect: x\r\nContent-Length: 3\r\n\r\nabc", 417),
					new Malformed("long line", "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n", 414),
					new Malformed("large head", "GET / HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(17_000) + "\r\n\r\n",
							431));
		}

		/** Of its head the target may see something, of its end nothing. */
		@ParameterizedTest
		@MethodSource
		void isRefusedOnTheWayAfterTheFirstWasAnswered(Malformed second) throws Exception {
			for (Peculiar first : sound()) {
				List<Response> answers = bed.exchange(first.bytes() + second.bytes() + smuggled(), method(first));
				assertThat(answers).as(first.name()).extracting(Response::status).containsExactly(200, second.status());
				Seen seen = bed.target().takeSeen();
				assertThat(seen.faults()).as(first.name()).isEmpty();
				assertThat(seen.requests()).as(first.name()).extracting(Request::body).containsExactly(first.body());
			}
		}

		static Stream<Malformed> isRefusedOnTheWayAfterTheFirstWasAnswered() {
			String post = "POST /refused HTTP/1.1\r\n" + HOST + CHUNKED + "\r\n";
			return Stream.of(Malformed.of("bad size", post + "x\r\na\r\n0\r\n\r\n"),
					Malformed.of("LF after a size", post + "1\na\r\n0\r\n\r\n"),
					Malformed.of("LF in an extension", post + "1;\na\r\na\r\n0\r\n\r\n"),
					Malformed.of("LF after data", post + "1\r\na\n0\r\n\r\n"),
					Malformed.of("more data", post + "1\r\nab\r\n0\r\n\r\n"),
					Malformed.of("bad trailer", post + "0\r\nX : a\r\n\r\n"));
		}

		/** The first to be refused is the last to be answered. */
		@Test
		void letsNothingAfterItThrough() throws Exception {
			String good = "GET /sound HTTP/1.1\r\n" + HOST + "\r\n";
			String bad = "GET /refused HTTP/1.1\r\n" + HOST + "X : a\r\n\r\n";
			List<Response> answers = bed.exchange(good.repeat(3) + bad + good.repeat(3));
			assertThat(answers).extracting(Response::status).containsExactly(200, 200, 200, 400);
			assertThat(bed.target().takeSeen().requests()).hasSize(3);
		}

		/** A client that says it will close must not be answered any more. */
		@Test
		void isNotReadAfterTheConnectionWasToBeClosed() throws Exception {
			for (String close : List.of(" HTTP/1.1\r\nConnection: close\r\n", " HTTP/1.1\r\nConnection: x, Close\r\n",
					" HTTP/1.0\r\n", " HTTP/1.0\r\nConnection: x\r\n")) {
				List<Response> answers = bed.exchange("GET /sound" + close + HOST + "\r\n" + smuggled());
				assertThat(answers).as(close).extracting(Response::status).containsExactly(200);
				assertThat(bed.target().takeSeen().requests()).as(close).hasSize(1);
			}
		}

	}

	@Nested
	class Pipelined {

		@Test
		void requestsAreServedInTheirOrder() throws Exception {
			StringBuilder bytes = new StringBuilder();
			List<String> targets = new ArrayList<>();
			for (int i = 0; i < 50; i++) {
				targets.add("/" + i);
				bytes.append(switch (i % 4) {
					case 0 -> "GET /" + i + " HTTP/1.1\r\n" + HOST + "\r\n";
					case 1 -> "POST /" + i + " HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc";
					case 2 -> "\r\nPUT /" + i + " HTTP/1.1\r\n" + HOST + CHUNKED + "\r\n3\r\nabc\r\n0\r\n\r\n";
					default -> "GET http://a/" + i + " HTTP/1.1\r\n" + HOST + "\r\n";
				});
			}
			String last = "GET /last HTTP/1.1\r\nConnection: close\r\n" + HOST + "\r\n";
			List<Response> answers = bed.exchange(bytes + last);
			List<String> asked = new ArrayList<>(targets);
			asked.add("/last");
			assertThat(answers).extracting((answer) -> answer.body().replaceFirst("\\w+ ", "")).isEqualTo(asked);
			assertThat(bed.target().takeSeen().requests()).extracting(Request::target).isEqualTo(asked);
		}

	}

	/** What was not sent to its end has not been asked. */
	@Nested
	class CutOff {

		@ParameterizedTest
		@MethodSource("io.github.bootcluster.dispatch.DispatcherRequestSequenceTests#sound")
		void isNeverSeenAsAWholeRequestWhereTheClientEndsItsStream(Peculiar request) throws Exception {
			for (int length = 1; length < request.bytes().length(); length++) {
				String received;
				try (RawClient client = bed.client()) {
					client.send(request.bytes().substring(0, length));
					client.endOutput();
					received = client.readToEnd();
				}
				assertThat(received).as("answer to %d bytes", length).doesNotContain("200 OK");
				assertThat(bed.target().takeSeen().requests()).as("requests after %d bytes", length).isEmpty();
			}
			bed.assertNothingWholeWasSeen();
		}

		@ParameterizedTest
		@MethodSource("io.github.bootcluster.dispatch.DispatcherRequestSequenceTests#sound")
		void isNeverSeenAsAWholeRequestWhereTheClientIsGone(Peculiar request) throws Exception {
			for (int length = 1; length < request.bytes().length(); length++) {
				try (RawClient client = bed.client()) {
					client.send(request.bytes().substring(0, length));
					if (length % 2 == 0) {
						client.reset();
					}
				}
			}
			bed.assertNothingWholeWasSeen();
		}

		/** Whatever the pool keeps, it is not a connection with half a request on it. */
		@ParameterizedTest
		@MethodSource("io.github.bootcluster.dispatch.DispatcherRequestSequenceTests#sound")
		void isNotContinuedByTheRequestOfAnotherClient(Peculiar request) throws Exception {
			for (int length = 1; length < request.bytes().length(); length += 7) {
				try (RawClient client = bed.client()) {
					client.send(request.bytes().substring(0, length));
				}
				assertThat(bed.servesAmongOthers("GET /other HTTP/1.1\r\nHost: a\r\n\r\n").target())
					.isEqualTo("/other");
			}
			bed.assertNothingWholeWasSeen();
		}

	}

	/** The client has said all it has to say, and waits for what it asked. */
	@Nested
	class EndOfStream {

		@Test
		void endsARequestThatWasBegunBehindAnother() throws Exception {
			CountDownLatch go = new CountDownLatch(1);
			CompletableFuture<Void> abandoned = new CompletableFuture<>();
			FakeTarget target = FakeTarget.running((connection) -> {
				connection.readRequest();
				go.await();
				connection.answer("ok");
				connection.readHead();
				connection.awaitEnd();
				abandoned.complete(null);
			});
			try (TestBed bed = TestBed.start((settings) -> {
				settings.headTimeout = Duration.ofMinutes(1);
				return settings;
			}, target)) {
				RawClient client = bed.client();
				client.get("/whole").send("POST /begun HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab").endOutput();
				// The dispatcher has noticed.
				assertThat(client.read().status()).isEqualTo(100);
				go.countDown();
				assertThat(client.readFinal().body()).isEqualTo("ok");
				assertThat(client.isEnded()).isTrue();
				assertThat(abandoned).succeedsWithin(Duration.ofSeconds(15));
			}
		}

	}

	/** However the bytes arrive, they are the same request. */
	@Nested
	class InPieces {

		@ParameterizedTest
		@MethodSource("io.github.bootcluster.dispatch.DispatcherRequestSequenceTests#sound")
		void isServedByteByByte(Peculiar request) throws Exception {
			Request atOnce = bed.serves(request.bytes());
			assertSame(atOnce, pieces(request.bytes(), allPositions(request)));
		}

		@ParameterizedTest
		@MethodSource("io.github.bootcluster.dispatch.DispatcherRequestSequenceTests#sound")
		void isServedInTwoPiecesSplitAnywhere(Peculiar request) throws Exception {
			Request atOnce = bed.serves(request.bytes());
			for (int position : allPositions(request)) {
				assertSame(atOnce, pieces(request.bytes(), List.of(position)));
			}
		}

		private static List<Integer> allPositions(Peculiar request) {
			return IntStream.range(1, request.bytes().length()).boxed().toList();
		}

		/** The request is whole with its last byte, and not before. */
		private static Request pieces(String bytes, List<Integer> positions) throws IOException {
			try (RawClient client = bed.client()) {
				int from = 0;
				for (int position : positions) {
					client.send(bytes.substring(from, position));
					from = position;
				}
				assertThat(bed.target().takeSeen().requests()).as("before the last byte").isEmpty();
				client.send(bytes.substring(from));
				assertThat(FramingBed.readAnswer(client, bytes.substring(0, bytes.indexOf(' '))).status())
					.isEqualTo(200);
			}
			Seen seen = bed.target().takeSeen();
			assertThat(seen).matches(Seen::hasNoPart, "only whole requests");
			assertThat(seen.requests()).hasSize(1);
			return seen.requests().get(0);
		}

		private static void assertSame(Request expected, Request found) {
			assertThat(found.method()).isEqualTo(expected.method());
			assertThat(found.target()).isEqualTo(expected.target());
			assertThat(found.body()).isEqualTo(expected.body());
			assertThat(found.trailers()).isEqualTo(expected.trailers());
			assertThat(found.names()).isEqualTo(expected.names());
		}

	}

	private static String smuggled() {
		return "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n";
	}

	private static String method(Peculiar request) {
		return request.bytes().substring(0, request.bytes().indexOf(' '));
	}

	private static String method(Malformed request) {
		return request.bytes().startsWith("HEAD ") ? "HEAD" : "GET";
	}

}

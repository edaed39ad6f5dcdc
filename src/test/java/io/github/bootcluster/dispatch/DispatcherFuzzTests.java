package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.bootcluster.dispatch.StrictHttp.Reading;
import io.github.bootcluster.dispatch.StrictHttp.Request;
import io.github.bootcluster.dispatch.StrictHttp.Response;
import io.github.bootcluster.dispatch.StrictTarget.Seen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random requests and answers, by grammar and damaged: what comes of them is judged by
 * {@link Verdict}. For a long run, raise the number of cases and vary the seed:
 * {@code -Ddispatch.fuzz.cases=2000000 -Ddispatch.fuzz.seed=1}. What fails is printed
 * with its seed, and as short as it can be made.
 */
class DispatcherFuzzTests {

	private static final long SEED = Long.getLong("dispatch.fuzz.seed", 20261122L);

	private static final int CASES = Integer.getInteger("dispatch.fuzz.cases", 20_000);

	private static final int SOCKET_CASES = Integer.getInteger("dispatch.fuzz.socket-cases", 1_000);

	private final EmbeddedFront front = new EmbeddedFront();

	/** At least one in so many requests must get through, or the run shows nothing. */
	private static final int RARELY = 8;

	@Test
	void requestsThatGetThroughAreTheOnesThatWereSent() {
		long served = 0;
		for (long seed = SEED; seed < SEED + CASES; seed++) {
			RequestGenerator generator = new RequestGenerator(seed);
			String bytes = generator.next();
			EmbeddedFront.Passage passage = this.front.requests(generator.pieces(bytes));
			served += passage.sent().size();
			check(seed, bytes, Verdict.of(bytes, passage), (other) -> judge(List.of(other)));
		}
		assertThat(served).isGreaterThan(CASES / RARELY);
	}

	@Test
	void requestsAreTheSameHoweverTheyAreSplit() {
		for (long seed = SEED; seed < SEED + CASES / 10; seed++) {
			RequestGenerator generator = new RequestGenerator(seed);
			String bytes = generator.next();
			EmbeddedFront.Passage atOnce = this.front.requests(List.of(bytes));
			List<String> each = bytes.chars().mapToObj((c) -> String.valueOf((char) c)).toList();
			for (List<String> pieces : List.of(each, generator.pieces(bytes))) {
				EmbeddedFront.Passage inPieces = this.front.requests(pieces);
				assertThat(inPieces.refusal()).as("refusal, seed %d", seed).isEqualTo(atOnce.refusal());
				assertThat(bodies(inPieces)).as("requests, seed %d", seed).isEqualTo(bodies(atOnce));
			}
		}
	}

	@Test
	void answersThatAreWholeAreTheOnesThatWereSent() {
		long served = 0;
		for (long seed = SEED; seed < SEED + CASES; seed++) {
			RequestGenerator generator = new RequestGenerator(seed);
			String method = (seed % 8 == 0) ? "HEAD" : "GET";
			String bytes = generator.nextAnswer();
			Response answer = this.front.answer(generator.pieces(bytes), method);
			served += (answer != null) ? 1 : 0;
			check(seed, bytes, Verdict.of(bytes, method, answer),
					(other) -> Verdict.of(other, method, this.front.answer(List.of(other), method)));
		}
		assertThat(served).isGreaterThan(CASES / RARELY);
	}

	@Test
	void targetSeesOnlyRequestsThatWereSent() throws Exception {
		long served = 0;
		try (FramingBed bed = FramingBed.start((settings) -> {
			settings.maxRequestSize = EmbeddedFront.MAX_BODY;
			return settings;
		})) {
			for (long seed = SEED; seed < SEED + SOCKET_CASES; seed++) {
				String bytes = new RequestGenerator(seed).next();
				Seen seen = converse(bed, bytes);
				served += seen.requests().size();
				assertThat(seen.faults()).as("sent to the target, seed %d", seed).isEmpty();
				check(seed, bytes, Verdict.of(bytes, seen.requests()), (other) -> judge(bed, other));
			}
		}
		assertThat(served).isGreaterThan(SOCKET_CASES / RARELY);
	}

	/** What broken dispatchers, and broken judges, were caught with. */
	@ParameterizedTest
	@MethodSource
	void inputThatWasInterestingStaysHarmless(String bytes) throws Exception {
		assertThat(judge(List.of(bytes))).isEmpty();
		assertThat(judge(bytes.chars().mapToObj((c) -> String.valueOf((char) c)).toList())).isEmpty();
		try (FramingBed bed = FramingBed.start()) {
			assertThat(judge(bed, bytes)).isEmpty();
		}
	}

	static Stream<String> inputThatWasInterestingStaysHarmless() {
		return Stream.of("GET /# HTTP/1.1\r\nHost: a\r\nX", "HEAD /a HTTHTTP/1.11\r\nHost: a\r\n\r\n",
				"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n\r",
				"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n\u0085\r");
	}

	private List<String> judge(List<String> pieces) {
		return Verdict.of(String.join("", pieces), this.front.requests(pieces));
	}

	private static List<String> judge(FramingBed bed, String bytes) {
		try {
			return Verdict.of(bytes, converse(bed, bytes).requests());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Send all, end, and read all: each request that was seen has its answer. */
	private static Seen converse(FramingBed bed, String bytes) throws IOException {
		String received;
		try (RawClient client = bed.client()) {
			FramingBed.sendAsFarAsTaken(client, bytes);
			client.endOutput();
			received = client.readToEnd();
		}
		catch (IOException ex) {
			throw new IOException("In answer to " + literal(bytes), ex);
		}
		StrictHttp.Requests sent = StrictHttp.readRequests(bytes);
		int position = 0;
		int answered = 0;
		while (position < received.length()) {
			String method = (answered < sent.whole().size()) ? sent.whole().get(answered).method()
					: methodAt(sent.end(), bytes);
			Reading<Response> reading = StrictHttp.readResponse(received, position, method, true);
			assertThat(reading.message()).as("answers to %s: %s", literal(bytes), received).isNotNull();
			position = reading.end();
			answered += (reading.message().status() < 200) ? 0 : 1;
		}
		Seen seen = bed.target().takeSeen();
		assertThat(answered).as("answers to %s", literal(bytes)).isGreaterThanOrEqualTo(seen.requests().size());
		return seen;
	}

	/**
	 * The answer to a HEAD has no body, also where the rest of its head makes no sense.
	 */
	private static String methodAt(int position, String bytes) {
		return bytes.substring(position).stripLeading().startsWith("HEAD ") ? "HEAD" : "GET";
	}

	private static List<String> bodies(EmbeddedFront.Passage passage) {
		return passage.sent()
			.stream()
			.map((sent) -> StrictHttp.readRequest(sent, 0).message())
			.map(Request::body)
			.toList();
	}

	/**
	 * Fail if there are objections.
	 * @param judge what would be objected to other bytes
	 */
	private static void check(long seed, String bytes, List<String> objections, Function<String, List<String>> judge) {
		if (!objections.isEmpty()) {
			throw new AssertionError("Seed " + seed + ": " + String.join("; ", objections) + "\nshortest: "
					+ literal(shorten(bytes, judge)) + "\nall: " + literal(bytes));
		}
	}

	/** Leave out what the objections do not depend on. */
	private static String shorten(String bytes, Function<String, List<String>> judge) {
		String shortest = bytes;
		for (int length = bytes.length() / 2; length > 0; length /= 2) {
			for (int from = 0; from + length <= shortest.length();) {
				String shorter = shortest.substring(0, from) + shortest.substring(from + length);
				if (judge.apply(shorter).isEmpty()) {
					from += length;
				}
				else {
					shortest = shorter;
				}
			}
		}
		return shortest;
	}

	private static String literal(String bytes) {
		StringBuilder literal = new StringBuilder("\"");
		for (char c : bytes.toCharArray()) {
			switch (c) {
				case '\r' -> literal.append("\\r");
				case '\n' -> literal.append("\\n");
				case '\t' -> literal.append("\\t");
				case '"', '\\' -> literal.append('\\').append(c);
				default ->
					literal.append((c >= ' ' && c < 0x7F) ? String.valueOf(c) : String.format("\\u%04x", (int) c));
			}
		}
		return literal.append('"').toString();
	}

}

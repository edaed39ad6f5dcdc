package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import io.github.bootcluster.WorkerState;
import io.github.bootcluster.dispatch.StrictHttp.Request;
import io.github.bootcluster.dispatch.StrictHttp.Response;
import io.github.bootcluster.dispatch.StrictTarget.Seen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A dispatcher between a client that sends any bytes and a target that forgives none.
 * Whatever the one is answered, the other must have seen only what was in order.
 */
final class FramingBed implements AutoCloseable {

	/** Follows every request that must be refused, and must not be answered. */
	private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

	private final StrictTarget target;

	private final TestBed bed;

	private FramingBed(UnaryOperator<TestBed.Settings> customizer) throws IOException {
		this.target = StrictTarget.start();
		this.bed = TestBed.start(customizer);
		this.bed.update(TestBed.worker(1, this.target.port(), WorkerState.READY));
	}

	static FramingBed start() throws IOException {
		return start((settings) -> settings);
	}

	static FramingBed start(UnaryOperator<TestBed.Settings> customizer) throws IOException {
		return new FramingBed(customizer);
	}

	RawClient client() throws IOException {
		return new RawClient(this.bed.dispatcher().port());
	}

	StrictTarget target() {
		return this.target;
	}

	/** The client is refused and its connection closed; the target sees nothing. */
	void refuses(Malformed request) throws IOException {
		Seen seen = refuse(request);
		assertThat(seen).matches(Seen::isNothing, "nothing");
	}

	/**
	 * The client is refused and its connection closed; the target, which may have been
	 * sent the sound part, never sees a whole request.
	 */
	void refusesOnTheWay(Malformed request) throws IOException {
		Seen seen = refuse(request);
		assertThat(seen.requests()).isEmpty();
		assertThat(seen.faults()).isEmpty();
	}

	/** The client is answered; the target sees exactly one request, which is returned. */
	Request serves(String bytes) throws IOException {
		Seen seen = serve(bytes);
		assertThat(seen).matches(Seen::hasNoPart, "only whole requests");
		return only(seen);
	}

	/** The same, while parts of others may still be given up. */
	Request servesAmongOthers(String bytes) throws IOException {
		return only(serve(bytes));
	}

	/**
	 * Wait until every client's connection and every part of a request is gone: the
	 * target has seen nothing else.
	 */
	void assertNothingWholeWasSeen() throws IOException {
		// One for each event loop: what came before them has been looked at.
		for (int i = 0; i < 2; i++) {
			Seen seen = serve("GET /probe HTTP/1.1\r\nHost: a\r\n\r\n");
			assertThat(seen.requests()).extracting(Request::target).containsExactly("/probe");
			assertThat(seen.faults()).isEmpty();
		}
		await().until(() -> this.bed.dispatcher().snapshot().connections() == 0 && this.target.isBetweenRequests());
		Seen seen = this.target.takeSeen();
		assertThat(seen.requests()).isEmpty();
		assertThat(seen.faults()).isEmpty();
	}

	private Seen serve(String bytes) throws IOException {
		try (RawClient client = client()) {
			client.send(bytes);
			Response response = readAnswer(client, bytes.substring(0, bytes.indexOf(' ')).strip());
			assertThat(response.status()).isEqualTo(200);
		}
		return this.target.takeSeen();
	}

	private static Request only(Seen seen) {
		assertThat(seen.faults()).isEmpty();
		assertThat(seen.requests()).hasSize(1);
		Request request = seen.requests().get(0);
		assertThat(request.version()).isEqualTo("HTTP/1.1");
		assertThat(request.values("host")).hasSize(1);
		return request;
	}

	/** Send some bytes and read all that comes back until the connection ends. */
	List<Response> exchange(String bytes, String... methods) throws IOException {
		String received;
		try (RawClient client = client()) {
			sendAsFarAsTaken(client, bytes);
			received = client.readToEnd();
		}
		List<Response> responses = new ArrayList<>();
		int position = 0;
		while (position < received.length()) {
			String method = (responses.size() < methods.length) ? methods[responses.size()] : "GET";
			StrictHttp.Reading<Response> reading = StrictHttp.readResponse(received, position, method, true);
			assertThat(reading.message()).as("answers: %s (%s)", received, reading.fault()).isNotNull();
			responses.add(reading.message());
			position = reading.end();
		}
		return responses;
	}

	/** Read one answer, past interim ones; not a byte may have arrived with it. */
	static Response readAnswer(RawClient client, String method) throws IOException {
		StringBuilder received = new StringBuilder();
		byte[] buffer = new byte[4096];
		int position = 0;
		int count = 0;
		while (count >= 0) {
			StrictHttp.Reading<Response> reading = StrictHttp.readResponse(received.toString(), position, method,
					false);
			while (reading.message() != null && reading.message().status() < 200) {
				position = reading.end();
				reading = StrictHttp.readResponse(received.toString(), position, method, false);
			}
			assertThat(reading.fault()).as("answer: %s", received).isNull();
			if (reading.message() != null) {
				assertThat(reading.end()).as("length of the answer").isEqualTo(received.length());
				return reading.message();
			}
			count = client.in().read(buffer);
			received.append(new String(buffer, 0, Math.max(0, count), StandardCharsets.ISO_8859_1));
		}
		throw new AssertionError("No answer but: " + received);
	}

	/** Nothing that was given up may have arrived at last. */
	@Override
	public void close() throws Exception {
		this.bed.close();
		Seen seen = this.target.takeSeen();
		this.target.close();
		assertThat(seen.requests()).isEmpty();
		assertThat(seen.faults()).isEmpty();
		assertThat(seen.pending()).isEmpty();
	}

	/** A text as it can stand in a report. */
	static String visible(String text) {
		StringBuilder visible = new StringBuilder();
		text.chars().limit(80).forEach((c) -> {
			if (c >= ' ' && c < 0x7F) {
				visible.append((char) c);
			}
			else {
				visible.append(String.format("<%02x>", c));
			}
		});
		return visible.toString();
	}

	private Seen refuse(Malformed request) throws IOException {
		List<Response> responses;
		Seen seen;
		try {
			responses = exchange(request.bytes() + SMUGGLED, request.bytes().startsWith("HEAD ") ? "HEAD" : "GET");
		}
		finally {
			seen = this.target.takeSeen();
		}
		assertThat(responses).as("answers").hasSize(1);
		Response response = responses.get(0);
		assertThat(response.status()).isEqualTo(request.status());
		assertThat(response.values("connection")).containsExactly("close");
		assertThat(response.values("content-type")).containsExactly("text/plain;charset=utf-8");
		return seen;
	}

	/** The dispatcher may have stopped reading long before the end. */
	static void sendAsFarAsTaken(RawClient client, String bytes) {
		try {
			client.send(bytes);
		}
		catch (IOException ex) {
			// What it answered before it closed is still to be read.
		}
	}

	/**
	 * Bytes that are no request.
	 *
	 * @param name what is wrong
	 * @param bytes what to send, a char for a byte
	 * @param status what to expect
	 */
	record Malformed(String name, String bytes, int status) {

		static Malformed of(String name, String bytes) {
			return new Malformed(name, bytes, 400);
		}

		@Override
		public String toString() {
			return this.name + " (" + this.status + ")";
		}

	}

	/**
	 * Bytes that are a request, if a peculiar one.
	 *
	 * @param name what is peculiar
	 * @param bytes what to send, a char for a byte
	 * @param body what the target must receive as body
	 */
	record Peculiar(String name, String bytes, String body) {

		static Peculiar of(String name, String bytes) {
			return new Peculiar(name, bytes, "");
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}

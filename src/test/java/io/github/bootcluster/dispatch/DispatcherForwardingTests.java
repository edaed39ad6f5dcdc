package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.github.bootcluster.dispatch.FakeTarget.Request;
import io.github.bootcluster.dispatch.RawClient.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.awaitility.Awaitility.await;

/** What the {@link Dispatcher} passes on, and how, seen from both sides. */
class DispatcherForwardingTests {

	private static final int BIG = 64 * 1024 * 1024;

	/** Far less than a body, far more than the buffers on its way. */
	private static final long MEMORY = 24 * 1024 * 1024;

	@Test
	void requestsAlternateWhenOneConnectionIsKeptAlive() throws Exception {
		try (TestBed bed = TestBed.start(FakeTarget.saying("one"), FakeTarget.saying("two"))) {
			RawClient client = bed.client();
			String first = client.get("/").read().body();
			String second = client.get("/").read().body();
			assertThat(List.of(first, second)).containsExactlyInAnyOrder("one", "two");
			assertThat(client.get("/").read().body()).isEqualTo(first);
			assertThat(client.get("/").read().body()).isEqualTo(second);
		}
	}

	@Test
	void answersComeInOrderWhenRequestsArePipelined() throws Exception {
		FakeTarget echo = FakeTarget.running((connection) -> {
			for (Request request = connection.readRequest(); request != null; request = connection.readRequest()) {
				connection.answer(request.line() + request.body());
			}
		});
		try (TestBed bed = TestBed.start(echo)) {
			StringBuilder all = new StringBuilder();
			for (int i = 0; i < 200; i++) {
				all.append((i % 2 == 0) ? "GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n"
						: "POST /" + i + " HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
			}
			RawClient client = bed.client().send(all.toString());
			for (int i = 0; i < 200; i++) {
				assertThat(client.read().body())
					.isEqualTo((i % 2 == 0) ? "GET /" + i + " HTTP/1.1" : "POST /" + i + " HTTP/1.1body");
			}
		}
	}

	@Test
	void headGoesOnCleanedAndCompletedWhenForwarded() throws Exception {
		FakeTarget target = FakeTarget.saying("ok");
		try (TestBed bed = TestBed.start(target)) {
			bed.client()
				.send("GET /a%2Fb/../\u00c3\u00a9?q=%zz HTTP/1.1\r\nHost: Shop.Example:80\r\nConnection: x-gone\r\n"
						+ "X-Gone: 1\r\nKeep-Alive: 5\r\nTE: trailers\r\nUpgrade: h2c\r\nX-Forwarded-For: 6.6.6.6\r\n"
						+ "traceparent: 00-abc\r\nX-Latin: \u00e9\r\n\r\n")
				.read();
			Request seen = target.onlyRequest();
			assertThat(seen.line()).isEqualTo("GET /a%2Fb/../\u00c3\u00a9?q=%zz HTTP/1.1");
			assertThat(seen.header("Host")).isEqualTo("Shop.Example:80");
			assertThat(seen.header("X-Forwarded-For")).isEqualTo("127.0.0.1");
			assertThat(seen.header("traceparent")).isEqualTo("00-abc");
			assertThat(seen.header("X-Latin")).isEqualTo("\u00e9");
			assertThat(seen.header("X-Request-Id")).hasSize(32);
			for (String gone : List.of("Connection", "X-Gone", "Keep-Alive", "TE", "Upgrade")) {
				assertThat(seen.header(gone)).isNull();
			}
		}
	}

	@Test
	void clientsAreNamedInBracketsWhenTheyComeByIpv6() throws Exception {
		InetAddress loopback = InetAddress.getByName("::1");
		assumeTrue(NetworkInterface.getByInetAddress(loopback) != null, "this machine has no IPv6");
		FakeTarget target = FakeTarget.saying("ok");
		try (TestBed bed = TestBed.start((settings) -> {
			settings.address = loopback;
			return settings;
		}, target)) {
			int port = bed.dispatcher().port();
			RawClient client = bed.add(new RawClient(new Socket(loopback, port)));
			assertThat(client.send("GET / HTTP/1.0\r\n\r\n").read().body()).isEqualTo("ok");
			Request seen = target.onlyRequest();
			assertThat(seen.header("Host")).isEqualTo("[::1]:" + port);
			assertThat(seen.header("X-Forwarded-For")).isEqualTo("::1");
			assertThat(seen.header("Forwarded")).contains("for=\"[::1]\"");
		}
	}

	@Test
	void targetIsInOriginFormWhenItCameInAbsoluteForm() throws Exception {
		FakeTarget target = FakeTarget.saying("ok");
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client();
			client.send("GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n").read();
			client.send("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n").read();
			assertThat(target.requests()).extracting(Request::line)
				.containsExactly("GET /?q HTTP/1.1", "OPTIONS * HTTP/1.1");
		}
	}

	@Test
	void answerHasNoBodyWhenTheRequestIsHead() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
			connection.readRequest();
			connection.answer("after");
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client();
			String head = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
			assertThat(client.send(head).readBodiless().header("Content-Length")).isEqualTo("5");
			assertThat(client.send(head).readBodiless().status()).isEqualTo(200);
			assertThat(client.get("/").read().body()).isEqualTo("after");
			assertThat(target.accepted()).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "204 No Content", "304 Not Modified" })
	void answerHasNoBodyWhenItsStatusSaysSo(String status) throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 " + status + "\r\nContent-Length: 5\r\n\r\n");
			connection.readRequest();
			connection.answer("after");
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client();
			assertThat(client.get("/").read().head()).startsWith("HTTP/1.1 " + status);
			assertThat(client.get("/").read().body()).isEqualTo("after");
			assertThat(target.accepted()).isOne();
		}
	}

	@Test
	void chunksAndTrailersPassWhenBothSidesUseThem() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			Request request = connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\nConnection: x-mine\r\n"
					+ "X-Mine: 1\r\n\r\n5\r\n" + request.body().substring(0, 5) + "\r\n0\r\nSum: 2\r\nHost: x\r\n\r\n");
		});
		try (TestBed bed = TestBed.start(target)) {
			Response response = bed.client()
				.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\n\r\n3\r\nabc\r\n"
						+ "4\r\ndefg\r\n0\r\nSum: 1\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n")
				.read();
			assertThat(target.onlyRequest().body()).isEqualTo("abcdefg");
			assertThat(target.onlyRequest().trailers()).isEqualToIgnoringCase("Sum: 1\r\n");
			assertThat(target.onlyRequest().header("Content-Length")).isNull();
			assertThat(response.body()).isEqualTo("abcde");
			assertThat(response.trailers()).isEqualToIgnoringCase("Sum: 2\r\n");
			assertThat(response.header("X-Mine")).isNull();
			assertThat(response.header("Connection")).isNull();
		}
	}

	@Test
	void answerIsChunkedWhenTheTargetEndsItByClosing() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.0 200 OK\r\n\r\nold school");
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client();
			Response response = client.get("/").read();
			assertThat(response.header("Transfer-Encoding")).isEqualTo("chunked");
			assertThat(response.body()).isEqualTo("old school");
			assertThat(client.get("/").read().body()).isEqualTo("old school");
		}
	}

	@Test
	void answerIsNotChunkedWhenTheClientSpeaksHttp10() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
					+ "3\r\nabc\r\n0\r\nSum: 1\r\n\r\n");
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
			assertThat(client.readHead()).startsWith("HTTP/1.1 200")
				.contains("connection: close")
				.doesNotContainIgnoringCase("chunked");
			assertThat(client.readToEnd()).isEqualTo("abc");
			assertThat(target.onlyRequest().header("Host")).contains("127.0.0.1:" + bed.dispatcher().port());
		}
	}

	@Test
	void connectionIsKeptWhenAnHttp10ClientAsksAndTheLengthIsKnown() throws Exception {
		try (TestBed bed = TestBed.start(FakeTarget.saying("ok"))) {
			RawClient client = bed.client();
			Response response = client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").read();
			assertThat(response.header("Connection")).isEqualTo("keep-alive");
			assertThat(client.send("GET / HTTP/1.0\r\n\r\n").read().header("Connection")).isEqualTo("close");
			assertThat(client.isEnded()).isTrue();
		}
	}

	@Test
	void connectionIsClosedWhenTheClientAsks() throws Exception {
		FakeTarget target = FakeTarget.saying("ok");
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
			assertThat(client.read().header("Connection")).isEqualTo("close");
			assertThat(client.isEnded()).isTrue();
			// That of the target stays.
			bed.client().get("/").read();
			assertThat(target.requests()).hasSize(2);
		}
	}

	@Test
	void bodyIsSentWhenTheTargetSaysContinue() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			assertThat(connection.readHead().header("Expect")).isEqualTo("100-continue");
			connection.write("HTTP/1.1 100 Continue\r\n\r\n");
			String body = new String(connection.in().readNBytes(5));
			connection.answer("got " + body);
			connection.readRequest();
			connection.answer("next");
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client()
				.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
			assertThat(client.read().status()).isEqualTo(100);
			assertThat(client.send("hello").read().body()).isEqualTo("got hello");
			assertThat(client.get("/").read().body()).isEqualTo("next");
		}
	}

	@Test
	void connectionIsClosedWhenTheTargetDoesNotWantTheBody() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			connection.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client()
				.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
			Response response = client.read();
			assertThat(response.status()).isEqualTo(403);
			assertThat(response.body()).isEqualTo("no");
			assertThat(response.header("Connection")).isEqualTo("close");
			assertThat(client.isEnded()).isTrue();
			await().until(() -> target.open() == 0);
		}
	}

	@Test
	void answerArrivesWholeWhenItPrecedesTheEndOfTheRequest() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			connection.write("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
			client.send(new byte[50_000]);
			assertThat(client.read().body()).isEqualTo("big");
			assertThat(client.isEnded()).isTrue();
		}
	}

	@Test
	void interimAnswersPassWhenTheTargetSendsThem() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
			connection.answer("ok");
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().get("/");
			Response hints = client.read();
			assertThat(hints.status()).isEqualTo(103);
			assertThat(hints.header("Link")).isEqualTo("</a>");
			assertThat(client.read().body()).isEqualTo("ok");
		}
	}

	@Test
	void partsOfAnAnswerArriveAtOnceWhenItIsAStream() throws Exception {
		CountDownLatch seen = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
					+ "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
			if (seen.await(5, TimeUnit.SECONDS)) {
				connection.write("9\r\ndata: 2\n\n\r\n0\r\n\r\n");
			}
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().get("/");
			client.readHead();
			assertThat(new String(client.in().readNBytes(14))).isEqualTo("9\r\ndata: 1\n\n\r\n");
			seen.countDown();
			assertThat(new String(client.in().readNBytes(14))).isEqualTo("9\r\ndata: 2\n\n\r\n");
		}
	}

	@Test
	void memoryStaysBoundedWhenTheTargetHangsUpLongBeforeTheClientReads() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			int length = Integer.parseInt(connection.readRequest().line().split("[/ ]+")[1]);
			connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n");
			connection.write(new byte[length]);
		});
		try (TestBed bed = TestBed.start(target)) {
			// The buffers of the system take all of it, more or less of that on either
			// side.
			List<Integer> lengths = IntStream.range(4, 44).map((i) -> i * 128 * 1024).boxed().toList();
			List<RawClient> clients = new ArrayList<>();
			for (int length : lengths) {
				clients.add(bed.client(8 * 1024).get("/" + length));
			}
			AtomicInteger open = new AtomicInteger();
			await().pollInterval(Duration.ofMillis(300))
				.until(() -> target.requests().size() == lengths.size()
						&& open.getAndSet(target.open()) == target.open());
			assertThat(target.open()).as("answers still being written").isLessThan(lengths.size());
			assertThat(bed.memory()).isLessThan(lengths.size() * 192L * 1024);
			for (int i = 0; i < lengths.size(); i++) {
				assertThat(clients.get(i).read().body()).as("answer %d", i).hasSize(lengths.get(i));
			}
			assertThat(bed.dispatcher().snapshot().failures()).isZero();
		}
	}

	@Test
	void bodyArrivesWholeWhenTheClientEndsItsSideWhileTheTargetTakesItSlowly() throws Exception {
		int length = 12 * 1024 * 1024;
		CountDownLatch go = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			go.await();
			connection.answer("got " + connection.in().readNBytes(length).length);
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client()
				.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
			CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
				try {
					client.send(new byte[length]).endOutput();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
			await().until(() -> target.requests().size() == 1);
			go.countDown();
			assertThat(sent).succeedsWithin(Duration.ofSeconds(10));
			assertThat(client.readFinal().body()).isEqualTo("got " + length);
		}
	}

	@Test
	void memoryStaysBoundedWhenAClientReadsABigAnswerSlowly() throws Exception {
		AtomicLong written = new AtomicLong();
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + BIG + "\r\n\r\n");
			byte[] block = new byte[64 * 1024];
			for (int i = 0; i < BIG / block.length; i++) {
				Arrays.fill(block, (byte) i);
				connection.write(block);
				written.addAndGet(block.length);
			}
			connection.awaitEnd();
		});
		// Back-pressure by the client must not count as the target's stalling.
		try (TestBed bed = TestBed.start((settings) -> {
			settings.responseTimeout = Duration.ofSeconds(1);
			return settings;
		}, target)) {
			long before = bed.memory();
			RawClient client = bed.client().get("/");
			client.readHead();
			// Longer than the response timeout.
			await().pollDelay(Duration.ofMillis(1500)).until(() -> written.get() > 0 && written.get() < BIG);
			byte[] block = new byte[64 * 1024];
			for (int i = 0; i < BIG / block.length; i++) {
				assertThat(client.in().readNBytes(block, 0, block.length)).isEqualTo(block.length);
				assertThat(block[0]).isEqualTo((byte) i);
				assertThat(block[block.length - 1]).isEqualTo((byte) i);
				assertThat(bed.memory() - before).isLessThan(MEMORY);
			}
		}
	}

	@Test
	void memoryStaysBoundedWhenATargetReadsABigBodySlowly() throws Exception {
		CountDownLatch start = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			start.await(5, TimeUnit.SECONDS);
			long sum = 0;
			byte[] block = new byte[64 * 1024];
			for (int i = 0; i < BIG / block.length; i++) {
				connection.in().readNBytes(block, 0, block.length);
				sum += (block[0] == (byte) i && block[block.length - 1] == (byte) i) ? 1 : 0;
			}
			connection.answer(Long.toString(sum));
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start(target)) {
			long before = bed.memory();
			AtomicLong sent = new AtomicLong();
			RawClient client = bed.client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + BIG + "\r\n\r\n");
			Thread upload = new Thread(() -> {
				byte[] block = new byte[64 * 1024];
				try {
					for (int i = 0; i < BIG / block.length; i++) {
						Arrays.fill(block, (byte) i);
						client.send(block);
						sent.addAndGet(block.length);
					}
				}
				catch (IOException ex) {
					// The answer will tell.
				}
			});
			upload.start();
			AtomicLong known = new AtomicLong(-1);
			await().pollInterval(Duration.ofMillis(200)).until(() -> known.getAndSet(sent.get()) == sent.get());
			assertThat(sent.get()).as("sent while nobody reads").isPositive().isLessThan(BIG);
			assertThat(bed.memory() - before).isLessThan(MEMORY);
			start.countDown();
			assertThat(client.read().body()).isEqualTo(Integer.toString(BIG / (64 * 1024)));
			assertThat(bed.memory() - before).isLessThan(MEMORY);
			upload.join();
		}
	}

}

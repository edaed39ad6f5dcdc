package io.github.bootcluster.dispatch;

import java.io.DataInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

import io.github.bootcluster.WorkerState;
import io.github.bootcluster.dispatch.RawClient.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Connections through a {@link Dispatcher} that leave HTTP. */
class DispatcherTunnelTests {

	private static final String ASK = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\n"
			+ "Upgrade: websocket\r\nSec-WebSocket-Key: abc\r\n\r\n";

	private static final String GRANT = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n"
			+ "Upgrade: WebSocket\r\nSec-WebSocket-Accept: xyz\r\n\r\n";

	@Test
	void bytesPassBothWaysOnceTheTargetHasSwitched() throws Exception {
		FakeTarget target = echo("");
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send(ASK);
			assertThat(client.readHead()).startsWith("HTTP/1.1 101 ")
				.containsIgnoringCase("connection: upgrade\r\n")
				.containsIgnoringCase("upgrade: websocket\r\n")
				.contains("Sec-WebSocket-Accept: xyz");
			assertThat(target.onlyRequest().header("Upgrade")).isEqualTo("websocket");
			assertThat(target.onlyRequest().header("Connection")).isEqualToIgnoringCase("upgrade");
			assertThat(target.onlyRequest().header("Sec-WebSocket-Key")).isEqualTo("abc");
			for (String text : new String[] { "\0\1\2", "GET / HTTP/1.1\r\n\r\n", "x".repeat(10_000) }) {
				client.send(text);
				assertThat(client.in().readNBytes(text.length())).isEqualTo(text.getBytes(StandardCharsets.ISO_8859_1));
			}
		}
	}

	@Test
	void bytesThatComeTogetherWithTheHeadsPassToo() throws Exception {
		FakeTarget target = echo("hello ");
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send(ASK + "early");
			client.readHead();
			assertThat(client.in().readNBytes(11)).isEqualTo("hello early".getBytes(StandardCharsets.US_ASCII));
		}
	}

	@Test
	void eachSideMayEndOnItsOwn() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			connection.write(GRANT);
			connection.write("got " + new String(connection.in().readAllBytes(), StandardCharsets.US_ASCII));
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send(ASK);
			client.readHead();
			client.send("all").endOutput();
			assertThat(client.readToEnd()).isEqualTo("got all");
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
		}
	}

	@Test
	void targetLearnsThatTheClientHadEndedItsSideBeforeTheSwitch() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			go.await();
			connection.write(GRANT);
			connection.write("got " + new String(connection.in().readAllBytes(), StandardCharsets.US_ASCII));
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send(ASK + "early").endOutput();
			// A probe: the end has been noticed.
			assertThat(client.read().status()).isEqualTo(100);
			go.countDown();
			await().until(() -> client.read().status() == 101);
			assertThat(client.readToEnd()).isEqualTo("got early");
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
		}
	}

	@Test
	void everythingArrivesWhenBothHaveEnded() throws Exception {
		for (int length = 440_000; length <= 700_000; length += 20_000) {
			byte[] bytes = new byte[length];
			CountDownLatch ended = new CountDownLatch(1);
			FakeTarget target = FakeTarget.running((connection) -> {
				connection.readHead();
				connection.write(GRANT);
				connection.write(bytes);
				connection.endOutput();
				ended.countDown();
				connection.awaitEnd();
			});
			try (TestBed bed = TestBed.start(target)) {
				RawClient client = bed.client(8 * 1024).send(ASK);
				client.readHead();
				ended.await();
				// Time for the end of the target to arrive behind what it said.
				Thread.sleep(200);
				client.endOutput();
				await().until(() -> target.open() == 0);
				assertThat(client.readToEnd()).hasSize(length);
			}
		}
	}

	@Test
	void everythingArrivesThatATargetSaidBeforeItWasGone() throws Exception {
		byte[] bytes = new byte[1_000_000];
		CountDownLatch said = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			connection.write(GRANT);
			connection.write(bytes);
			said.countDown();
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client(8 * 1024).send(ASK);
			client.readHead();
			said.await();
			bed.update(TestBed.worker(1, null, WorkerState.EXITED));
			Duration twice = Duration.ofNanos(2 * Limits.ABANDON_NANOS);
			await().during(twice).until(() -> bed.dispatcher().snapshot().connections() == 1);
			assertThat(client.readToEnd()).hasSize(bytes.length);
		}
	}

	@Test
	void oneMustNotBeSilentForLongOnceTheOtherHasEnded() throws Exception {
		CountDownLatch done = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			connection.write(GRANT);
			connection.awaitEnd();
			for (int i = 0; i < 5; i++) {
				connection.write("still here");
				Thread.sleep(200);
			}
			done.await();
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.idleTimeout = Duration.ofMillis(500);
			return settings;
		}, target)) {
			RawClient client = bed.client().send(ASK);
			client.readHead();
			client.endOutput();
			assertThat(client.readToEnd()).isEqualTo("still here".repeat(5));
			done.countDown();
		}
	}

	@Test
	void bothMayBeSilentForLongerThanAnyTimeout() throws Exception {
		FakeTarget target = echo("");
		try (TestBed bed = TestBed.start((settings) -> {
			settings.idleTimeout = Duration.ofMillis(200);
			settings.headTimeout = Duration.ofMillis(200);
			settings.responseTimeout = Duration.ofMillis(200);
			return settings;
		}, target)) {
			RawClient client = bed.client().send(ASK);
			client.readHead();
			assertThat(client.awaitInput(Duration.ofSeconds(1))).isFalse();
			assertThat(client.send("still").in().readNBytes(5)).asString().isEqualTo("still");
		}
	}

	@Test
	void clientThatTakesNothingIsHungUpOn() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			connection.write(GRANT);
			byte[] block = new byte[64 * 1024];
			while (true) {
				connection.write(block);
			}
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.idleTimeout = Duration.ofMillis(500);
			return settings;
		}, target)) {
			bed.client(8 * 1024).send(ASK).readHead();
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
			await().until(() -> target.open() == 0);
		}
	}

	@Test
	void targetIsHungUpOnWhenTheClientIsGone() throws Exception {
		FakeTarget target = echo("");
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send(ASK);
			client.readHead();
			client.reset();
			await().until(() -> target.open() == 0);
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
		}
	}

	@Test
	void tunnelHoldsUpNeitherOtherRequestsNorADrain() throws Exception {
		FakeTarget target = echo("");
		try (TestBed bed = TestBed.start((settings) -> {
			settings.maxInFlight = 1;
			return settings;
		}, target)) {
			RawClient first = bed.client().send(ASK);
			first.readHead();
			RawClient second = bed.client().send(ASK);
			second.readHead();
			await().until(() -> bed.dispatcher().snapshot().inFlight() == 0);
			bed.update(TestBed.worker(1, target.port(), WorkerState.DRAINING));
			await().until(() -> bed.drained().size() == 1);
			assertThat(first.send("still").in().readNBytes(5)).asString().isEqualTo("still");
			bed.update(TestBed.worker(1, null, WorkerState.EXITED));
			target.close();
			assertThat(first.isEnded()).isTrue();
			assertThat(second.isEnded()).isTrue();
		}
	}

	@Test
	void tunnelIsClosedWhenTheDispatcherIs() throws Exception {
		FakeTarget target = echo("");
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send(ASK);
			client.readHead();
			assertThat(bed.dispatcher().quiesce().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));
			assertThat(client.send("still").in().readNBytes(5)).asString().isEqualTo("still");
			bed.dispatcher().close();
			assertThat(client.isEnded()).isTrue();
			await().until(() -> target.open() == 0);
		}
	}

	@Test
	void memoryStaysBoundedWhenOneSideDoesNotRead() throws Exception {
		AtomicLong written = new AtomicLong();
		CountDownLatch done = new CountDownLatch(1);
		int size = 64 * 1024 * 1024;
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			connection.write(GRANT);
			String block = "x".repeat(64 * 1024);
			for (int i = 0; i < size / block.length(); i++) {
				connection.write(block);
				written.addAndGet(block.length());
			}
			done.await();
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send(ASK);
			client.readHead();
			long[] before = { -1 };
			// It stands still long before all is written: nobody holds the rest.
			await().pollInterval(Duration.ofMillis(300)).until(() -> {
				long now = written.get();
				boolean still = now > 0 && now == before[0];
				before[0] = now;
				return still;
			});
			assertThat(written.get()).isLessThan(size / 2);
			new DataInputStream(client.in()).readFully(new byte[size]);
			done.countDown();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "h2c", "HTTP/2.0", "TLS/1.2", "websocket, h2c" })
	void protocolIsNotOfferedWhenItWouldGetRoundTheDispatcher(String protocol) throws Exception {
		FakeTarget target = FakeTarget.saying("plain");
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client()
				.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: " + protocol
						+ "\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
			assertThat(client.read().body()).isEqualTo("plain");
			assertThat(target.onlyRequest().header("Upgrade")).isNull();
			assertThat(target.onlyRequest().header("HTTP2-Settings")).isNull();
			assertThat(client.get("/").read().body()).isEqualTo("plain");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
			"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n\r\n",
			"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n\r\n" })
	void clientGets502WhenTheTargetSwitchesToSomethingElse(String grant) throws Exception {
		try (TestBed bed = TestBed.start(FakeTarget.sending(grant))) {
			assertThat(bed.client().send(ASK).read().status()).isEqualTo(502);
		}
	}

	/** RFC 9110, section 15.5.22. */
	@Test
	void clientIsToldWhichProtocolTheTargetRequires() throws Exception {
		FakeTarget target = FakeTarget.sending("HTTP/1.1 426 Upgrade Required\r\nConnection: Upgrade\r\n"
				+ "Upgrade: websocket\r\nContent-Length: 2\r\n\r\nws");
		try (TestBed bed = TestBed.start(target)) {
			Response response = bed.client().get("/chat").read();
			assertThat(response.status()).isEqualTo(426);
			assertThat(response.header("Upgrade")).isEqualTo("websocket");
			assertThat(response.header("Connection")).isEqualTo("upgrade");
			assertThat(response.body()).isEqualTo("ws");
		}
	}

	@Test
	void connectionGoesOnWithHttpWhenTheTargetDoesNotSwitch() throws Exception {
		FakeTarget target = FakeTarget.saying("plain");
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send(ASK + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
			Response first = client.read();
			assertThat(first.body()).isEqualTo("plain");
			assertThat(client.read().body()).isEqualTo("plain");
			assertThat(target.requests()).extracting(FakeTarget.Request::line)
				.containsExactly("GET /chat HTTP/1.1", "GET /next HTTP/1.1");
		}
	}

	/** Switches, says something and from then on repeats what it hears. */
	private static FakeTarget echo(String greeting) throws Exception {
		return FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write(GRANT + greeting);
			byte[] buffer = new byte[8192];
			for (int read = connection.in().read(buffer); read >= 0; read = connection.in().read(buffer)) {
				connection.write(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
			}
		});
	}

}

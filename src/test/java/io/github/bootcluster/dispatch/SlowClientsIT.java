package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import io.github.bootcluster.dispatch.DispatcherProcess.Figures;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that are slow, or many, or both, and what they cost a {@link Dispatcher} in a
 * process of its own.
 */
class SlowClientsIT {

	private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

	/** What {@link FakeTarget#saying(String)} makes of "ok". */
	private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

	/**
	 * Most bytes of buffers for a client that does not read its answer: what Netty lets
	 * wait (64 KiB) or what is held for another target (64 KiB), and what was read last
	 * (64 KiB).
	 */
	private static final long BOUND = 192 * 1024;

	/** What the allocator may reserve beyond what is used. */
	private static final long ALLOCATOR = 4 * 1024 * 1024;

	/** What a client's system takes for it in the tests of those that do not read. */
	private static final int RECEIVE_BUFFER = 8 * 1024;

	@Test
	void thousandsThatDribbleAreClosedByTheDeadlineAndHoldNobodyUp() throws Exception {
		int count = 2000;
		try (FakeTarget target = FakeTarget.saying("ok");
				DispatcherProcess dispatcher = DispatcherProcess.start(64, target.port(), "head-timeout=4s")) {
			assumeOpenFiles(count);
			AtomicInteger left = new AtomicInteger(5000);
			List<Long> alone = latencies(dispatcher, () -> left.decrementAndGet() == 0);
			Figures before = dispatcher.figures();
			try (ManyClients clients = ManyClients.connect(count, dispatcher.port(), 0)) {
				CompletableFuture<Void> dribbling = CompletableFuture.runAsync(() -> dribble(clients),
						(command) -> new Thread(command, "dribble").start());
				Figures meanwhile = await().until(dispatcher::figures,
						(figures) -> figures.connections() >= count || figures.failures() > 0);
				List<Long> together = latencies(dispatcher, dribbling::isDone);
				dribbling.join();
				clients.forEach((client) -> assertThat(client.received()).startsWith("HTTP/1.1 408 "));
				report("%d dribbling clients: a request takes %d µs (median of %d), without them %d µs (of %d); "
						+ "%d bytes of heap each", meanwhile.connections(), median(together), together.size(),
						median(alone), alone.size(), (meanwhile.heap() - before.heap()) / count);
			}
			await().until(() -> dispatcher.figures().connections() == 0);
			assertThat(dispatcher.figures().failures()).isEqualTo(count);
		}
	}

	@Test
	void clientsThatDoNotReadLargeAnswersHoldBoundedMemory() throws Exception {
		int count = 64;
		int size = 64 * 1024 * 1024;
		AtomicLong written = new AtomicLong();
		FakeTarget target = FakeTarget.running((connection) -> {
			while (connection.readRequest() != null) {
				connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
				byte[] block = new byte[64 * 1024];
				for (int left = size; left > 0; left -= block.length) {
					connection.write(block);
					written.addAndGet(block.length);
				}
			}
		});
		// A slow start would hold some of them up at first.
		try (target; DispatcherProcess dispatcher = DispatcherProcess.start(64, target.port(), "slow-start=0s")) {
			Figures before = dispatcher.figures();
			long residentBefore = dispatcher.resident();
			try (ManyClients clients = ManyClients.connect(count, dispatcher.port(), RECEIVE_BUFFER)) {
				clients.forEach((client) -> client.write(GET.getBytes(StandardCharsets.US_ASCII)));
				awaitStandstill(written, count);
				Figures figures = dispatcher.figures();
				assertThat(figures.inFlight()).isEqualTo(count);
				assertThat(written.get()).isLessThan((long) size * count / 2);
				report("%d clients that do not read 64 MiB: %d bytes of heap, %d of buffers, %d resident each", count,
						(figures.heap() - before.heap()) / count, (figures.direct() - before.direct()) / count,
						(dispatcher.resident() - residentBefore) / count);
				assertThat(figures.direct() - before.direct()).isLessThan(count * BOUND + ALLOCATOR);
				try (RawClient other = new RawClient(dispatcher.port())) {
					other.get("/");
					other.readHead();
					assertThat(other.in().readNBytes(size)).hasSize(size);
				}
			}
			await().until(() -> dispatcher.figures().inFlight() == 0);
		}
	}

	@Test
	void clientsThatPipelineForEverAndReadNothingHoldBoundedMemory() throws Exception {
		int count = 32;
		String body = "x".repeat(20_000);
		AtomicInteger answered = new AtomicInteger();
		FakeTarget target = FakeTarget.running((connection) -> {
			while (Wire.readHead(connection.in()) != null) {
				connection.answer(body);
				answered.incrementAndGet();
			}
		});
		try (target; DispatcherProcess dispatcher = DispatcherProcess.start(64, target.port())) {
			Figures before = dispatcher.figures();
			try (ManyClients clients = ManyClients.connect(count, dispatcher.port(), RECEIVE_BUFFER)) {
				byte[] requests = GET.repeat(3000).getBytes(StandardCharsets.US_ASCII);
				AtomicLong sent = new AtomicLong();
				await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(100)).until(() -> {
					long known = sent.get();
					clients.forEach((client) -> sent.addAndGet(Math.max(0, client.write(requests))));
					return sent.get() == known;
				});
				Figures figures = dispatcher.figures();
				report("%d clients that pipeline and do not read: %d requests answered each, %d bytes of heap, "
						+ "%d of buffers each", count, answered.get() / count, (figures.heap() - before.heap()) / count,
						(figures.direct() - before.direct()) / count);
				// And what was read of further requests, a last portion included.
				assertThat(figures.direct() - before.direct())
					.isLessThan(count * (BOUND + 2 * Limits.PIPELINED) + ALLOCATOR);
				try (RawClient other = new RawClient(dispatcher.port())) {
					assertThat(other.get("/").read().body()).isEqualTo(body);
				}
			}
		}
	}

	@Test
	void tenThousandKeptConnectionsAreServedAgainAndAgain() throws Exception {
		int count = 10_000;
		try (FakeTarget target = FakeTarget.saying("ok");
				DispatcherProcess dispatcher = DispatcherProcess.start(96, target.port(), "head-timeout=60s")) {
			assumeOpenFiles(count);
			try (RawClient first = new RawClient(dispatcher.port())) {
				first.get("/").read();
			}
			Figures before = dispatcher.figures();
			long residentBefore = dispatcher.resident();
			try (ManyClients clients = ManyClients.connect(count, dispatcher.port(), 0)) {
				clients.ask(GET, ANSWER);
				Figures idle = dispatcher.figures();
				long resident = dispatcher.resident();
				assertThat(idle.connections()).isEqualTo(count);
				report("%d kept connections: %d bytes of heap, %d of buffers, %d resident each; %d MiB resident in all",
						count, (idle.heap() - before.heap()) / count, (idle.direct() - before.direct()) / count,
						(resident - residentBefore) / count, resident >> 20);
				clients.ask(GET, ANSWER);
				assertThat(dispatcher.figures().connections()).isEqualTo(count);
				assertThat(dispatcher.figures().failures()).isZero();
			}
		}
	}

	/** Send a byte a second of a head without an end, until all are closed. */
	private static void dribble(ManyClients clients) {
		byte[] head = (GET.strip() + "\r\nX: ").getBytes(StandardCharsets.US_ASCII);
		AtomicInteger open = new AtomicInteger(1);
		for (int i = 0; open.get() > 0; i++) {
			byte[] next = { (i < head.length) ? head[i] : (byte) 'x' };
			open.set(0);
			clients.forEach((client) -> {
				client.read();
				if (!client.isEnded()) {
					client.write(next);
					open.incrementAndGet();
				}
			});
			assertThat(i).as("seconds of dribbling").isLessThan(40);
			pause(1000);
		}
	}

	/** Send one request after the other; each must be answered. */
	private static List<Long> latencies(DispatcherProcess dispatcher, BooleanSupplier end) throws IOException {
		List<Long> latencies = new ArrayList<>();
		try (RawClient client = new RawClient(dispatcher.port())) {
			while (!end.getAsBoolean()) {
				long begin = System.nanoTime();
				assertThat(client.get("/").read().body()).isEqualTo("ok");
				latencies.add((System.nanoTime() - begin) / 1000);
			}
		}
		return latencies;
	}

	private static long median(List<Long> values) {
		return values.stream().sorted().toList().get(values.size() / 2);
	}

	/** Wait until nothing more is written, since nobody takes it. */
	private static void awaitStandstill(AtomicLong written, int count) {
		AtomicLong known = new AtomicLong();
		await().atMost(Duration.ofSeconds(40))
			.pollInterval(Duration.ofMillis(500))
			.until(() -> written.get() > count * BOUND && known.getAndSet(written.get()) == written.get());
	}

	private static void assumeOpenFiles(int count) throws IOException {
		String limit = Files.readAllLines(Path.of("/proc/self/limits"))
			.stream()
			.filter((line) -> line.startsWith("Max open files"))
			.findFirst()
			.orElseThrow();
		// The JVM raises its limit to the hard one, the second number.
		String hard = limit.replaceAll("Max open files +\\d+ +(\\w+).*", "$1");
		long files = hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
		assumeThat(files).as("open files this process may have (ulimit -Hn)").isGreaterThan(count + 1000L);
	}

	private static void pause(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static void report(String format, Object... values) {
		System.out.printf(format + "%n", values);
	}

}

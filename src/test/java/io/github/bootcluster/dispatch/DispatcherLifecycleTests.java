package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.InvalidClusterPropertyException;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.dispatch.FakeTarget.Request;
import io.github.bootcluster.dispatch.RawClient.Response;
import io.github.bootcluster.dispatch.TestBed.Settings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/** How the {@link Dispatcher} follows its cluster: queue, drain, shutdown, counts. */
class DispatcherLifecycleTests {

	@Test
	void requestWaitsWhenThereIsNoWorkerYet() throws Exception {
		try (TestBed bed = TestBed.start(); FakeTarget target = FakeTarget.saying("hello")) {
			RawClient client = bed.client().get("/");
			await().until(() -> bed.dispatcher().snapshot().queued() == 1);
			assertThat(bed.dispatcher().snapshot().inFlight()).isZero();
			bed.ready(target);
			assertThat(client.read().body()).isEqualTo("hello");
			assertThat(bed.dispatcher().snapshot().queued()).isZero();
		}
	}

	@Test
	void workerThatIsNewBeginsWithATenthOfAShare() throws Exception {
		AtomicLong now = new AtomicLong();
		try (TestBed bed = TestBed.start((settings) -> {
			settings.slowStart = Duration.ofSeconds(5);
			settings.clock = now::get;
			return settings;
		}); FakeTarget warm = FakeTarget.saying("warm"); FakeTarget cold = FakeTarget.saying("cold")) {
			bed.ready(warm);
			now.addAndGet(Duration.ofSeconds(5).toNanos());
			bed.ready(warm, cold);
			RawClient client = bed.client();
			assertThat(answers(client, 22)).filteredOn("cold"::equals).hasSize(2);
			now.addAndGet(Duration.ofSeconds(5).toNanos());
			assertThat(answers(client, 22)).filteredOn("cold"::equals).hasSize(11);
		}
	}

	@Test
	void workerThatIsNewBeginsWithAFewRequestsAtATime() throws Exception {
		AtomicLong now = new AtomicLong();
		try (TestBed bed = TestBed.start((settings) -> {
			settings.slowStart = Duration.ofSeconds(5);
			settings.clock = now::get;
			return settings;
		}); FakeTarget silent = FakeTarget.running((connection) -> {
			while (connection.readRequest() != null) {
				// It answers none.
			}
		})) {
			bed.ready(silent);
			for (int i = 0; i < SlowStart.FIRST_WINDOW + 4; i++) {
				bed.client().get("/");
			}
			await().until(() -> bed.dispatcher().snapshot().queued() == 4);
			assertThat(bed.dispatcher().snapshot().inFlight()).isEqualTo(SlowStart.FIRST_WINDOW);
			now.addAndGet(SlowStart.STEP.toNanos());
			await().until(() -> bed.dispatcher().snapshot().queued() == 0);
			assertThat(bed.dispatcher().snapshot().inFlight()).isEqualTo(SlowStart.FIRST_WINDOW + 4);
		}
	}

	@Test
	void workerThatComesAfterTheEndDoesNoHarm() throws Exception {
		try (TestBed bed = TestBed.start((settings) -> {
			settings.slowStart = Duration.ofSeconds(5);
			return settings;
		}); FakeTarget late = FakeTarget.saying("late")) {
			bed.dispatcher().close();
			bed.ready(late);
			assertThat(bed.dispatcher().snapshot().inFlight()).isZero();
		}
	}

	private static List<String> answers(RawClient client, int count) throws IOException {
		List<String> answers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			answers.add(client.get("/").read().body());
		}
		return answers;
	}

	@Test
	void clientGets503WhenItWaitedTooLong() throws Exception {
		try (TestBed bed = TestBed.start((settings) -> {
			settings.queueTimeout = Duration.ofMillis(200);
			return settings;
		})) {
			RawClient client = bed.client();
			for (int i = 0; i < 2; i++) {
				Response response = client.get("/").read();
				assertThat(response.status()).isEqualTo(503);
				assertThat(response.header("Retry-After")).isEqualTo("1");
				assertThat(response.header("Connection")).isNull();
				assertThat(response.body()).isEqualTo("No worker had room in time.\n");
			}
			assertThat(bed.dispatcher().snapshot().failures()).isEqualTo(2);
		}
	}

	@Test
	void clientGets503WhenTheQueueIsFull() throws Exception {
		try (TestBed bed = TestBed.start((settings) -> {
			settings.queueCapacity = 1;
			return settings;
		})) {
			bed.client().get("/");
			await().until(() -> bed.dispatcher().snapshot().queued() == 1);
			Response response = bed.client().get("/").read();
			assertThat(response.status()).isEqualTo(503);
			assertThat(response.header("Retry-After")).isEqualTo("1");
		}
	}

	@Test
	void requestLeavesTheQueueWhenItsClientHangsUp() throws Exception {
		try (TestBed bed = TestBed.start(); FakeTarget target = FakeTarget.saying("ok")) {
			RawClient client = bed.client().get("/gone");
			await().until(() -> bed.dispatcher().snapshot().queued() == 1);
			client.close();
			await().until(() -> bed.dispatcher().snapshot().queued() == 0);
			bed.ready(target);
			bed.client().get("/here").read();
			assertThat(target.onlyRequest().line()).contains("/here");
		}
	}

	@Test
	void workerIsFreeAgainWhenTheClientHangsUpInFlight() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			if (connection.readRequest().line().contains("/hang")) {
				connection.awaitEnd();
			}
			else {
				connection.answer("served");
			}
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.maxInFlight = 1;
			return settings;
		}, target)) {
			RawClient hanging = bed.client().get("/hang");
			await().until(() -> target.requests().size() == 1);
			RawClient waiting = bed.client().get("/next");
			await().until(() -> bed.dispatcher().snapshot().queued() == 1);
			hanging.reset();
			assertThat(waiting.read().body()).isEqualTo("served");
			await().until(() -> target.open() == 0);
		}
	}

	@Test
	void furtherRequestsWaitWhenTheClientDoesNotReadItsAnswers() throws Exception {
		int count = 3000;
		String body = "x".repeat(30_000);
		FakeTarget target = FakeTarget.running((connection) -> {
			while (connection.readRequest() != null) {
				connection.answer(body);
			}
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client();
			Thread sender = new Thread(() -> {
				try {
					for (int i = 0; i < count; i++) {
						client.get("/" + i);
					}
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
			sender.start();
			// As much as the sockets' buffers hold.
			await().during(Duration.ofSeconds(1)).until(() -> target.requests().size() < count / 2);
			for (int i = 0; i < count; i++) {
				assertThat(client.read().body()).hasSize(body.length());
			}
			sender.join();
		}
	}

	@Test
	void workerIsFreeAgainWhenTheClientTakesNothingOfItsAnswer() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
			byte[] block = new byte[64 * 1024];
			for (int i = 0; i < 1500; i++) {
				connection.write(block);
			}
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.idleTimeout = Duration.ofMillis(500);
			return settings;
		}, target)) {
			bed.client().get("/").readHead();
			await().until(() -> bed.dispatcher().snapshot().inFlight() == 0);
			assertThat(bed.dispatcher().quiesce().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));
		}
	}

	@Test
	void answerIsNotCutByTheIdleTimeoutWhileTheClientReadsIt() throws Exception {
		int length = 8_000_000;
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
			connection.write(new byte[length]);
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.idleTimeout = Duration.ofSeconds(1);
			return settings;
		}, target)) {
			RawClient client = bed.client().get("/");
			client.readHead();
			long slowUntil = System.nanoTime() + Duration.ofSeconds(3).toNanos();
			int received = 0;
			byte[] block = new byte[128 * 1024];
			while (received < length) {
				int read = client.in().read(block);
				assertThat(read).as("after %d bytes", received).isPositive();
				received += read;
				if (System.nanoTime() < slowUntil) {
					LockSupport.parkNanos(Duration.ofMillis(40).toNanos());
				}
			}
		}
	}

	@Test
	void queueTimeoutHoldsWhenNoWorkerTakesConnections() throws Exception {
		try (FullServer first = new FullServer();
				FullServer second = new FullServer();
				TestBed bed = TestBed.start((settings) -> {
					settings.connectTimeout = Duration.ofMillis(200);
					settings.queueTimeout = Duration.ofSeconds(1);
					return settings;
				})) {
			bed.update(TestBed.worker(1, first.port(), WorkerState.READY),
					TestBed.worker(2, second.port(), WorkerState.READY));
			Response response = bed.client().get("/").read();
			assertThat(response.status()).isEqualTo(503);
			assertThat(response.header("Retry-After")).isEqualTo("1");
		}
	}

	@Test
	void headOfAFurtherRequestHasADeadlineToo() throws Exception {
		try (TestBed bed = TestBed.start((settings) -> {
			settings.headTimeout = Duration.ofMillis(300);
			return settings;
		}, FakeTarget.saying("ok"))) {
			RawClient client = bed.client().get("/");
			assertThat(client.read().status()).isEqualTo(200);
			client.send("GET / HTTP/1.1\r\nHo");
			assertThat(client.read().status()).isEqualTo(408);
			assertThat(client.isEnded()).isTrue();
		}
	}

	@Test
	void connectionIsReadAgainWhenBackPressureHeldItsLastAnswer() throws Exception {
		int length = 8_000_000;
		FakeTarget target = FakeTarget.running((connection) -> {
			while (connection.readRequest() != null) {
				connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
				connection.write(new byte[length]);
			}
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client();
			for (int i = 0; i < 3; i++) {
				client.get("/");
				int expected = i + 1;
				await().until(() -> target.requests().size() == expected);
				client.readHead();
				assertThat(client.in().readNBytes(length)).hasSize(length);
			}
			assertThat(target.accepted()).isEqualTo(1);
		}
	}

	@Test
	void answerThatEndsByCloseIsCutVisiblyWhenTheTargetResets() throws Exception {
		CountDownLatch seen = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\n\r\nhello");
			seen.await();
			connection.reset();
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().get("/");
			assertThat(client.readHead()).contains("200");
			// As a chunk: five bytes of data and what frames them.
			assertThat(client.in().readNBytes(10)).asString(StandardCharsets.ISO_8859_1).isEqualTo("5\r\nhello\r\n");
			seen.countDown();
			String rest;
			try {
				rest = client.readToEnd();
			}
			catch (SocketException ex) {
				// Reset: more visible still. Waiting in vain is something else.
				rest = "";
			}
			assertThat(rest).doesNotContain("0\r\n");
		}
	}

	@Test
	void answerThatEndsByCloseIsCutVisiblyWhenTheTargetResetsAnUpload() throws Exception {
		CountDownLatch stuck = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			connection.write("HTTP/1.1 200 OK\r\n\r\npart");
			stuck.await();
			connection.reset();
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
			assertThat(client.readHead()).contains("200");
			AtomicLong sent = new AtomicLong();
			Thread upload = new Thread(() -> {
				try {
					for (int i = 0; i < 1500; i++) {
						client.send(new byte[64 * 1024]);
						sent.incrementAndGet();
					}
				}
				catch (IOException ex) {
					// Nobody takes the rest, as it should be.
				}
			});
			upload.start();
			// Until nobody takes any more of it, so that some waits to be written.
			AtomicLong before = new AtomicLong();
			await().pollInterval(Duration.ofMillis(300))
				.until(() -> sent.get() > 0 && before.getAndSet(sent.get()) == sent.get());
			stuck.countDown();
			String rest;
			try {
				rest = client.readToEnd();
			}
			catch (SocketException ex) {
				rest = "";
			}
			assertThat(rest).doesNotContain("0\r\n");
			client.close();
			upload.join();
		}
	}

	@Test
	void emptyLineAfterARequestDoesNotStartTheClockOfAHead() throws Exception {
		try (TestBed bed = TestBed.start((settings) -> {
			settings.headTimeout = Duration.ofMillis(300);
			return settings;
		}, FakeTarget.saying("ok"))) {
			RawClient client = bed.client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc\r\n");
			assertThat(client.read().status()).isEqualTo(200);
			await().during(Duration.ofMillis(700)).until(() -> bed.dispatcher().snapshot().failures() == 0);
			assertThat(client.get("/").read().status()).isEqualTo(200);
		}
	}

	@Test
	void drainEndsOnceWhenWhatIsInFlightIsAnswered() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		FakeTarget old = FakeTarget.running((connection) -> {
			while (connection.readRequest() != null) {
				go.await();
				connection.answer("old");
			}
		});
		FakeTarget young = FakeTarget.saying("young");
		try (TestBed bed = TestBed.start(old)) {
			RawClient first = bed.client().get("/");
			await().until(() -> old.requests().size() == 1);
			WorkerSnapshot draining = TestBed.worker(1, old.port(), WorkerState.DRAINING);
			WorkerSnapshot ready = TestBed.worker(2, young.port(), WorkerState.READY);
			bed.update(draining, ready);
			assertThat(bed.client().get("/").read().body()).isEqualTo("young");
			assertThat(bed.drained()).isEmpty();
			go.countDown();
			assertThat(first.read().body()).isEqualTo("old");
			await().until(() -> !bed.drained().isEmpty());
			bed.update(draining, ready);
			bed.update(TestBed.worker(1, null, WorkerState.EXITED), ready);
			assertThat(first.get("/").read().body()).isEqualTo("young");
			assertThat(bed.drained()).containsExactly(WorkerId.of(1));
			await().until(() -> old.open() == 0);
		}
		finally {
			young.close();
		}
	}

	@Test
	void eventStreamHoldsUpNeitherOtherRequestsNorADrain() throws Exception {
		CountDownLatch stop = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			for (Request request = connection.readRequest(); request != null; request = connection.readRequest()) {
				if (request.line().contains("/plain")) {
					connection.answer("plain");
					continue;
				}
				connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
						+ "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
				stop.await();
				connection.write("9\r\ndata: 2\n\n\r\n0\r\n\r\n");
			}
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.maxInFlight = 1;
			return settings;
		}, target)) {
			RawClient stream = bed.client().get("/events");
			stream.readHead();
			assertThat(bed.client().get("/plain").read().body()).isEqualTo("plain");
			bed.update(TestBed.worker(1, target.port(), WorkerState.DRAINING));
			await().until(() -> bed.drained().equals(List.of(WorkerId.of(1))));
			CompletableFuture<Void> quiet = bed.dispatcher().quiesce().toCompletableFuture();
			assertThat(bed.dispatcher().snapshot().inFlight()).isOne();
			stop.countDown();
			assertThat(stream.readToEnd()).endsWith("9\r\ndata: 2\n\n\r\n0\r\n\r\n");
			assertThat(quiet).succeedsWithin(Duration.ofSeconds(5));
		}
	}

	@Test
	void streamsOfTheLauncherAreNotWaitedForAndGoOn() throws Exception {
		CountDownLatch quiet = new CountDownLatch(1);
		try (TestBed bed = TestBed.start(); FakeTarget admin = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
					+ "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
			quiet.await();
			connection.write("3\r\ntwo\r\n0\r\n\r\n");
			connection.awaitEnd();
		})) {
			bed.dispatcher().admin(new InetSocketAddress(InetAddress.getLoopbackAddress(), admin.port()));
			RawClient client = bed.client().get("/actuator/stream");
			assertThat(client.readHead()).contains(" 200 ");
			await().until(() -> bed.dispatcher().snapshot().inFlight() == 0);
			assertThat(bed.dispatcher().quiesce().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));
			quiet.countDown();
			assertThat(new String(client.in().readNBytes(21), StandardCharsets.US_ASCII))
				.isEqualTo("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
			assertThat(bed.dispatcher().snapshot().inFlight()).isZero();
		}
	}

	@Test
	void drainEndsAtOnceWhenNothingIsInFlight() throws Exception {
		FakeTarget target = FakeTarget.saying("ok");
		try (TestBed bed = TestBed.start(target)) {
			bed.client().get("/").read();
			await().until(() -> bed.dispatcher().snapshot().inFlight() == 0);
			WorkerSnapshot unknown = TestBed.worker(7, null, WorkerState.DRAINING);
			bed.update(TestBed.worker(1, target.port(), WorkerState.DRAINING), unknown);
			await().untilAsserted(
					() -> assertThat(bed.drained()).containsExactlyInAnyOrder(WorkerId.of(1), WorkerId.of(7)));
			await().until(() -> target.open() == 0);
			bed.update(TestBed.worker(1, target.port(), WorkerState.DRAINING), unknown);
			assertThat(bed.drained()).hasSize(2);
		}
	}

	@Test
	void connectionIsNotKeptWhenItsTargetIsDraining() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			while (connection.readRequest() != null) {
				go.await();
				connection.answer("ok");
			}
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().get("/");
			await().until(() -> target.requests().size() == 1);
			bed.update(TestBed.worker(1, target.port(), WorkerState.DRAINING));
			go.countDown();
			assertThat(client.read().body()).isEqualTo("ok");
			await().until(() -> target.open() == 0);
		}
	}

	@Test
	void noRequestFailsWhenWorkersAreReplacedOneByOne() throws Exception {
		List<FakeTarget> closed = new ArrayList<>();
		List<Integer> statuses = new CopyOnWriteArrayList<>();
		AtomicBoolean over = new AtomicBoolean();
		FakeTarget old = FakeTarget.saying("0");
		try (TestBed bed = TestBed.start(old)) {
			List<Thread> clients = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				RawClient client = bed.client();
				Thread thread = new Thread(() -> {
					try {
						while (!over.get()) {
							client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
							statuses.add(client.read().status());
						}
					}
					catch (IOException ex) {
						statuses.add(-1);
					}
				});
				thread.start();
				clients.add(thread);
			}
			FakeTarget first = old;
			await().until(() -> !first.requests().isEmpty());
			for (int generation = 1; generation <= 20; generation++) {
				FakeTarget young = FakeTarget.saying(Integer.toString(generation));
				WorkerId leaving = WorkerId.of(generation);
				WorkerSnapshot ready = TestBed.worker(generation + 1, young.port(), WorkerState.READY);
				bed.update(TestBed.worker(generation, old.port(), WorkerState.DRAINING), ready);
				await().pollInterval(Duration.ofMillis(2)).until(() -> bed.drained().contains(leaving));
				old.close();
				closed.add(old);
				bed.update(TestBed.worker(generation, null, WorkerState.EXITED), ready);
				await().pollInterval(Duration.ofMillis(2)).until(() -> young.requests().size() > 4);
				old = young;
			}
			over.set(true);
			for (Thread thread : clients) {
				thread.join();
			}
			assertThat(statuses).hasSizeGreaterThan(80).containsOnly(200);
			assertThat(bed.drained()).hasSize(20).doesNotHaveDuplicates();
			assertThat(closed).allSatisfy((target) -> assertThat(target.requests()).isNotEmpty());
			assertThat(bed.dispatcher().snapshot().failures()).isZero();
		}
		finally {
			old.close();
		}
	}

	@Test
	void workerGetsNothingWhileItIsPaused() throws Exception {
		FakeTarget target = FakeTarget.saying("ok");
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client();
			client.get("/").read();
			bed.update(TestBed.worker(1, target.port(), WorkerState.PAUSED));
			client.get("/");
			await().until(() -> bed.dispatcher().snapshot().queued() == 1);
			bed.ready(target);
			assertThat(client.read().body()).isEqualTo("ok");
			assertThat(target.accepted()).isOne();
		}
	}

	@Test
	void snapshotIsIgnoredWhenALaterOneIsKnown() throws Exception {
		try (TestBed bed = TestBed.start(); FakeTarget target = FakeTarget.saying("ok")) {
			ClusterSnapshot stale = TestBed.cluster(TestBed.worker(1, target.port(), WorkerState.DRAINING));
			bed.ready(target);
			bed.dispatcher().update(stale);
			assertThat(bed.client().get("/").read().body()).isEqualTo("ok");
			assertThat(bed.drained()).isEmpty();
		}
	}

	@Test
	void adminPathsWaitForTheLauncherWhenItsAddressIsNotKnown() throws Exception {
		try (TestBed bed = TestBed.start(FakeTarget.saying("worker")); FakeTarget admin = FakeTarget.saying("admin")) {
			RawClient early = bed.client().get("/actuator/health?x");
			await().until(() -> bed.dispatcher().snapshot().queued() == 1);
			bed.dispatcher().admin(new InetSocketAddress(InetAddress.getLoopbackAddress(), admin.port()));
			assertThat(early.read().body()).isEqualTo("admin");
			RawClient client = bed.client();
			assertThat(client.get("/actuator").read().body()).isEqualTo("admin");
			assertThat(client.get("/actuatorx").read().body()).isEqualTo("worker");
			assertThat(client.get("/actuator/../hello").read().body()).isEqualTo("worker");
			assertThat(client.get("/%61ctuator").read().body()).isEqualTo("worker");
			assertThat(client.get("http://test/actuator").read().body()).isEqualTo("admin");
			assertThat(admin.requests().get(0).line()).isEqualTo("GET /actuator/health?x HTTP/1.1");
		}
	}

	@Test
	void formerAddressOfTheLauncherIsDrainedWhenThereIsANewOne() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		FakeTarget former = FakeTarget.running((connection) -> {
			if (connection.readRequest().line().contains("slow")) {
				go.await();
			}
			connection.answer("former");
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start(former); FakeTarget present = FakeTarget.saying("present")) {
			bed.dispatcher().admin(new InetSocketAddress(InetAddress.getLoopbackAddress(), former.port()));
			RawClient client = bed.client();
			assertThat(client.get("/actuator").read().body()).isEqualTo("former");
			RawClient slow = bed.client().get("/actuator/slow");
			await().until(() -> former.requests().size() == 2);
			bed.dispatcher().admin(new InetSocketAddress(InetAddress.getLoopbackAddress(), present.port()));
			await().until(() -> former.open() == 1);
			for (int i = 0; i < 4; i++) {
				assertThat(client.get("/actuator").read().body()).isEqualTo("present");
			}
			go.countDown();
			assertThat(slow.read().body()).isEqualTo("former");
			await().until(() -> former.open() == 0);
		}
	}

	@Test
	void countsTellWorkersFromTheRestWhenObserved() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			for (Request request = connection.readRequest(); request != null; request = connection.readRequest()) {
				if (request.line().contains("/die")) {
					return;
				}
				connection.answer("ok");
			}
		});
		try (TestBed bed = TestBed.start(target); FakeTarget admin = FakeTarget.saying("admin")) {
			bed.dispatcher().admin(new InetSocketAddress(InetAddress.getLoopbackAddress(), admin.port()));
			RawClient client = bed.client();
			client.get("/").read();
			client.get("/actuator").read();
			client.send("POST /die HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").read();
			bed.client().send("bad\r\n\r\n").read();
			await().until(() -> bed.dispatcher().snapshot().connections() == 1);
			ClusterSnapshot seen = bed.dispatcher()
				.observe(TestBed.cluster(TestBed.worker(1, target.port(), WorkerState.READY)));
			assertThat(seen.workers().get(0).requests()).isEqualTo(2);
			assertThat(seen.workers().get(0).failures()).isEqualTo(1);
			assertThat(seen.workers().get(0).inFlight()).isZero();
			assertThat(seen.dispatcher()).isEqualTo(new DispatcherSnapshot(bed.dispatcher().port(), 1, 0, 0, 4, 0, 2));
		}
	}

	@Test
	void headIsRefusedWhenItTrickles() throws Exception {
		try (TestBed bed = TestBed.start((settings) -> {
			settings.headTimeout = Duration.ofMillis(400);
			return settings;
		}, FakeTarget.saying("ok"))) {
			RawClient client = bed.client();
			client.send("GET / HTTP/1.1\r\n");
			ScheduledExecutorService trickle = Executors.newSingleThreadScheduledExecutor();
			trickle.scheduleAtFixedRate(() -> sendQuietly(client, "X: y\r\n"), 50, 50, TimeUnit.MILLISECONDS);
			Response response = client.read();
			assertThat(response.status()).isEqualTo(408);
			assertThat(client.isEnded()).isTrue();
			trickle.shutdownNow();
		}
	}

	@Test
	void connectionIsClosedSilentlyWhenNothingIsSent() throws Exception {
		try (TestBed bed = TestBed.start((settings) -> {
			settings.headTimeout = Duration.ofMillis(200);
			return settings;
		})) {
			assertThat(bed.client().readToEnd()).isEmpty();
		}
	}

	@Test
	void connectionsAreClosedWhenTheyAreIdleForTooLong() throws Exception {
		FakeTarget target = FakeTarget.saying("ok");
		try (TestBed bed = TestBed.start((settings) -> {
			settings.idleTimeout = Duration.ofMillis(300);
			return settings;
		}, target)) {
			RawClient client = bed.client();
			client.get("/").read();
			assertThat(client.isEnded()).isTrue();
			await().until(() -> target.open() == 0);
		}
	}

	@Test
	void everythingInFlightIsAnsweredWhenQuiescing() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			for (Request request = connection.readRequest(); request != null; request = connection.readRequest()) {
				if (request.line().contains("slow")) {
					go.await();
				}
				connection.answer("ok");
			}
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.maxInFlight = 1;
			return settings;
		}, target)) {
			RawClient idle = bed.client();
			idle.get("/").read();
			RawClient busy = bed.client().get("/slow");
			await().until(() -> target.requests().size() == 2);
			RawClient queued = bed.client().get("/queued");
			await().until(() -> bed.dispatcher().snapshot().queued() == 1);
			CompletableFuture<Void> quiet = bed.dispatcher().quiesce().toCompletableFuture();
			assertThat(idle.isEnded()).isTrue();
			assertThatIOException().isThrownBy(() -> new RawClient(bed.dispatcher().port()).get("/").read());
			bed.update(TestBed.worker(1, target.port(), WorkerState.DRAINING));
			Response refused = queued.read();
			assertThat(refused.status()).isEqualTo(503);
			assertThat(refused.header("Connection")).isEqualTo("close");
			assertThat(quiet).isNotDone();
			go.countDown();
			Response answered = busy.read();
			assertThat(answered.body()).isEqualTo("ok");
			assertThat(answered.header("Connection")).isEqualTo("close");
			assertThat(busy.isEnded()).isTrue();
			assertThat(quiet).succeedsWithin(Duration.ofSeconds(5));
			await().untilAsserted(() -> assertThat(bed.drained()).containsExactly(WorkerId.of(1)));
		}
	}

	@Test
	void everythingIsClosedWhenTheDispatcherIs() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.awaitEnd();
		});
		TestBed bed = TestBed.start(target);
		RawClient client = bed.client().get("/");
		await().until(() -> target.requests().size() == 1);
		long begin = System.nanoTime();
		bed.dispatcher().close();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
		assertThat(client.isEnded()).isTrue();
		await().until(() -> target.open() == 0);
		bed.close();
	}

	@Test
	void answerThatEndsByCloseIsCutVisiblyWhenTheDispatcherIsClosed() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\n\r\nhello");
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send("GET / HTTP/1.0\r\n\r\n");
			assertThat(client.readHead()).contains("200");
			assertThat(client.in().readNBytes(5)).asString(StandardCharsets.ISO_8859_1).isEqualTo("hello");
			bed.dispatcher().close();
			assertThatExceptionOfType(SocketException.class).isThrownBy(client::readToEnd);
		}
	}

	@Test
	void wholeAnswerThatEndsByCloseIsCutVisiblyWhenTheClientHasNotTakenItYet() throws Exception {
		byte[] block = new byte[1024 * 1024];
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\n\r\n");
			for (int i = 0; i < 16; i++) {
				connection.write(block);
			}
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client(64 * 1024).send("GET / HTTP/1.0\r\n\r\n");
			assertThat(client.readHead()).contains("200");
			bed.dispatcher().close();
			assertThatExceptionOfType(SocketException.class).isThrownBy(client::readToEnd);
		}
	}

	@Test
	void answerThatEndsByCloseIsCutVisiblyWhenTheClientStalls() throws Exception {
		byte[] block = new byte[600_000];
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\n\r\n");
			connection.write(block);
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.idleTimeout = Duration.ofMillis(300);
			return settings;
		}, target)) {
			RawClient client = bed.client(8 * 1024).send("GET / HTTP/1.0\r\n\r\n");
			assertThat(client.readHead()).contains("200");
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
			assertThatExceptionOfType(SocketException.class).isThrownBy(client::readToEnd);
		}
	}

	@Test
	void portIsNamedWhenItIsTaken() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Settings settings = new Settings();
			settings.port = taken.getLocalPort();
			assertThatExceptionOfType(DispatcherBindException.class)
				.isThrownBy(() -> Dispatcher.start(settings.build(), (worker) -> {
				}))
				.satisfies((ex) -> {
					assertThat(ex.getPort()).isEqualTo(taken.getLocalPort());
					assertThat(ex.getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
					assertThat(ex.getCause()).isInstanceOf(IOException.class);
				});
		}
	}

	@Test
	void startIsRefusedWhenATrustedProxyIsNoAddress() {
		Settings settings = new Settings();
		settings.trustedProxies = List.of("proxy.example");
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> Dispatcher.start(settings.build(), (worker) -> {
			}));
	}

	@Test
	void requestsAreServedWhenThereIsNoEpoll() throws Exception {
		List<WorkerId> drained = new ArrayList<>();
		try (FakeTarget target = FakeTarget.saying("nio");
				Dispatcher dispatcher = Dispatcher.start(new Settings().build(), drained::add, Transport.nio())) {
			dispatcher.update(TestBed.cluster(TestBed.worker(1, target.port(), WorkerState.READY)));
			try (RawClient client = new RawClient(dispatcher.port())) {
				assertThat(client.get("/").read().body()).isEqualTo("nio");
			}
		}
	}

	private static void sendQuietly(RawClient client, String raw) {
		try {
			client.send(raw);
		}
		catch (IOException ex) {
			// Refused by now, as it should be.
		}
	}

	/** Listens, but takes no further connection: its queue is full. */
	private static final class FullServer implements AutoCloseable {

		private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

		private final List<SocketChannel> fillers = new ArrayList<>();

		FullServer() throws IOException {
			for (int i = 0; i < 4; i++) {
				SocketChannel filler = SocketChannel.open();
				filler.configureBlocking(false);
				filler.connect(this.server.getLocalSocketAddress());
				this.fillers.add(filler);
			}
		}

		int port() {
			return this.server.getLocalPort();
		}

		@Override
		public void close() throws IOException {
			for (SocketChannel filler : this.fillers) {
				filler.close();
			}
			this.server.close();
		}

	}

}

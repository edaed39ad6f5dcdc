package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.dispatch.RawClient.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Clients of a {@link Dispatcher} that hang up, by half or wholly, or dawdle. */
class DispatcherClientTests {

	@ParameterizedTest
	@ValueSource(strings = { "1.1", "1.0" })
	void clientThatHasEndedItsSideStillGetsItsAnswers(String version) throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			while (connection.readRequest() != null) {
				go.await();
				connection.answer("ok");
			}
		});
		try (TestBed bed = TestBed.start(target)) {
			String request = "GET / HTTP/" + version + "\r\nHost: a\r\nConnection: keep-alive\r\n\r\n";
			RawClient client = bed.client().send(request + request).endOutput();
			await().until(() -> target.requests().size() == 1);
			go.countDown();
			assertThat(client.readFinal().body()).isEqualTo("ok");
			assertThat(client.readFinal().body()).isEqualTo("ok");
			assertThat(client.isEnded()).isTrue();
		}
	}

	@Test
	void clientThatHasEndedItsSideGetsAllItsAnswersWhenSomeAreOurOwn() throws Exception {
		try (TestBed bed = TestBed.start((settings) -> {
			settings.queueTimeout = Duration.ofSeconds(2);
			settings.queueCapacity = 1;
			return settings;
		})) {
			// It takes the one place in the queue for a moment longer than the first
			// below.
			String request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
			RawClient client = bed.client().send(request);
			await().until(() -> bed.dispatcher().snapshot().queued() == 1);
			RawClient ended = bed.client().send(request + request + request).endOutput();
			for (int i = 0; i < 3; i++) {
				assertThat(ended.readFinal().status()).isEqualTo(503);
			}
			assertThat(ended.isEnded()).isTrue();
			assertThat(client.read().status()).isEqualTo(503);
		}
	}

	@Test
	void clientThatHasEndedItsSideIsToldThatItsAnswerWillFollowWhenThatTakesLong() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			go.await();
			connection.answer("ok");
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().get("/").endOutput();
			assertThat(client.read().status()).isEqualTo(100);
			assertThat(client.read().status()).isEqualTo(100);
			go.countDown();
			assertThat(client.read().body()).isEqualTo("ok");
			assertThat(client.isEnded()).isTrue();
		}
	}

	@Test
	void answerArrivesWholeWhenTheClientEndsItsSideWhileItIsStillOnItsWay() throws Exception {
		String body = "x".repeat(30_000);
		FakeTarget target = FakeTarget.running((connection) -> {
			while (connection.readRequest() != null) {
				connection.answer(body);
			}
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client(8 * 1024);
			int asked = 0;
			do {
				client.get("/");
				asked++;
				assertThat(asked).isLessThan(1000);
			}
			while (!isAnsweredButNotTaken(bed, target, asked));
			client.endOutput();
			await().during(Duration.ofMillis(300)).until(() -> bed.dispatcher().snapshot().connections() == 1);
			for (int i = 0; i < asked; i++) {
				assertThat(client.read().body()).as("answer %d of %d", i, asked).hasSize(body.length());
			}
			assertThat(client.isEnded()).isTrue();
		}
	}

	@Test
	void allAnswersArriveWhenTheClientHasEndedItsSideAndReadsThemLate() throws Exception {
		int count = 400;
		String body = "x".repeat(30_000);
		FakeTarget target = FakeTarget.running((connection) -> {
			while (connection.readRequest() != null) {
				connection.answer(body);
			}
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client(8 * 1024);
			client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(count)).endOutput();
			AtomicInteger known = new AtomicInteger();
			await().pollInterval(Duration.ofMillis(200))
				.until(() -> known.getAndSet(target.requests().size()) == target.requests().size()
						&& !target.requests().isEmpty());
			assertThat(target.requests()).hasSizeLessThan(count);
			for (int i = 0; i < count; i++) {
				assertThat(client.readFinal().body()).as("answer %d", i).hasSize(body.length());
			}
			assertThat(client.isEnded()).isTrue();
		}
	}

	@Test
	void furtherRequestsAreAnsweredWhenOneOfThemIsRefusedAfterTheClientHasEndedItsSide() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			go.await();
			connection.answer("ok");
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.queueCapacity = 0;
			return settings;
		}, target)) {
			RawClient client = bed.client().get("/").get("/").get("/").endOutput();
			// A probe: the end has been noticed.
			assertThat(client.read().status()).isEqualTo(100);
			bed.update(TestBed.worker(1, target.port(), WorkerState.PAUSED));
			go.countDown();
			assertThat(client.readFinal().status()).isEqualTo(200);
			assertThat(client.read().status()).isEqualTo(503);
			assertThat(client.read().status()).isEqualTo(503);
			assertThat(client.isEnded()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc" })
	void requestIsCountedOnceWhenMoreThanOneThingIsWrongWithItsBody(String begun) throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			if (connection.readHead().line().startsWith("POST")) {
				connection.write(begun);
			}
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.maxRequestSize = 100;
			return settings;
		}, target)) {
			RawClient client = bed.client().send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
			await().until(() -> target.requests().size() == 1);
			if (!begun.isEmpty()) {
				assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
			}
			client.send(("32\r\n" + "x".repeat(50) + "\r\n").repeat(5) + "no size\r\n");
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
			assertThat(bed.dispatcher().snapshot().failures()).isOne();
			bed.client().get("/");
			await().until(() -> target.requests().size() == 2);
			assertThat(bed.dispatcher().snapshot().inFlight()).isOne();
		}
	}

	@Test
	void clientMayWaitWithItsBodyForAsLongAsTheTargetDoesNotAskForIt() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			connection.write("HTTP/1.1 103 Early Hints\r\n\r\n");
			go.await();
			connection.write("HTTP/1.1 100 Continue\r\n\r\n");
			connection.answer("got " + new String(connection.in().readNBytes(5), StandardCharsets.US_ASCII));
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.headTimeout = Duration.ofMillis(300);
			return settings;
		}, target)) {
			RawClient client = bed.client()
				.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
			assertThat(client.read().status()).isEqualTo(103);
			// Several times the span in which slowness is judged.
			assertThat(client.awaitInput(Duration.ofSeconds(1))).isFalse();
			go.countDown();
			assertThat(client.read().status()).isEqualTo(100);
			assertThat(client.send("hello").read().body()).isEqualTo("got hello");
		}
	}

	@Test
	void workerIsFreeAtOnceWhenTheClientIsGoneWithoutAnyReset() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().get("/");
			await().until(() -> target.requests().size() == 1);
			client.close();
			await().until(() -> target.open() == 0);
			await().until(() -> bed.dispatcher().snapshot().inFlight() == 0);
			await().until(() -> bed.dispatcher().snapshot().connections() == 0);
		}
	}

	@Test
	void requestIsRefusedWhenItsBodyDribblesIn() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.headTimeout = Duration.ofMillis(500);
			return settings;
		}, target)) {
			RawClient client = bed.client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
			ScheduledExecutorService trickle = Executors.newSingleThreadScheduledExecutor();
			trickle.scheduleAtFixedRate(() -> sendQuietly(client, "x"), 20, 20, TimeUnit.MILLISECONDS);
			Response response = client.read();
			assertThat(response.status()).isEqualTo(408);
			assertThat(client.isEnded()).isTrue();
			await().until(() -> target.open() == 0);
			trickle.shutdownNow();
		}
	}

	@Test
	void bodyMayTakeItsTimeWhenItIsTheTargetThatDoesNotTakeIt() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		int size = 32 * 1024 * 1024;
		FakeTarget target = FakeTarget.running((connection) -> {
			String head = connection.readHead().head();
			go.await();
			connection.in().readNBytes(size);
			connection.answer(head.contains("POST") ? "took it" : "");
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.headTimeout = Duration.ofMillis(500);
			return settings;
		}, target)) {
			String request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n" + "x".repeat(size);
			RawClient client = bed.client();
			Thread sender = new Thread(() -> sendQuietly(client, request));
			sender.start();
			// Several times the span in which slowness is judged.
			assertThat(client.awaitInput(Duration.ofSeconds(2))).isFalse();
			go.countDown();
			assertThat(client.read().body()).isEqualTo("took it");
			sender.join();
		}
	}

	/** Whether the dispatcher has all answers and cannot get rid of the last one. */
	private static boolean isAnsweredButNotTaken(TestBed bed, FakeTarget target, int asked) {
		ClusterSnapshot cluster = TestBed.cluster(TestBed.worker(1, target.port(), WorkerState.READY));
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> target.requests().size() == asked
					&& bed.dispatcher().observe(cluster).workers().get(0).inFlight() == 0);
		long until = System.nanoTime() + Duration.ofMillis(100).toNanos();
		while (System.nanoTime() < until) {
			if (bed.dispatcher().snapshot().inFlight() == 0) {
				return false;
			}
			Thread.onSpinWait();
		}
		return true;
	}

	private static void sendQuietly(RawClient client, String raw) {
		try {
			client.send(raw);
		}
		catch (IOException ex) {
			// Refused by now, as it should be.
		}
	}

}

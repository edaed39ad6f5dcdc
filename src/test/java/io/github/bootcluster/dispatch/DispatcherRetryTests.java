package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import io.github.bootcluster.WorkerState;
import io.github.bootcluster.dispatch.FakeTarget.Script;
import io.github.bootcluster.dispatch.RawClient.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/** What a client notices of the {@link Dispatcher}'s targets failing. */
class DispatcherRetryTests {

	/** Reads a request and dies. */
	private static final Script DYING = (connection) -> {
		if (connection.readRequest() != null) {
			connection.reset();
		}
	};

	@ParameterizedTest
	@ValueSource(strings = { "GET", "POST" })
	void anotherTargetIsAskedWhenOneTakesNoConnection(String method) throws Exception {
		FakeTarget alive = FakeTarget.saying("alive");
		try (TestBed bed = TestBed.start(alive)) {
			bed.update(TestBed.worker(1, alive.port(), WorkerState.READY),
					TestBed.worker(2, FakeTarget.unusedPort(), WorkerState.READY),
					TestBed.worker(3, FakeTarget.unusedPort(), WorkerState.READY));
			RawClient client = bed.client();
			for (int i = 0; i < 10; i++) {
				client.send(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
				assertThat(client.read().body()).isEqualTo("alive");
			}
			assertThat(alive.requests()).hasSize(10).allMatch((request) -> request.body().equals("abc"));
			assertThat(bed.dispatcher().snapshot().retries()).isGreaterThanOrEqualTo(2);
			assertThat(bed.dispatcher().snapshot().failures()).isZero();
		}
	}

	@Test
	void requestWaitsWhenNoTargetTakesAConnection() throws Exception {
		try (TestBed bed = TestBed.start()) {
			bed.update(TestBed.worker(1, FakeTarget.unusedPort(), WorkerState.READY));
			RawClient client = bed.client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
			await().until(() -> bed.dispatcher().snapshot().retries() >= 2);
			bed.ready(FakeTarget.saying("late"));
			assertThat(client.read().body()).isEqualTo("late");
		}
	}

	@Test
	void clientGets503WhenNoTargetTakesAConnectionInTime() throws Exception {
		try (TestBed bed = TestBed.start((settings) -> {
			settings.queueTimeout = Duration.ofMillis(300);
			return settings;
		})) {
			bed.update(TestBed.worker(1, FakeTarget.unusedPort(), WorkerState.READY));
			assertThat(bed.client().get("/").read().status()).isEqualTo(503);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "PUT", "DELETE", "OPTIONS" })
	void idempotentRequestIsRepeatedWhenItsTargetDies(String method) throws Exception {
		FakeTarget dying = FakeTarget.running(DYING);
		FakeTarget alive = FakeTarget.saying("alive");
		try (TestBed bed = TestBed.start(dying, alive)) {
			RawClient client = bed.client();
			for (int i = 0; i < 4; i++) {
				client.send(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
				assertThat(client.read().body()).isEqualTo("alive");
			}
			assertThat(dying.requests()).isNotEmpty().allMatch((request) -> request.body().equals("abc"));
			assertThat(alive.requests()).hasSize(4).allMatch((request) -> request.body().equals("abc"));
			assertThat(bed.dispatcher().snapshot().retries()).isEqualTo(dying.requests().size());
		}
	}

	@Test
	void chunkedBodyAndItsTrailersAreRepeatedWhenTheTargetDies() throws Exception {
		FakeTarget dying = FakeTarget.running(DYING);
		FakeTarget alive = FakeTarget.saying("alive");
		try (TestBed bed = TestBed.start(dying, alive)) {
			RawClient client = bed.client();
			for (int i = 0; i < 2; i++) {
				client.send("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n"
						+ "0\r\nSum: 1\r\n\r\n");
				assertThat(client.read().body()).isEqualTo("alive");
			}
			assertThat(dying.requests()).isNotEmpty();
			assertThat(alive.requests()).hasSize(2)
				.allMatch((request) -> request.body().equals("abcdef")
						&& request.trailers().equalsIgnoreCase("Sum: 1\r\n"));
		}
	}

	@Test
	void idempotentRequestIsRepeatedWhenItsBodyIsAsLargeAsIsKept() throws Exception {
		FakeTarget dying = FakeTarget.running(DYING);
		FakeTarget alive = FakeTarget.saying("alive");
		try (TestBed bed = TestBed.start(dying, alive)) {
			RawClient client = bed.client();
			for (int i = 0; i < 2; i++) {
				client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n").send(new byte[65_536]);
				assertThat(client.read().body()).isEqualTo("alive");
			}
			assertThat(dying.requests()).isNotEmpty();
			assertThat(alive.requests()).allMatch((request) -> request.body().length() == 65_536);
		}
	}

	@Test
	void idempotentRequestIsNotRepeatedWhenItsBodyIsNotKept() throws Exception {
		FakeTarget dying = FakeTarget.running(DYING);
		FakeTarget alsoDying = FakeTarget.running(DYING);
		try (TestBed bed = TestBed.start(dying, alsoDying)) {
			RawClient client = bed.client()
				.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n")
				.send(new byte[200_000]);
			assertThat(client.read().status()).isEqualTo(502);
			assertThat(dying.requests().size() + alsoDying.requests().size()).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PATCH", "BREW" })
	void requestIsExecutedOnceWhenItsTargetDies(String method) throws Exception {
		FakeTarget dying = FakeTarget.running(DYING);
		FakeTarget alsoDying = FakeTarget.running(DYING);
		try (TestBed bed = TestBed.start(dying, alsoDying)) {
			RawClient client = bed.client().send(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
			assertThat(client.read().status()).isEqualTo(502);
			assertThat(dying.requests().size() + alsoDying.requests().size()).isOne();
			assertThat(bed.dispatcher().snapshot().failures()).isOne();
			assertThat(bed.dispatcher().snapshot().retries()).isZero();
		}
	}

	@Test
	void requestIsNotTriedAThirdTimeWhenTwoTargetsDied() throws Exception {
		FakeTarget one = FakeTarget.running(DYING);
		FakeTarget two = FakeTarget.running(DYING);
		FakeTarget three = FakeTarget.running(DYING);
		try (TestBed bed = TestBed.start(one, two, three)) {
			assertThat(bed.client().get("/poison").read().status()).isEqualTo(502);
			assertThat(one.requests().size() + two.requests().size() + three.requests().size()).isEqualTo(2);
		}
	}

	@Test
	void requestIsRepeatedWhenAnIdleConnectionIsClosedUnderIt() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.answer("first of " + connection.number());
			// As a server does whose keep-alive timeout ran out just as this arrives.
			connection.readRequest();
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client();
			assertThat(client.get("/").read().body()).isEqualTo("first of 1");
			assertThat(client.get("/").read().body()).isEqualTo("first of 2");
			assertThat(target.requests()).hasSize(3);
		}
	}

	@Test
	void postFailsWhenAnIdleConnectionIsClosedUnderIt() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.answer("ok");
			connection.readRequest();
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client();
			client.get("/").read();
			client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
			assertThat(client.read().status()).isEqualTo(502);
			assertThat(target.requests()).hasSize(2);
		}
	}

	@Test
	void requestIsRepeatedWhenItsTargetDiesInTheMiddleOfTheHead() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			if (calls.incrementAndGet() == 1) {
				connection.write("HTTP/1.1 200 OK\r\nContent-Len");
			}
			else {
				connection.answer("whole");
				connection.awaitEnd();
			}
		});
		try (TestBed bed = TestBed.start(target)) {
			assertThat(bed.client().get("/").read().body()).isEqualTo("whole");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n" })
	void clientSeesTheEndIsMissingWhenTheTargetDiesInTheMiddleOfTheBody(String rest) throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\n" + rest);
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
			assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK");
			String body = client.readToEnd();
			assertThat(body).contains("abc").doesNotContain("0\r\n\r\n");
			assertThat(target.requests()).hasSize(1);
			assertThat(bed.dispatcher().snapshot().failures()).isOne();
		}
	}

	@Test
	void http10ClientSeesTheEndIsMissingWhenTheTargetDiesInTheMiddleOfTheBody() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send("POST / HTTP/1.0\r\n\r\n");
			assertThatIOException().isThrownBy(() -> {
				client.readHead();
				client.readToEnd();
			}).withMessageContaining("reset");
		}
	}

	@Test
	void requestGoesElsewhereWhenItsWorkerIsGone() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		FakeTarget hanging = FakeTarget.running((connection) -> {
			connection.readRequest();
			never.await();
		});
		FakeTarget alive = FakeTarget.saying("alive");
		try (TestBed bed = TestBed.start(hanging)) {
			RawClient client = bed.client().get("/");
			await().until(() -> hanging.requests().size() == 1);
			bed.update(TestBed.worker(1, null, WorkerState.BACKOFF),
					TestBed.worker(2, alive.port(), WorkerState.READY));
			assertThat(client.read().body()).isEqualTo("alive");
			assertThat(bed.drained()).isEmpty();
		}
		finally {
			never.countDown();
			alive.close();
		}
	}

	@Test
	void answerArrivesWholeWhenItsWorkerIsGoneBeforeASlowClientHasTakenIt() throws Exception {
		// More than the front takes; the rest waits in the system.
		int length = 1024 * 1024;
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
			connection.write(new byte[length]);
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client(8 * 1024).get("/");
			await().until(() -> target.requests().size() == 1 && target.open() == 0);
			bed.update(TestBed.worker(1, null, WorkerState.EXITED));
			// Longer than connections to it may take to end by themselves.
			await().during(Duration.ofMillis(1500)).until(() -> bed.dispatcher().snapshot().connections() == 1);
			assertThat(client.read().body()).hasSize(length);
		}
	}

	@Test
	void secondAttemptIsNotLostToAnotherConnectionThatWasIdle() throws Exception {
		int atOnce = 4;
		CountDownLatch all = new CountDownLatch(atOnce);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			if (connection.number() <= atOnce) {
				all.countDown();
				all.await();
				connection.answer("ok");
				connection.readRequest();
				return;
			}
			connection.answer("second attempt");
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start(target)) {
			// Two on each event loop.
			List<RawClient> clients = new ArrayList<>();
			for (int i = 0; i < atOnce; i++) {
				clients.add(bed.client().get("/"));
			}
			for (RawClient client : clients) {
				assertThat(client.read().body()).isEqualTo("ok");
			}
			assertThat(clients.get(0).get("/").read().body()).isEqualTo("second attempt");
			assertThat(target.accepted()).isEqualTo(atOnce + 1);
		}
	}

	@Test
	void clientGets504WhenTheTargetDoesNotAnswer() throws Exception {
		FakeTarget mute = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.responseTimeout = Duration.ofMillis(300);
			return settings;
		}, mute)) {
			RawClient client = bed.client();
			assertThat(client.get("/").read().status()).isEqualTo(504);
			assertThat(client.get("/").read().status()).isEqualTo(504);
			assertThat(mute.requests()).hasSize(2);
			await().until(() -> mute.open() == 0);
		}
	}

	@Test
	void answerIsAbortedWhenTheTargetStallsInTheMiddle() throws Exception {
		FakeTarget stalling = FakeTarget.sending("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
		try (TestBed bed = TestBed.start((settings) -> {
			settings.responseTimeout = Duration.ofMillis(300);
			return settings;
		}, stalling)) {
			RawClient client = bed.client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
			client.readHead();
			assertThat(client.readToEnd()).isEqualTo("abc");
			// Of an answer that is held the client has seen nothing.
			assertThat(bed.client().get("/").read().status()).isEqualTo(504);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "OPTIONS", "PUT", "DELETE" })
	void clientSeesNothingOfAnAnswerThatAnotherTargetMustGive(String method) throws Exception {
		AtomicInteger calls = new AtomicInteger();
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			if (calls.incrementAndGet() == 1) {
				connection.write("HTTP/1.1 201 First\r\nContent-Length: 10\r\nX-First: 1\r\n\r\nabc");
			}
			else {
				connection.answer("whole");
				connection.awaitEnd();
			}
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().send(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
			Response response = client.read();
			assertThat(response.status()).isEqualTo(200);
			assertThat(response.header("X-First")).isNull();
			assertThat(response.body()).isEqualTo("whole");
			assertThat(bed.dispatcher().snapshot().retries()).isOne();
			assertThat(bed.dispatcher().snapshot().failures()).isZero();
		}
	}

	@Test
	void answerIsPassedOnWhenItIsTooLargeToBeHeld() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(70_000));
			go.await();
		});
		try (TestBed bed = TestBed.start(target)) {
			RawClient client = bed.client().get("/");
			assertThat(client.readHead()).contains("Content-Length: 100000");
			assertThat(client.in().readNBytes(70_000)).hasSize(70_000);
			go.countDown();
			assertThat(client.isEnded()).isTrue();
			assertThat(target.requests()).hasSize(1);
		}
	}

	@Test
	void requestBodyIsGivenUpWhenTheClientStopsSending() throws Exception {
		FakeTarget target = FakeTarget.running((connection) -> {
			connection.readHead();
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start((settings) -> {
			settings.responseTimeout = Duration.ofMillis(300);
			return settings;
		}, target)) {
			Response response = bed.client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc").read();
			assertThat(response.status()).isEqualTo(408);
			await().until(() -> target.open() == 0);
		}
	}

	@Test
	void noRequestIsLostWhenWorkersDieUnderLoad() throws Exception {
		AtomicInteger served = new AtomicInteger();
		Script mortal = (connection) -> {
			while (connection.readRequest() != null) {
				if (served.incrementAndGet() % 20 == 0) {
					connection.reset();
					return;
				}
				connection.answer("ok");
			}
		};
		try (TestBed bed = TestBed.start(FakeTarget.running(mortal), FakeTarget.running(mortal),
				FakeTarget.running(mortal))) {
			CountDownLatch done = new CountDownLatch(4);
			List<Integer> statuses = new CopyOnWriteArrayList<>();
			for (int i = 0; i < 4; i++) {
				RawClient client = bed.client();
				new Thread(() -> {
					try {
						for (int j = 0; j < 100; j++) {
							statuses.add(client.get("/").read().status());
						}
					}
					catch (IOException ex) {
						statuses.add(-1);
					}
					done.countDown();
				}).start();
			}
			assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(statuses).hasSize(400).containsOnly(200);
			assertThat(bed.dispatcher().snapshot().retries()).isPositive();
		}
	}

}

package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

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
			settings.queueTimeout = Duration.ofMillis(100);
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

	private static void sendQuietly(RawClient client, String raw) {
		try {
			client.send(raw);
		}
		catch (IOException ex) {
			// Refused by now, as it should be.
		}
	}

}

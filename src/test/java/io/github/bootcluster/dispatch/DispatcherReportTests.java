package io.github.bootcluster.dispatch;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.github.bootcluster.TrafficReport;
import io.github.bootcluster.TrafficReport.Ending;
import io.github.bootcluster.TrafficReport.Kind;
import io.github.bootcluster.TrafficReport.MethodClass;
import io.github.bootcluster.TrafficReport.Rejection;
import io.github.bootcluster.TrafficReport.RetryPhase;
import io.github.bootcluster.TrafficReport.Served;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a {@link Dispatcher} counts of each way a request can go. */
class DispatcherReportTests {

	@Test
	void nothingIsCountedBeforeAnythingWasAsked() throws Exception {
		try (TestBed bed = TestBed.start()) {
			TrafficReport report = bed.dispatcher().report();
			assertThat(report.servers()).containsOnlyKeys(TrafficReport.NOBODY);
			assertThat(requests(report, TrafficReport.NOBODY)).isEmpty();
			assertThat(report.connections()).isZero();
			assertThat(report.violations()).isEmpty();
			assertThat(report.retries().values()).containsOnly(0L);
			assertThat(report.rejections().values()).containsOnly(0L);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			GET    | 200 Fine      | SAFE       | SUCCESS
			HEAD   | 204 None      | SAFE       | SUCCESS
			PUT    | 302 Found     | IDEMPOTENT | REDIRECTION
			DELETE | 404 Missing   | IDEMPOTENT | CLIENT_ERROR
			POST   | 500 Broken    | OTHER      | SERVER_ERROR
			PURGE  | 599 Broken    | OTHER      | SERVER_ERROR
			""")
	void answersAreCountedByMethodAndStatus(String method, String status, MethodClass methodClass, Ending ending)
			throws Exception {
		try (TestBed bed = TestBed
			.start(FakeTarget.sending("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))) {
			bed.client().send(method + " / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").readToEnd();
			assertCounted(bed, "1", methodClass, ending);
			TrafficSample.Part total = bed.dispatcher().sample().total();
			assertThat(total.latency().count()).isOne();
			assertThat(total.errors()).isEqualTo(ending.isError() ? 1 : 0);
			assertThat(bed.dispatcher().sample().workers().get(WorkerId.of(1)).errors())
				.isEqualTo(ending.isError() ? 1 : 0);
		}
	}

	@Test
	void bytesOfBodiesAreCountedAndTimesTaken() throws Exception {
		try (TestBed bed = TestBed.start(FakeTarget.saying("hello"))) {
			bed.client().send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc").read();
			assertCounted(bed, "1", MethodClass.IDEMPOTENT, Ending.SUCCESS);
			Served served = served(bed, "1");
			assertThat(served.requestBytes()).isEqualTo(3);
			assertThat(served.responseBytes()).isEqualTo(5);
			assertThat(served.duration().count()).isOne();
			assertThat(served.upstream().count()).isOne();
			assertThat(served.upstream().sumSeconds()).isPositive().isLessThanOrEqualTo(served.duration().sumSeconds());
			assertThat(bed.dispatcher().report().connections()).isOne();
		}
	}

	@Test
	void slotGoesOnWithTheNextWorkerThatHasIt() throws Exception {
		FakeTarget first = FakeTarget.saying("1");
		FakeTarget second = FakeTarget.saying("2");
		try (TestBed bed = TestBed.start(); first; second) {
			bed.update(TestBed.worker(7, 3, first.port(), WorkerState.READY));
			bed.client().get("/").read();
			assertCounted(bed, "3", MethodClass.SAFE, Ending.SUCCESS);
			bed.update(TestBed.worker(8, 3, second.port(), WorkerState.READY));
			bed.client().get("/").read();
			await().untilAsserted(() -> assertThat(requests(bed.dispatcher().report(), "3"))
				.containsExactly(Map.entry(new Kind(MethodClass.SAFE, Ending.SUCCESS), 2L)));
			assertThat(bed.dispatcher().sample().workers()).containsOnlyKeys(WorkerId.of(8));
			bed.update();
			assertThat(served(bed, "3").duration().count()).isEqualTo(2);
		}
	}

	@Test
	void workerThatHasNoSlotYetIsNotTakenForTheLauncher() throws Exception {
		try (TestBed bed = TestBed.start(); FakeTarget target = FakeTarget.saying("hello")) {
			bed.update(TestBed.worker(7, WorkerSnapshot.NO_SLOT, target.port(), WorkerState.READY));
			bed.client().get("/").read();
			assertCounted(bed, TrafficReport.NOBODY, MethodClass.SAFE, Ending.SUCCESS);
		}
	}

	@Test
	void requestsForTheLauncherAreCountedApart() throws Exception {
		try (TestBed bed = TestBed.start(); FakeTarget admin = FakeTarget.saying("admin")) {
			bed.dispatcher().admin(new InetSocketAddress(InetAddress.getLoopbackAddress(), admin.port()));
			bed.client().get("/actuator/health").read();
			assertCounted(bed, TrafficReport.LAUNCHER, MethodClass.SAFE, Ending.SUCCESS);
			assertThat(bed.dispatcher().sample().total().latency().count()).isZero();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			x\\r\\n\\r\\n                                             | 400
			GET / HTTP/1.1\\r\\n\\r\\n                                | 400
			GET / HTTP/2.0\\r\\nHost: a\\r\\n\\r\\n                   | 505
			GET / HTTP/1.1\\r\\nHost: a\\r\\nExpect: tea\\r\\n\\r\\n  | 417
			""")
	void violationsAreCountedByStatus(String raw, int status) throws Exception {
		try (TestBed bed = TestBed.start()) {
			bed.client().send(raw.replace("\\r", "\r").replace("\\n", "\n")).read();
			await().until(() -> !requests(bed.dispatcher().report(), TrafficReport.NOBODY).isEmpty());
			assertThat(bed.dispatcher().report().violations()).containsExactly(Map.entry(status, 1L));
			assertThat(requests(bed.dispatcher().report(), TrafficReport.NOBODY)).hasSize(1)
				.allSatisfy((kind, count) -> assertThat(kind.ending()).isEqualTo(Ending.REFUSED));
			assertThat(bed.dispatcher().sample().total().errors()).isZero();
		}
	}

	@Test
	void bodyThatIsTooLargeIsAViolationToo() throws Exception {
		try (TestBed bed = TestBed.start((settings) -> {
			settings.maxRequestSize = 4;
			return settings;
		}, FakeTarget.running((connection) -> connection.awaitEnd()))) {
			bed.client().send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n").read();
			await().untilAsserted(
					() -> assertThat(bed.dispatcher().report().violations()).containsExactly(Map.entry(413, 1L)));
		}
	}

	@Test
	void queueThatIsFullAndTimeThatRunsOutAreToldApart() throws Exception {
		try (TestBed bed = TestBed.start((settings) -> {
			settings.queueCapacity = 1;
			settings.queueTimeout = Duration.ofMillis(300);
			return settings;
		})) {
			RawClient waiting = bed.client().get("/");
			await().until(() -> bed.dispatcher().snapshot().queued() == 1);
			bed.client().get("/").read();
			waiting.read();
			Kind failed = new Kind(MethodClass.SAFE, Ending.FAILED);
			await().until(() -> requests(bed.dispatcher().report(), TrafficReport.NOBODY).equals(Map.of(failed, 2L)));
			TrafficReport report = bed.dispatcher().report();
			assertThat(report.rejections()).containsEntry(Rejection.QUEUE_FULL, 1L)
				.containsEntry(Rejection.QUEUE_TIMEOUT, 1L)
				.containsEntry(Rejection.SHUTTING_DOWN, 0L);
			assertThat(report.queueWait().count()).isOne();
			assertThat(report.queueWait().sumSeconds()).isGreaterThanOrEqualTo(0.3);
			assertThat(report.violations()).isEmpty();
			assertThat(bed.dispatcher().sample().total().errors()).isEqualTo(2);
		}
	}

	@Test
	void waitThatWasWorthItIsCounted() throws Exception {
		try (TestBed bed = TestBed.start(); FakeTarget target = FakeTarget.saying("hello")) {
			RawClient waiting = bed.client().get("/");
			await().until(() -> bed.dispatcher().snapshot().queued() == 1);
			bed.update(TestBed.worker(1, target.port(), WorkerState.READY));
			waiting.read();
			bed.client().get("/").read();
			assertThat(bed.dispatcher().report().queueWait().count()).isOne();
			assertThat(bed.dispatcher().report().rejections().values()).containsOnly(0L);
		}
	}

	@Test
	void retriesAreCountedByHowFarTheAttemptHadCome() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		FakeTarget dying = FakeTarget.running((connection) -> {
			connection.readRequest();
			asked.countDown();
			connection.reset();
		});
		try (TestBed bed = TestBed.start(); dying; FakeTarget alive = FakeTarget.saying("alive")) {
			bed.update(TestBed.worker(1, dying.port(), WorkerState.READY),
					TestBed.worker(2, FakeTarget.unusedPort(), WorkerState.READY),
					TestBed.worker(3, alive.port(), WorkerState.READY));
			assertThat(bed.client().get("/").read().body()).isEqualTo("alive");
			assertThat(asked.getCount()).isZero();
			assertCounted(bed, "3", MethodClass.SAFE, Ending.SUCCESS);
			TrafficReport report = bed.dispatcher().report();
			assertThat(report.retries()).containsEntry(RetryPhase.SENT, 1L).containsEntry(RetryPhase.UNSENT, 1L);
			assertThat(bed.dispatcher().snapshot().retries()).isEqualTo(2);
			assertThat(report.servers()).doesNotContainKeys("1", "2");
		}
	}

	@Test
	void workerThatDiedIsCountedAsTheOneThatFailed() throws Exception {
		FakeTarget dying = FakeTarget.running((connection) -> connection.readRequest());
		try (TestBed bed = TestBed.start(dying)) {
			bed.client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx").read();
			assertCounted(bed, "1", MethodClass.OTHER, Ending.FAILED);
			assertThat(bed.dispatcher().sample().workers().get(WorkerId.of(1)).errors()).isOne();
		}
	}

	@Test
	void clientThatGoesIsCountedAsNobodysFault() throws Exception {
		try (TestBed bed = TestBed.start()) {
			RawClient client = bed.client().get("/");
			await().until(() -> bed.dispatcher().snapshot().queued() == 1);
			client.reset();
			assertCounted(bed, TrafficReport.NOBODY, MethodClass.SAFE, Ending.CLIENT_GONE);
			assertThat(bed.dispatcher().sample().total().errors()).isZero();
			assertThat(bed.dispatcher().report().queueWait().count()).isOne();
		}
	}

	@Test
	void streamsAndTunnelsTellNothingOfSpeed() throws Exception {
		CountDownLatch seen = new CountDownLatch(1);
		FakeTarget stream = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent");
			seen.await();
		});
		FakeTarget tunnel = FakeTarget.running((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n");
			connection.awaitEnd();
		});
		try (TestBed bed = TestBed.start(stream, tunnel)) {
			RawClient client = bed.client().send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
			client.readHead();
			bed.client()
				.send("GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n")
				.readHead();
			seen.countDown();
			client.readToEnd();
			assertCounted(bed, "1", MethodClass.SAFE, Ending.SUCCESS);
			assertCounted(bed, "2", MethodClass.SAFE, Ending.SWITCHED);
			assertThat(bed.dispatcher().sample().total().latency().count()).isZero();
		}
	}

	/**
	 * An answer is counted once it has been handed over, which its client may see first.
	 */
	private static void assertCounted(TestBed bed, String server, MethodClass method, Ending ending) {
		await().untilAsserted(() -> assertThat(requests(bed.dispatcher().report(), server))
			.containsExactly(Map.entry(new Kind(method, ending), 1L)));
	}

	private static Served served(TestBed bed, String server) {
		Served served = bed.dispatcher().report().servers().get(server);
		assertThat(served).as("what %s has served", server).isNotNull();
		return served;
	}

	private static Map<Kind, Long> requests(TrafficReport report, String server) {
		Served served = report.servers().get(server);
		return (served != null) ? served.requests() : Map.of();
	}

}

package io.github.bootcluster.dispatch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.dispatch.CheckedRequest.Body;
import io.github.bootcluster.dispatch.CheckedRequest.Outcome;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What clients notice when a worker, a real process, is killed with SIGKILL: every point
 * a request can have come to, every method, with and without a body, every form of the
 * answer. All requests of a point are in flight at once at a worker that stops there, and
 * are killed with it.
 */
class DispatcherKilledWorkerIT {

	private static final List<String> METHODS = List.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "POST");

	private static final List<AnswerForm> ANSWERS = List.of(AnswerForm.FIXED, AnswerForm.CHUNKED, AnswerForm.LARGE);

	private static final long SURVIVOR = 1;

	/** How many workers are on their way while others are killed. */
	private static final int IN_ADVANCE = 3;

	@TempDir
	static Path directory;

	private static final Deque<MortalProcess> victims = new ArrayDeque<>();

	/** What came of how many requests, by point and method. */
	private static final Map<DeathPoint, Map<String, Map<Outcome, Integer>>> results = new EnumMap<>(DeathPoint.class);

	private static Path executions;

	private static MortalProcess survivor;

	private static long lastId = SURVIVOR;

	@BeforeAll
	static void startWorkers() throws IOException {
		executions = Files.createFile(directory.resolve("executions"));
		survivor = MortalProcess.start("survivor", executions);
		for (int i = 0; i < IN_ADVANCE; i++) {
			startVictim();
		}
	}

	@AfterAll
	static void endWorkers() throws InterruptedException {
		List<MortalProcess> all = new ArrayList<>(victims);
		all.add(survivor);
		for (MortalProcess process : all) {
			process.kill();
			process.awaitDeath();
		}
		results.forEach((point, methods) -> System.out.printf("killed at %-10s %s%n", point, methods));
	}

	static Stream<Arguments> deaths() {
		List<Arguments> deaths = new ArrayList<>();
		for (DeathPoint point : DeathPoint.values()) {
			for (News news : News.values()) {
				deaths.add(arguments(point, WorkerState.READY, news));
				deaths.add(arguments(point, WorkerState.DRAINING, news));
			}
		}
		return deaths.stream();
	}

	@ParameterizedTest(name = "at {0} while {1}, {2}")
	@MethodSource("deaths")
	void clientsNoticeNothingThatHttpPermitsToHide(DeathPoint point, WorkerState state, News news) throws Exception {
		Files.write(executions, new byte[0]);
		long id = ++lastId;
		try (Backlog backlog = new Backlog();
				MortalProcess victim = (point == DeathPoint.CONNECT) ? deafVictim() : nextVictim();
				TestBed bed = TestBed.start()) {
			WorkerSnapshot alive = TestBed.worker(SURVIVOR, survivor.port(), WorkerState.READY);
			bed.update(TestBed.worker(id, victim.port(), WorkerState.READY));
			List<CheckedRequest> requests = requests(point, bed);
			if (point == DeathPoint.CONNECT) {
				backlog.fill(victim.port());
			}
			if (point.isOnIdleConnections()) {
				leaveIdleConnections(bed, victim, requests.size());
			}
			if (point.isOnFrozenWorker()) {
				victim.freeze();
			}
			if (point != DeathPoint.IDLE) {
				Supplier<WorkerSnapshot> traffic = () -> bed.observe(TestBed.worker(id, null, WorkerState.READY));
				long before = traffic.get().requests();
				begin(requests, victim, point);
				awaitPoint(requests, victim, point, traffic, before);
			}
			bed.update(TestBed.worker(id, victim.port(), state), alive);
			for (CheckedRequest request : requests) {
				if (expected(request, point) == Outcome.ABORTED) {
					request.awaitHead();
				}
			}
			if (news == News.BY_SNAPSHOT_AND_SOCKETS) {
				bed.update(TestBed.worker(id, null, WorkerState.BACKOFF), alive);
			}
			victim.kill();
			victim.awaitDeath();
			if (point == DeathPoint.IDLE) {
				begin(requests, victim, point);
			}
			for (CheckedRequest request : requests) {
				request.goOn(victim.name(), point);
			}
			check(requests, point);
			await().untilAsserted(() -> assertThat(bed.dispatcher().snapshot().inFlight()).isZero());
			if (state == WorkerState.DRAINING) {
				await().untilAsserted(() -> assertThat(bed.drained()).containsExactly(WorkerId.of(id)));
			}
		}
	}

	/**
	 * A client that is slow leaves most of its answer where the worker put it: in the
	 * system's buffers, which do not die with the worker.
	 */
	@ParameterizedTest
	@EnumSource(News.class)
	void clientThatIsSlowGetsAllThatTheWorkerAnsweredBeforeItWasKilled(News news) throws Exception {
		Files.write(executions, new byte[0]);
		long id = ++lastId;
		try (MortalProcess victim = nextVictim(); TestBed bed = TestBed.start()) {
			bed.update(TestBed.worker(id, victim.port(), WorkerState.READY));
			RawClient client = bed.client();
			CheckedRequest request = new CheckedRequest("POST", Body.NONE, AnswerForm.HUGE, "huge", client);
			request.begin(victim.name(), DeathPoint.ANSWERED);
			request.awaitHead();
			ByteArrayOutputStream body = new ByteArrayOutputStream();
			while (!victim.hasReached(request.key())) {
				body.write(client.in().readNBytes(20_000));
				LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
			}
			if (news == News.BY_SNAPSHOT_AND_SOCKETS) {
				bed.update(TestBed.worker(id, null, WorkerState.BACKOFF));
			}
			victim.kill();
			victim.awaitDeath();
			await().during(Duration.ofNanos(Limits.ABANDON_NANOS).plusMillis(200))
				.until(() -> bed.dispatcher().snapshot().failures() == 0);
			int length = AnswerForm.HUGE.text("POST", request.key(), new byte[0]).length();
			assertThat(body.size()).isLessThan(length);
			body.write(client.in().readNBytes(length - body.size()));
			assertThat(body.size()).isEqualTo(length);
			assertThat(Executions.read(executions).of("POST", request.key())).isOne();
		}
	}

	private static List<CheckedRequest> requests(DeathPoint point, TestBed bed) throws IOException {
		List<CheckedRequest> requests = new ArrayList<>();
		for (String method : METHODS) {
			for (Body body : Body.of(method)) {
				// How much of a large one was passed on before is not for a test to know.
				if (body != Body.LARGE || (point != DeathPoint.REQUEST && !point.isOnFrozenWorker())) {
					for (AnswerForm answer : ANSWERS) {
						String key = (body + "-" + answer).toLowerCase(Locale.ROOT);
						requests.add(new CheckedRequest(method, body, answer, method + "-" + key, bed.client()));
					}
				}
			}
		}
		return requests;
	}

	/**
	 * Have so many requests in flight at once that as many connections are idle after.
	 */
	private static void leaveIdleConnections(TestBed bed, MortalProcess victim, int count) throws Exception {
		List<RawClient> clients = new ArrayList<>();
		List<String> keys = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			keys.add("before-" + i);
			clients.add(bed.client()
				.send("HEAD /?key=%s&answer=FIXED&millis=0&at=%s&point=%s HTTP/1.1\r\nHost: test\r\n\r\n"
					.formatted(keys.get(i), victim.name(), MortalWorker.GATE)));
		}
		victim.awaitReached(keys);
		victim.openGate();
		for (RawClient client : clients) {
			assertThat(client.readBodiless().status()).isEqualTo(200);
		}
	}

	private static void begin(List<CheckedRequest> requests, MortalProcess victim, DeathPoint point)
			throws IOException {
		for (CheckedRequest request : requests) {
			request.begin(victim.name(), point);
		}
	}

	private static void awaitPoint(List<CheckedRequest> requests, MortalProcess victim, DeathPoint point,
			Supplier<WorkerSnapshot> traffic, long before) {
		List<String> keys = requests.stream()
			.filter((request) -> !isHalfAHead(request, point))
			.map(CheckedRequest::key)
			.toList();
		if (point.isSeenByWorker()) {
			victim.awaitReached(keys);
		}
		else if (point == DeathPoint.CONNECT) {
			await().until(() -> traffic.get().inFlight() == keys.size());
		}
		else {
			await().until(() -> traffic.get().requests() == before + keys.size());
		}
	}

	private static void check(List<CheckedRequest> requests, DeathPoint point) throws IOException {
		SoftAssertions all = new SoftAssertions();
		for (CheckedRequest request : requests) {
			Outcome outcome = request.outcome();
			count(point, request.method(), outcome);
			Outcome expected = expected(request, point);
			all.assertThat(outcome).as("%s", request).isEqualTo(expected);
			if (outcome == expected && outcome != Outcome.ABORTED && !request.endsConnection()) {
				CheckedRequest next = request.next();
				next.send(0);
				all.assertThat(next.outcome()).as("what follows %s", request).isEqualTo(Outcome.WHOLE);
			}
		}
		Executions executed = Executions.read(executions);
		for (CheckedRequest request : requests) {
			long times = executed.of(request.method(), request.key());
			boolean certain = expected(request, point) == Outcome.WHOLE;
			all.assertThat(times)
				.as("executions of %s", request)
				.isBetween(certain ? 1L : 0L, request.isIdempotent() ? 2L : 1L);
		}
		all.assertAll();
	}

	/** What HTTP permits to hide from the client, it must not notice. */
	private static Outcome expected(CheckedRequest request, DeathPoint point) {
		boolean repeatable = request.isIdempotent() && request.body() != Body.LARGE;
		return switch (point) {
			case CONNECT, ANSWERED, IDLE -> Outcome.WHOLE;
			case REQUEST -> (repeatable || isHalfAHead(request, point)) ? Outcome.WHOLE : Outcome.BAD_GATEWAY;
			case UNREAD, STALE, SENT, INTERIM, HALF_HEAD -> repeatable ? Outcome.WHOLE : Outcome.BAD_GATEWAY;
			case HEAD, HALF_BODY, ALMOST_ALL -> isHidden(request, point) ? Outcome.WHOLE : Outcome.ABORTED;
		};
	}

	/** Whether nothing of it can be sent to a worker while half of it is missing. */
	private static boolean isHalfAHead(CheckedRequest request, DeathPoint point) {
		return point == DeathPoint.REQUEST && request.body() == Body.NONE;
	}

	/**
	 * Whether an answer that has begun is held back, or is complete. One whose length is
	 * not known is held back only for a moment, which is over here.
	 */
	private static boolean isHidden(CheckedRequest request, DeathPoint point) {
		boolean held = request.isIdempotent() && request.body() != Body.LARGE;
		return request.method().equals("HEAD") || (held && switch (request.answer()) {
			case FIXED -> true;
			case CHUNKED -> false;
			case LARGE, HUGE -> point == DeathPoint.HEAD;
		});
	}

	private static void count(DeathPoint point, String method, Outcome outcome) {
		results.computeIfAbsent(point, (key) -> new TreeMap<>())
			.computeIfAbsent(method, (key) -> new EnumMap<>(Outcome.class))
			.merge(outcome, 1, Integer::sum);
	}

	private static MortalProcess nextVictim() {
		startVictim();
		return victims.remove();
	}

	private static void startVictim() {
		victims.add(MortalProcess.start("victim-" + System.nanoTime(), executions));
	}

	private static MortalProcess deafVictim() {
		return MortalProcess.start("deaf", executions, MortalWorker.DEAF);
	}

	/** How the dispatcher learns of a death. */
	enum News {

		/** From the sockets alone. */
		BY_SOCKETS,

		/** Told first, as by a supervisor, and then from the sockets too. */
		BY_SNAPSHOT_AND_SOCKETS

	}

	/** Connections that fill the queue of a worker which takes none. */
	private static final class Backlog implements AutoCloseable {

		private final List<SocketChannel> connections = new ArrayList<>();

		void fill(int port) throws IOException {
			for (int i = 0; i < 4; i++) {
				SocketChannel connection = SocketChannel.open();
				connection.configureBlocking(false);
				connection.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
				this.connections.add(connection);
			}
			await().atMost(Duration.ofSeconds(10)).until(() -> this.connections.get(1).finishConnect());
		}

		@Override
		public void close() throws IOException {
			for (SocketChannel connection : this.connections) {
				connection.close();
			}
		}

	}

}

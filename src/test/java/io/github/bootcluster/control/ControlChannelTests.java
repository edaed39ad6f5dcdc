package io.github.bootcluster.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.LoggerLevel;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerDraining;
import io.github.bootcluster.WorkerEvent;
import io.github.bootcluster.WorkerExited;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerReady;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerStarted;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.control.ControlMessage.Answer;
import io.github.bootcluster.control.ControlMessage.Availability;
import io.github.bootcluster.control.ControlMessage.ClusterChanged;
import io.github.bootcluster.control.ControlMessage.DumpThreads;
import io.github.bootcluster.control.ControlMessage.EventOccurred;
import io.github.bootcluster.control.ControlMessage.FromLauncher;
import io.github.bootcluster.control.ControlMessage.FromWorker;
import io.github.bootcluster.control.ControlMessage.Heartbeat;
import io.github.bootcluster.control.ControlMessage.Hello;
import io.github.bootcluster.control.ControlMessage.Lead;
import io.github.bootcluster.control.ControlMessage.Listening;
import io.github.bootcluster.control.ControlMessage.Recycle;
import io.github.bootcluster.control.ControlMessage.Resign;
import io.github.bootcluster.control.ControlMessage.Resigned;
import io.github.bootcluster.control.ControlMessage.SetLevel;
import io.github.bootcluster.control.ControlMessage.ShutDown;
import io.github.bootcluster.control.ControlMessage.Welcome;
import io.github.bootcluster.control.Mail.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/** Server and client over a real socket. */
class ControlChannelTests {

	private static final WorkerId WORKER = WorkerId.of(7);

	private static final Instant AT = Instant.parse("2026-11-22T10:00:00.123456Z");

	private static final JvmUsage JVM = new JvmUsage(10_000_000, null, 3, 1500, 42);

	private static final SetLevel LEVEL = new SetLevel(6, new LoggerLevel("org.example", LoggerLevel.Level.DEBUG));

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@TempDir
	Path directory;

	private final Events events = new Events();

	private final OperatorListener operators = (operator, ask, connection) -> {
	};

	private Path socket;

	private ControlServer server;

	@BeforeEach
	void open() throws IOException {
		this.socket = this.directory.resolve("control.sock");
		this.server = ControlServer.open(this.socket, this.events, this.operators);
	}

	@AfterEach
	void close() {
		this.server.close();
	}

	@Test
	void messagesPassBothWaysUnchanged() throws Exception {
		ControlClient client = connect();
		BlockingQueue<FromLauncher> received = new LinkedBlockingQueue<>();
		client.listen(received::add, () -> {
		});
		client.send(new Listening(40001));
		client.send(new Availability(true, false));
		client.send(new Heartbeat());
		client.send(new Heartbeat(JVM));
		client.send(new Answer(5, true, "\"main\"\n\tat java.lang.Thread…"));
		client.send(new Resigned(3));
		client.send(new Recycle());
		assertThat(this.events.next()).isEqualTo(new Listening(40001));
		assertThat(this.events.next()).isEqualTo(new Availability(true, false));
		assertThat(this.events.next()).isEqualTo(new Heartbeat());
		assertThat(this.events.next()).isEqualTo(new Heartbeat(JVM));
		assertThat(this.events.next()).isEqualTo(new Answer(5, true, "\"main\"\n\tat java.lang.Thread…"));
		assertThat(this.events.next()).isEqualTo(new Resigned(3));
		assertThat(this.events.next()).isEqualTo(new Recycle());
		ClusterChanged changed = new ClusterChanged(snapshot(2));
		this.server.broadcast(changed);
		assertThat(this.server.send(WORKER, new Lead(3))).isTrue();
		assertThat(this.server.send(WORKER, new Resign(3))).isTrue();
		assertThat(this.server.send(WORKER, new DumpThreads(5))).isTrue();
		assertThat(this.server.send(WORKER, LEVEL)).isTrue();
		assertThat(this.server.send(WORKER, new ShutDown())).isTrue();
		assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(changed);
		assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(new Lead(3));
		assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(new Resign(3));
		assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(new DumpThreads(5));
		assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(LEVEL);
		assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(new ShutDown());
	}

	@Test
	void everyKindOfEventPassesUnchanged() throws Exception {
		ControlClient client = connect();
		BlockingQueue<FromLauncher> received = new LinkedBlockingQueue<>();
		client.listen(received::add, () -> {
		});
		ExitInfo exit = new ExitInfo(WorkerId.of(5), 137, "SIGKILL", false, AT, ExitInfo.Cause.SIGNAL,
				"ended by SIGKILL");
		for (WorkerEvent event : List.of(new WorkerStarted(WORKER, 2, 1, 101, AT),
				new WorkerReady(WORKER, 2, 1, 101, AT), new WorkerDraining(WORKER, 2, 1, 101, AT),
				new WorkerExited(2, 1, 101, exit))) {
			this.server.broadcast(new EventOccurred(event));
			assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(new EventOccurred(event));
		}
	}

	@Test
	void mailOfAllSizesComesInOrderAndItsBacklogIsKnown() throws Exception {
		ControlClient client = connect();
		List<Mail> mail = IntStream.range(0, 200)
			.mapToObj((i) -> new Mail(Kind.REPLY, 1, i, "T", content(i, new int[] { 0, 1, 65_500, 300_000 }[i % 4])))
			.toList();
		mail.forEach((each) -> assertThat(this.events.connection.send(each)).isTrue());
		// More than the system takes while nobody reads.
		assertThat(this.events.connection.backlog()).isGreaterThan(5_000_000);
		BlockingQueue<FromLauncher> received = new LinkedBlockingQueue<>();
		client.listen(received::add, () -> {
		});
		for (Mail each : mail) {
			Mail next = (Mail) received.poll(20, TimeUnit.SECONDS);
			assertThat(next).hasToString(each.toString());
			assertThat(Arrays.equals(next.content(), each.content())).isTrue();
		}
		assertThat(this.events.connection.backlog()).isZero();
	}

	@Test
	void connectReturnsTheWelcome() throws Exception {
		assertThat(connect().welcome()).isEqualTo(welcome());
	}

	@Test
	void messagesBeforeTheWelcomeAreKept() throws Exception {
		CompletableFuture<ControlClient> connecting = connectLater(this.server.admit(WORKER));
		this.events.awaitConnected();
		this.server.broadcast(new ClusterChanged(snapshot(5)));
		this.server.send(WORKER, welcome());
		BlockingQueue<FromLauncher> received = new LinkedBlockingQueue<>();
		connecting.get(20, TimeUnit.SECONDS).listen(received::add, () -> {
		});
		assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(new ClusterChanged(snapshot(5)));
	}

	@Test
	void callerWithWrongCredentialIsTurnedAway() {
		this.server.admit(WORKER);
		assertThatIOException().isThrownBy(() -> ControlClient.connect(this.socket, WORKER, "guessed"));
		assertThat(this.events.connected.getCount()).isEqualTo(1);
	}

	@Test
	void secondConnectionOfTheSameWorkerIsTurnedAway() throws Exception {
		String credential = this.server.admit(WORKER);
		CompletableFuture<ControlClient> first = connectLater(credential);
		this.events.awaitConnected();
		this.server.send(WORKER, welcome());
		first.get(20, TimeUnit.SECONDS);
		assertThatIOException().isThrownBy(() -> ControlClient.connect(this.socket, WORKER, credential));
	}

	@Test
	void dismissedWorkerIsDisconnectedAndNotLetInAgain() throws Exception {
		String credential = this.server.admit(WORKER);
		CompletableFuture<ControlClient> connecting = connectLater(credential);
		this.events.awaitConnected();
		this.server.send(WORKER, welcome());
		CountDownLatch closed = new CountDownLatch(1);
		connecting.get(20, TimeUnit.SECONDS).listen((message) -> {
		}, closed::countDown);
		this.server.dismiss(WORKER);
		assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
		assertThatIOException().isThrownBy(() -> ControlClient.connect(this.socket, WORKER, credential));
	}

	@Test
	void garbageInAFrameIsSkippedAndTheConnectionStaysUp() throws Exception {
		String credential = this.server.admit(WORKER);
		try (SocketChannel raw = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			raw.connect(UnixDomainSocketAddress.of(this.socket));
			raw.write(ControlCodec.encode(new Hello(WORKER, credential)));
			this.events.awaitConnected();
			raw.write(frame("{\"type\":\"java.lang.Runtime\"}"));
			raw.write(frame("not json"));
			raw.write(ControlCodec.encode(new Heartbeat()));
			assertThat(this.events.next()).isEqualTo(new Heartbeat());
		}
	}

	@Test
	void frameOfImpossibleLengthEndsTheConnection() throws Exception {
		String credential = this.server.admit(WORKER);
		try (SocketChannel raw = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			raw.connect(UnixDomainSocketAddress.of(this.socket));
			raw.write(ControlCodec.encode(new Hello(WORKER, credential)));
			this.events.awaitConnected();
			raw.write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).flip());
			assertThat(this.events.disconnected.await(20, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void peerThatDoesNotReadBlocksNobody() throws Exception {
		String credential = this.server.admit(WORKER);
		try (SocketChannel raw = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			raw.connect(UnixDomainSocketAddress.of(this.socket));
			raw.write(ControlCodec.encode(new Hello(WORKER, credential)));
			this.events.awaitConnected();
			ClusterChanged changed = new ClusterChanged(snapshot(1));
			boolean taken = true;
			for (int i = 0; i < 100_000 && taken; i++) {
				taken = this.server.send(WORKER, changed);
			}
			assertThat(taken).isFalse();
			assertThat(this.events.disconnected.await(20, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void endOfTheServerIsSeenByTheClient() throws Exception {
		CountDownLatch closed = new CountDownLatch(1);
		connect().listen((message) -> {
		}, closed::countDown);
		this.server.close();
		assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.socket).doesNotExist();
	}

	@Test
	void socketIsPrivateToItsOwner() throws Exception {
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(this.socket))).isEqualTo("rw-------");
	}

	@Test
	void socketLeftByADeadLauncherIsReplaced() throws Exception {
		Path left = this.directory.resolve("left.sock");
		Files.createFile(left);
		ControlServer.open(left, this.events, this.operators).close();
		assertThat(left).doesNotExist();
	}

	@Test
	void messageOverTheLimitFailsAtTheSender() {
		Welcome huge = new Welcome(1, 1, 1, 1, Map.of("key", "x".repeat(ControlCodec.MAX_LENGTH)), snapshot(1));
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> ControlCodec.encode(huge))
			.withMessageContaining("Welcome")
			.withMessageContaining("limit");
	}

	@Test
	void textFormsRevealNoSecret() {
		assertThat(new Hello(WORKER, "s3cret").toString()).doesNotContain("s3cret");
		assertThat(new Welcome(1, 1, 1, 1, Map.of("password", "s3cret"), snapshot(1)).toString())
			.doesNotContain("s3cret");
		assertThat(new ControlAddress(this.socket, WORKER, "s3cret").toString()).doesNotContain("s3cret");
	}

	private ControlClient connect() throws Exception {
		CompletableFuture<ControlClient> connecting = connectLater(this.server.admit(WORKER));
		this.events.awaitConnected();
		this.server.send(WORKER, welcome());
		return connecting.get(20, TimeUnit.SECONDS);
	}

	private CompletableFuture<ControlClient> connectLater(String credential) {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return ControlClient.connect(this.socket, WORKER, credential);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	private static Welcome welcome() {
		return new Welcome(2, 1, 1000, 30000, Map.of("server.port", "0"), snapshot(1));
	}

	private static ClusterSnapshot snapshot(long version) {
		Instant at = AT;
		WorkerSnapshot worker = new WorkerSnapshot(WORKER, 2, 1, 101L, null, WorkerState.STARTING, at, 1, 0, 3, 0, at,
				null,
				new ExitInfo(WorkerId.of(5), 137, "SIGKILL", false, at, ExitInfo.Cause.SIGNAL, "ended by SIGKILL"));
		return new ClusterSnapshot(version, ClusterState.DEGRADED, SchedulingPolicy.ROUND_ROBIN, 1, 1,
				new LauncherSnapshot(100, at, "17"), DispatcherSnapshot.none(8080), "embedded-h2", List.of(worker),
				null, WORKER);
	}

	private static byte[] content(int seed, int size) {
		byte[] content = new byte[size];
		new Random(seed).nextBytes(content);
		return content;
	}

	private static ByteBuffer frame(String content) {
		byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
		return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).flip();
	}

	private static final class Events implements ControlListener {

		private final BlockingQueue<FromWorker> received = new LinkedBlockingQueue<>();

		private final CountDownLatch connected = new CountDownLatch(1);

		private volatile Connection connection;

		private final CountDownLatch disconnected = new CountDownLatch(1);

		@Override
		public void connected(WorkerId worker, Connection connection) {
			this.connection = connection;
			this.connected.countDown();
		}

		@Override
		public void received(WorkerId worker, FromWorker message) {
			this.received.add(message);
		}

		@Override
		public void disconnected(WorkerId worker) {
			this.disconnected.countDown();
		}

		FromWorker next() throws InterruptedException {
			return this.received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}

		void awaitConnected() throws InterruptedException {
			assertThat(this.connected.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}

	}

}

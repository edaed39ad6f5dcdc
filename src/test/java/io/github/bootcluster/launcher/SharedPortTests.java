package io.github.bootcluster.launcher;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@EnabledOnOs(OS.LINUX)
class SharedPortTests {

	private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

	private final List<WorkerId> drained = new ArrayList<>();

	@Test
	void heldPortIsOpenToWhoSharesItAndToNobodyElse() throws Exception {
		try (SharedPort port = open(0)) {
			assertThat(port.port()).isPositive();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new Socket(LOOPBACK, port.port()));
			assertTaken(port);
			try (ServerSocketChannel worker = worker(port); Socket client = new Socket(LOOPBACK, port.port())) {
				assertThat(worker.accept().getRemoteAddress()).isEqualTo(client.getLocalSocketAddress());
				assertTaken(port);
			}
			assertTaken(port);
		}
	}

	@Test
	void launcherGetsNoConnections() throws Exception {
		try (SharedPort port = open(0); ServerSocketChannel worker = worker(port)) {
			for (int i = 0; i < 50; i++) {
				try (Socket client = new Socket(LOOPBACK, port.port())) {
					assertThat(worker.accept().getRemoteAddress()).isEqualTo(client.getLocalSocketAddress());
				}
			}
		}
	}

	@Test
	void portThatSomebodyListensAtIsTaken() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
			assertRefused(taken.getLocalPort());
		}
	}

	@Test
	void portOfAnotherLauncherIsTakenWithWorkersAndWithout() throws Exception {
		try (SharedPort other = open(0)) {
			assertRefused(other.port());
			try (ServerSocketChannel worker = worker(other)) {
				assertRefused(other.port());
			}
		}
	}

	@Test
	void portIsFreeOnceItIsClosed() throws Exception {
		SharedPort port = open(0);
		port.close();
		open(port.port()).close();
	}

	@Test
	void connectionsOfAFormerServerDoNotKeepThePort() throws Exception {
		int port;
		try (ServerSocket former = new ServerSocket(0, 1, LOOPBACK); Socket client = new Socket()) {
			port = former.getLocalPort();
			client.connect(former.getLocalSocketAddress());
			// Who closes first waits for what may be late.
			former.accept().close();
			assertThat(client.getInputStream().read()).isEqualTo(-1);
		}
		open(port).close();
	}

	@Test
	void drainingWorkerMayLeaveAtOnceAndIsTold() {
		try (SharedPort port = open(0)) {
			port.update(cluster(WorkerState.READY, WorkerState.READY));
			assertThat(this.drained).isEmpty();
			port.update(cluster(WorkerState.DRAINING, WorkerState.READY));
			port.update(cluster(WorkerState.DRAINING, WorkerState.DRAINING));
			port.update(cluster(WorkerState.EXITED, WorkerState.DRAINING));
			assertThat(this.drained).containsExactly(WorkerId.of(1), WorkerId.of(2));
		}
	}

	@Test
	void portIsAllThatIsKnownOfTheTraffic() {
		try (SharedPort port = open(0)) {
			assertThat(port.observe(cluster(WorkerState.READY)).dispatcher())
				.isEqualTo(DispatcherSnapshot.none(port.port()));
		}
	}

	@Test
	void otherSystemsAreRefused() {
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> SharedPort.requireLinux("Mac OS X"))
			.withMessageContaining("Mac OS X")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("round-robin"));
	}

	private SharedPort open(int port) {
		return SharedPort.open(LOOPBACK, port, this.drained::add);
	}

	private void assertRefused(int port) {
		assertThatExceptionOfType(PortUnavailableException.class).isThrownBy(() -> open(port))
			.withMessageContaining("port " + port)
			.satisfies((ex) -> assertThat(ex.getAction()).startsWith("Stop what listens there"));
	}

	/** On its address, on another and on all. */
	private static void assertTaken(SharedPort port) {
		for (InetSocketAddress address : List.of(port.address(), new InetSocketAddress(port.port()))) {
			assertThatExceptionOfType(java.net.BindException.class).isThrownBy(() -> {
				try (ServerSocket stranger = new ServerSocket()) {
					stranger.setReuseAddress(true);
					stranger.bind(address);
				}
			});
		}
	}

	private static ServerSocketChannel worker(SharedPort port) throws Exception {
		ServerSocketChannel worker = ServerSocketChannel.open();
		worker.setOption(StandardSocketOptions.SO_REUSEPORT, true);
		return worker.bind(port.address());
	}

	private static ClusterSnapshot cluster(WorkerState... states) {
		List<WorkerSnapshot> workers = new ArrayList<>();
		Arrays.stream(states)
			.map((state) -> new WorkerSnapshot(WorkerId.of(workers.size() + 1), workers.size() + 1, 1, 100L, 8080,
					state, Instant.EPOCH, 0, 0, 0, 0, null, null, null))
			.forEach(workers::add);
		return new ClusterSnapshot(1, ClusterState.RUNNING, SchedulingPolicy.NONE, 1, workers.size(),
				LauncherSnapshot.ofThisProcess(), DispatcherSnapshot.none(0), "", workers, null, null);
	}

}

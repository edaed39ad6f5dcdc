package io.github.bootcluster.worker;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** On real sockets: what Linux does is what this is about. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedListenerTests {

	private final List<AutoCloseable> open = new ArrayList<>();

	@AfterEach
	void closeAll() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	@Test
	void portIsKnownAndRefusesConnectionsBeforeItIsListenedAt() throws IOException {
		SharedListener listener = listenerAt(0);
		assertThat(port(listener)).isPositive();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port(listener)));
	}

	@Test
	void listenersOfOneUserShareAPortAndBothGetConnections() throws Exception {
		SharedListener one = listenerAt(0);
		SharedListener two = listenerAt(port(one));
		Acceptor first = accepting(one);
		Acceptor second = accepting(two);
		// Which one is the system's choice: one of two for each.
		while (first.accepted() == 0 || second.accepted() == 0) {
			connectWhenListening(port(one)).getInputStream().read();
		}
	}

	@Test
	void portThatSomebodyDoesNotShareIsRefused() throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThatExceptionOfType(BindException.class).isThrownBy(() -> listenerAt(taken.getLocalPort()));
		}
	}

	@Test
	void whatIsInTheQueueIsTakenBeforeTheSocketIsClosed() throws Exception {
		SharedListener listener = listenerAt(0);
		listener.listen();
		Set<Integer> clients = new HashSet<>();
		Set<Integer> accepted = new HashSet<>();
		// The first one opens the socket for the others.
		CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> accept(listener));
		clients.add(connectWhenListening(port(listener)).getLocalPort());
		accepted.add(first.get(10, TimeUnit.SECONDS));
		for (int i = 0; i < 20; i++) {
			clients.add(connect(port(listener)).getLocalPort());
		}
		listener.retire();
		CompletableFuture<Integer> none = CompletableFuture.supplyAsync(() -> {
			for (int i = 0; i < 20; i++) {
				accepted.add(accept(listener));
			}
			return accept(listener);
		});
		assertThat(listener.awaitRetired(Duration.ofSeconds(10))).isTrue();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port(listener)));
		assertThat(none).isNotDone();
		listener.release();
		assertThat(none.get(10, TimeUnit.SECONDS)).isNull();
		assertThat(accepted).isEqualTo(clients);
	}

	@Test
	void retiredListenerListensAgain() throws Exception {
		SharedListener listener = listenerAt(0);
		Acceptor acceptor = accepting(listener);
		connectWhenListening(port(listener)).getInputStream().read();
		listener.retire();
		assertThat(listener.awaitRetired(Duration.ofSeconds(10))).isTrue();
		listener.listen();
		connectWhenListening(port(listener)).getInputStream().read();
		assertThat(acceptor.accepted()).isEqualTo(2);
	}

	@Test
	void listenerWhoseThreadIsElsewhereIsNotRetiredInTime() throws Exception {
		SharedListener listener = listenerAt(0);
		listener.listen();
		CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> accept(listener));
		connectWhenListening(port(listener));
		first.get(10, TimeUnit.SECONDS);
		listener.retire();
		assertThat(listener.awaitRetired(Duration.ofMillis(20))).isFalse();
		listener.close();
		assertThat(listener.awaitRetired(Duration.ZERO)).isTrue();
	}

	@Test
	void closingLetsGoOfThePortAndOfTheThread() throws Exception {
		SharedListener listener = listenerAt(0);
		Acceptor acceptor = accepting(listener);
		connectWhenListening(port(listener)).getInputStream().read();
		int port = port(listener);
		listener.close();
		acceptor.awaitEnd();
		new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
		listener.listen();
		listener.retire();
		listener.release();
	}

	private SharedListener listenerAt(int port) throws IOException {
		SharedListener listener = SharedListener.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
		this.open.add(listener);
		return listener;
	}

	private Acceptor accepting(SharedListener listener) {
		listener.listen();
		Acceptor acceptor = new Acceptor(listener);
		acceptor.start();
		return acceptor;
	}

	private static int port(SharedListener listener) throws IOException {
		return ((InetSocketAddress) listener.place().getLocalAddress()).getPort();
	}

	private Socket connect(int port) throws IOException {
		Socket socket = new Socket();
		this.open.add(socket);
		socket.setSoTimeout(10_000);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		return socket;
	}

	/** Another thread is about to open the socket. */
	private Socket connectWhenListening(int port) throws IOException {
		while (true) {
			try {
				return connect(port);
			}
			catch (ConnectException ex) {
				Thread.onSpinWait();
			}
		}
	}

	/** The port of the client, or {@code null}. */
	private static Integer accept(SharedListener listener) {
		try (SocketChannel accepted = listener.accept()) {
			return (accepted != null) ? accepted.socket().getPort() : null;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Takes connections, and closes each once it is counted. */
	private static final class Acceptor extends Thread {

		private final SharedListener listener;

		private volatile int accepted;

		private volatile Throwable failure;

		Acceptor(SharedListener listener) {
			super("acceptor");
			setDaemon(true);
			this.listener = listener;
		}

		int accepted() {
			return this.accepted;
		}

		void awaitEnd() throws InterruptedException {
			join();
			assertThat(this.failure).isNull();
		}

		@Override
		public void run() {
			try {
				SocketChannel next;
				while ((next = this.listener.accept()) != null) {
					this.accepted++;
					next.close();
				}
			}
			catch (IOException | RuntimeException ex) {
				this.failure = ex;
			}
		}

	}

}

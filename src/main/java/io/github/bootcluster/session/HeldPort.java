package io.github.bootcluster.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port that somebody will come back to. Whoever calls meanwhile is turned away at once:
 * else another user of this machine could take it, and be told by the workers what opens
 * the database.
 */
final class HeldPort implements AutoCloseable {

	private static final Duration PAUSE = Duration.ofMillis(50);

	private static final Logger logger = LoggerFactory.getLogger(HeldPort.class);

	private final ServerSocket socket;

	private final Thread thread;

	private HeldPort(ServerSocket socket) {
		this.socket = socket;
		this.thread = new Thread(this::turnAway, "cluster-session-port");
		this.thread.setDaemon(true);
	}

	/** Hold a port of loopback, or nothing where somebody else has it. */
	static @Nullable HeldPort tryToHold(int port) {
		HeldPort held;
		try {
			held = new HeldPort(new ServerSocket(port, 0, InetAddress.getByName("127.0.0.1")));
		}
		catch (IOException ex) {
			logger.debug("Port {} is not free", port, ex);
			return null;
		}
		try {
			held.thread.start();
			return held;
		}
		catch (Error ex) {
			held.close();
			throw ex;
		}
	}

	private void turnAway() {
		while (!this.socket.isClosed()) {
			try {
				this.socket.accept().close();
			}
			catch (IOException ex) {
				// No file descriptor may be left; there may be one again.
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}
	}

	/** The system has the port in use until nobody waits for callers any more. */
	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			logger.debug("The port cannot be given up", ex);
		}
		Uninterrupted.join(this.thread);
	}

}

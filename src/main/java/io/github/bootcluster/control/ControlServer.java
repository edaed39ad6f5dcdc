package io.github.bootcluster.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlMessage.FromLauncher;
import io.github.bootcluster.control.ControlMessage.FromWorker;
import io.github.bootcluster.control.ControlMessage.Hello;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The launcher's end of the control channel: a Unix domain socket that each worker
 * connects to. A caller that cannot prove to be an admitted worker is turned away.
 */
public final class ControlServer implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ControlServer.class);

	private static final long ACCEPT_PAUSE_MILLIS = 100;

	private final Path socket;

	private final ServerSocketChannel channel;

	private final ControlListener listener;

	private final SecureRandom random = new SecureRandom();

	/** Written by the launcher's threads, read by the connections' readers. */
	private final Map<WorkerId, String> credentials = new ConcurrentHashMap<>();

	/** Written by each connection's reader, read by senders. */
	private final Map<WorkerId, ControlConnection> connections = new ConcurrentHashMap<>();

	private ControlServer(Path socket, ServerSocketChannel channel, ControlListener listener) {
		this.socket = socket;
		this.channel = channel;
		this.listener = listener;
	}

	/**
	 * Listen at a path.
	 * @param socket path of the socket, in a directory that only its owner can enter; a
	 * file left there by a launcher that died is replaced
	 * @param listener told what happens on the connections, by their threads
	 * @throws IOException if the socket cannot be made
	 */
	public static ControlServer open(Path socket, ControlListener listener) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			Files.deleteIfExists(socket);
			channel.bind(UnixDomainSocketAddress.of(socket));
			if (Files.getFileAttributeView(socket, PosixFileAttributeView.class) != null) {
				Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
			}
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
		ControlServer server = new ControlServer(socket, channel, listener);
		startThread("cluster-control-accept", server::acceptAll);
		return server;
	}

	/**
	 * Let a worker in.
	 * @return the credential it has to show
	 */
	public String admit(WorkerId worker) {
		byte[] bytes = new byte[16];
		this.random.nextBytes(bytes);
		String credential = HexFormat.of().formatHex(bytes);
		this.credentials.put(worker, credential);
		return credential;
	}

	/** Forget a worker that ended, and close what it left open. */
	public void dismiss(WorkerId worker) {
		this.credentials.remove(worker);
		ControlConnection connection = this.connections.remove(worker);
		if (connection != null) {
			connection.close();
		}
	}

	/**
	 * Send a message to a worker, without waiting.
	 * @return whether it was taken; {@code false} if the worker is not connected
	 */
	public boolean send(WorkerId worker, FromLauncher message) {
		ControlConnection connection = this.connections.get(worker);
		return connection != null && connection.send(message);
	}

	/** Send a message to every connected worker, without waiting. */
	public void broadcast(FromLauncher message) {
		this.connections.values().forEach((connection) -> connection.send(message));
	}

	@Override
	public void close() {
		try {
			this.channel.close();
			Files.deleteIfExists(this.socket);
		}
		catch (IOException ex) {
			logger.warn("Control socket {} could not be removed: {}", this.socket, ex.getMessage());
		}
		this.connections.values().forEach(ControlConnection::close);
	}

	private void acceptAll() {
		try {
			while (this.channel.isOpen()) {
				acceptNext();
			}
		}
		catch (ClosedChannelException ex) {
			logger.debug("Control socket {} closed", this.socket);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			logger.error("Control socket {} accepts no more workers: interrupted", this.socket);
		}
	}

	private void acceptNext() throws ClosedChannelException, InterruptedException {
		try {
			SocketChannel accepted = this.channel.accept();
			startThread("cluster-control-reader", () -> serve(accepted));
		}
		catch (ClosedChannelException ex) {
			throw ex;
		}
		catch (IOException | OutOfMemoryError ex) {
			// Out of file descriptors or threads: for now, but not for ever.
			logger.error("Control socket {} could not accept a worker; trying again", this.socket, ex);
			Thread.sleep(ACCEPT_PAUSE_MILLIS);
		}
	}

	private void serve(SocketChannel accepted) {
		ControlConnection connection = new ControlConnection("cluster-control", accepted);
		WorkerId worker = authenticate(connection);
		if (worker == null) {
			connection.close();
			return;
		}
		Thread.currentThread().setName("cluster-control-" + worker);
		connection.startWriter();
		this.connections.put(worker, connection);
		this.listener.connected(worker, connection);
		try {
			connection.readAll((message) -> {
				if (message instanceof FromWorker fromWorker) {
					this.listener.received(worker, fromWorker);
				}
				else {
					logger.warn("Worker {} sent a message that only launchers send: ignored", worker);
				}
			});
		}
		finally {
			this.connections.remove(worker, connection);
			this.listener.disconnected(worker);
		}
	}

	private @Nullable WorkerId authenticate(ControlConnection connection) {
		try {
			if (connection.read() instanceof Hello hello && isAdmitted(hello)) {
				return hello.worker();
			}
			logger.warn("A process that is not one of the workers called at {}: turned away", this.socket);
		}
		catch (IOException ex) {
			logger.debug("A caller at {} left before it said who it is: {}", this.socket, ex.getMessage());
		}
		return null;
	}

	private boolean isAdmitted(Hello hello) {
		String credential = this.credentials.get(hello.worker());
		return credential != null && !this.connections.containsKey(hello.worker()) && MessageDigest
			.isEqual(credential.getBytes(StandardCharsets.UTF_8), hello.credential().getBytes(StandardCharsets.UTF_8));
	}

	private static void startThread(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
	}

}

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
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlMessage.Ask;
import io.github.bootcluster.control.ControlMessage.FromLauncher;
import io.github.bootcluster.control.ControlMessage.FromWorker;
import io.github.bootcluster.control.ControlMessage.Hello;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The launcher's end of the control channel: a Unix domain socket that each worker
 * connects to, and every operator's process that wants something. A caller that cannot
 * prove to be an admitted worker, and is no operator either, is turned away.
 */
public final class ControlServer implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ControlServer.class);

	private static final long ACCEPT_PAUSE_MILLIS = 100;

	/** Bytes that the first message of a caller may have. */
	static final int MAX_INTRODUCTION = 16 * 1024;

	/** Time for it to come. */
	private static final Duration INTRODUCTION_TIMEOUT = Duration.ofSeconds(10);

	/** Callers that may be silent at the same time; further ones are let in later. */
	private static final int MAX_SILENT = 64;

	private final Path socket;

	private final ServerSocketChannel channel;

	private final ControlListener listener;

	private final OperatorEntrance operators;

	private final Duration introductionTimeout;

	private final Semaphore silent = new Semaphore(MAX_SILENT);

	private final SecureRandom random = new SecureRandom();

	/** Written by the launcher's threads, read by the connections' readers. */
	private final Map<WorkerId, String> credentials = new ConcurrentHashMap<>();

	/** Written by each connection's reader, read by senders. */
	private final Map<WorkerId, ControlConnection> connections = new ConcurrentHashMap<>();

	private ControlServer(Path socket, ServerSocketChannel channel, ControlListener listener,
			OperatorEntrance operators, Duration introductionTimeout) {
		this.socket = socket;
		this.channel = channel;
		this.listener = listener;
		this.operators = operators;
		this.introductionTimeout = introductionTimeout;
	}

	/**
	 * Listen at a path.
	 * @param socket path of the socket, in a directory that only its owner can enter; a
	 * file left there by a launcher that died is replaced
	 * @param listener told what happens on the connections of workers, by their threads
	 * @param operators answers operators
	 * @throws IOException if the socket cannot be made
	 */
	public static ControlServer open(Path socket, ControlListener listener, OperatorListener operators)
			throws IOException {
		return open(socket, listener, operators, INTRODUCTION_TIMEOUT);
	}

	static ControlServer open(Path socket, ControlListener listener, OperatorListener operators,
			Duration introductionTimeout) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			Files.deleteIfExists(socket);
			channel.bind(UnixDomainSocketAddress.of(socket));
			if (Files.getFileAttributeView(socket, PosixFileAttributeView.class) != null) {
				Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
			}
			ControlServer server = new ControlServer(socket, channel, listener, new OperatorEntrance(socket, operators),
					introductionTimeout);
			startThread("cluster-control-accept", server::acceptAll);
			return server;
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
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
		this.silent.acquire();
		SocketChannel unserved = null;
		boolean served = false;
		try {
			SocketChannel accepted = this.channel.accept();
			unserved = accepted;
			startThread("cluster-control-reader", () -> serve(accepted));
			served = true;
		}
		catch (ClosedChannelException ex) {
			throw ex;
		}
		catch (IOException | OutOfMemoryError ex) {
			// Out of file descriptors or threads: for now, but not for ever.
			logger.error("Control socket {} could not accept a worker; trying again", this.socket, ex);
			Thread.sleep(ACCEPT_PAUSE_MILLIS);
		}
		finally {
			if (!served) {
				this.silent.release();
				close(unserved);
			}
		}
	}

	private void close(@Nullable SocketChannel accepted) {
		try {
			if (accepted != null) {
				accepted.close();
			}
		}
		catch (IOException ex) {
			logger.debug("A connection at {} could not be closed: {}", this.socket, ex.getMessage());
		}
	}

	private void serve(SocketChannel accepted) {
		try {
			ControlConnection connection;
			ControlMessage first;
			try {
				connection = new ControlConnection("cluster-control", accepted);
				first = introduce(connection, accepted);
			}
			finally {
				this.silent.release();
			}
			serve(first, connection, accepted);
		}
		finally {
			close(accepted);
		}
	}

	private void serve(@Nullable ControlMessage first, ControlConnection connection, SocketChannel accepted) {
		try {
			if (first instanceof Ask ask) {
				Thread.currentThread().setName("cluster-control-operator");
				this.operators.serve(ask, accepted);
			}
			else if (first instanceof Hello hello && isAdmitted(hello)) {
				serve(hello.worker(), connection);
			}
			else if (first != null) {
				logger.warn("A process that is not one of the workers called at {}: turned away", this.socket);
			}
		}
		finally {
			connection.close();
		}
	}

	private void serve(WorkerId worker, ControlConnection connection) {
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
					logger.warn("Worker {} sent a message that workers do not send: ignored", worker);
				}
			});
		}
		finally {
			this.connections.remove(worker, connection);
			this.listener.disconnected(worker);
		}
	}

	/**
	 * Wait for a caller to say who it is.
	 * @return {@code null} if it says nothing that makes sense, or nothing in time
	 */
	private @Nullable ControlMessage introduce(ControlConnection connection, SocketChannel accepted) {
		CompletableFuture<@Nullable Void> inTime = new CompletableFuture<>();
		inTime.orTimeout(this.introductionTimeout.toMillis(), TimeUnit.MILLISECONDS).exceptionally((late) -> {
			connection.close();
			return null;
		});
		try {
			byte[] first = connection.readFirst(MAX_INTRODUCTION);
			// What takes time from now on is not for the caller to answer for.
			return inTime.complete(null) ? ControlCodec.decode(first) : null;
		}
		catch (UnreadableMessageException ex) {
			logger.warn("A caller at {} was turned away. {}", this.socket, ex.getMessage());
			inTime.complete(null);
			OperatorEntrance.refuse(accepted,
					"The launcher does not understand this command line: is it of another version?");
		}
		catch (IOException ex) {
			logger.debug("A caller at {} left before it said who it is: {}", this.socket, ex.getMessage());
		}
		finally {
			inTime.complete(null);
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

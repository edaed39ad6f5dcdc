package io.github.bootcluster.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlMessage.FromLauncher;
import io.github.bootcluster.control.ControlMessage.FromWorker;
import io.github.bootcluster.control.ControlMessage.Hello;
import io.github.bootcluster.control.ControlMessage.ShutDown;
import io.github.bootcluster.control.ControlMessage.Welcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's end of the control channel. Its end means the end of the launcher, however
 * that died: the kernel closes the socket.
 */
public final class ControlClient implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ControlClient.class);

	private final ControlConnection connection;

	private final Welcome welcome;

	/** What was sent to everybody before this worker's welcome was ready. */
	private final List<FromLauncher> early;

	private ControlClient(ControlConnection connection, Welcome welcome, List<FromLauncher> early) {
		this.connection = connection;
		this.welcome = welcome;
		this.early = List.copyOf(early);
	}

	/**
	 * Call the launcher and wait for its welcome.
	 * @throws IOException if nobody listens there, or it turned this worker away
	 */
	public static ControlClient connect(Path socket, WorkerId worker, String credential) throws IOException {
		// Before the call, which the launcher ends if nothing is said for long: the first
		// message to be written is one for which much has to be loaded.
		ByteBuffer hello = ControlCodec.encode(new Hello(worker, credential));
		SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			channel.connect(UnixDomainSocketAddress.of(socket));
			ControlConnection connection = new ControlConnection("cluster-control", channel);
			connection.startWriter();
			connection.sendEncoded(hello);
			List<FromLauncher> early = new ArrayList<>();
			while (true) {
				ControlMessage message = connection.read();
				if (message instanceof Welcome welcome) {
					return new ControlClient(connection, welcome, early);
				}
				if (message instanceof ShutDown) {
					throw new IOException("the launcher is stopping");
				}
				if (message instanceof FromLauncher fromLauncher) {
					early.add(fromLauncher);
				}
			}
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	/** What the launcher said first. */
	public Welcome welcome() {
		return this.welcome;
	}

	/**
	 * Start to listen, on a thread of its own.
	 * @param receiver is given every message, by that thread
	 * @param closed run once by that thread when the connection has ended
	 */
	public void listen(Consumer<FromLauncher> receiver, Runnable closed) {
		Thread reader = new Thread(() -> {
			try {
				this.early.forEach(receiver);
				this.connection.readAll((message) -> {
					if (message instanceof FromLauncher fromLauncher) {
						receiver.accept(fromLauncher);
					}
					else {
						logger.warn("The launcher sent a message that only workers send: ignored");
					}
				});
			}
			finally {
				closed.run();
			}
		}, "cluster-control-reader");
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Send a message, without waiting.
	 * @return whether it was taken; {@code false} if the launcher is gone
	 */
	public boolean send(FromWorker message) {
		return this.connection.send(message);
	}

	/** End the connection, whatever waits to be sent. Whoever listens is told. */
	@Override
	public void close() {
		this.connection.close();
	}

}

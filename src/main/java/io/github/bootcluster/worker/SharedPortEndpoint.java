package io.github.bootcluster.worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tomcat's endpoint at a port that it shares with other workers. It listens while it is
 * told to {@link #accept}, not from its start to its end; and it leaves in good order,
 * where Tomcat's own drops what it has accepted once it is paused: first nobody new
 * comes, then every answer says that it is the last one of its connection, and only what
 * is idle after {@link #LINGER} is closed.
 */
class SharedPortEndpoint extends NioEndpoint {

	/**
	 * Time for connections that were kept alive, or are so new that their first request
	 * is still under way, to be told of the end by an answer.
	 */
	static final Duration LINGER = Duration.ofSeconds(2);

	private static final Logger logger = LoggerFactory.getLogger(SharedPortEndpoint.class);

	private static final long POLL_MILLIS = 10;

	/** {@code null} while Tomcat has not bound it. */
	private volatile @Nullable SharedListener listener;

	/** Whether connections are wanted, also of a listener that is to come. */
	private volatile boolean accepting;

	/** Listen, or no more. What is connected is answered in either case. */
	void accept(boolean accepting) {
		this.accepting = accepting;
		SharedListener listener = this.listener;
		if (listener != null) {
			tell(listener);
		}
	}

	private void tell(SharedListener listener) {
		if (this.accepting) {
			listener.listen();
		}
		else {
			listener.retire();
		}
	}

	/** The answer to a request is the last one of its connection if this is 1. */
	@Override
	public int getMaxKeepAliveRequests() {
		return (isRunning() && !this.accepting) ? 1 : super.getMaxKeepAliveRequests();
	}

	@Override
	protected void initServerSocket() throws Exception {
		InetSocketAddress address = (getAddress() != null) ? new InetSocketAddress(getAddress(), getPortWithOffset())
				: new InetSocketAddress(getPortWithOffset());
		SharedListener listener = SharedListener.at(address, getAcceptCount());
		this.listener = listener;
		tell(listener);
	}

	@Override
	protected @Nullable NetworkChannel getServerSocket() {
		SharedListener listener = this.listener;
		return (listener != null) ? listener.place() : null;
	}

	/** Nothing only when this is paused, so that Tomcat does not use it. */
	@Override
	protected @Nullable SocketChannel serverSocketAccept() throws Exception {
		SharedListener listener = this.listener;
		return (listener != null) ? listener.accept() : null;
	}

	/** Tomcat's own way is to connect, which may reach another worker here. */
	@Override
	protected void unlockAccept() {
		SharedListener listener = this.listener;
		if (listener != null) {
			listener.release();
		}
	}

	@Override
	protected void destroySocket(@Nullable SocketChannel socket) {
		if (socket != null) {
			super.destroySocket(socket);
		}
		else {
			countDownConnection();
		}
	}

	@Override
	protected void doCloseServerSocket() throws IOException {
		SharedListener listener = this.listener;
		if (listener != null) {
			this.listener = null;
			listener.close();
		}
	}

	/** From here on Tomcat answers no request that has not begun. */
	@Override
	public void pause() {
		SharedListener listener = this.listener;
		if (isRunning() && !isPaused() && listener != null) {
			leave(listener);
		}
		super.pause();
	}

	@Override
	public void resume() {
		super.resume();
		accept(true);
	}

	private void leave(SharedListener listener) {
		accept(false);
		// Lets HTTP/2 connections tell their clients.
		getHandler().pause();
		try {
			long deadline = System.nanoTime() + LINGER.toNanos();
			if (!listener.awaitRetired(LINGER)) {
				logger.warn("The queue of port {} could not be emptied, since all of server.tomcat.max-connections "
						+ "are in use: connections in it are reset", getPortWithOffset());
			}
			while (!getConnections().isEmpty() && System.nanoTime() - deadline < 0) {
				Thread.sleep(POLL_MILLIS);
			}
			getConnections().stream().filter(SharedPortEndpoint::isIdle).forEach(SocketWrapperBase::close);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			logger.warn("Interrupted while connections were told of the end: they are closed");
		}
	}

	/** Whether Tomcat waits for a request there, and has nothing of it. */
	private static boolean isIdle(SocketWrapperBase<?> connection) {
		ReentrantLock lock = connection.getLock();
		if (!lock.tryLock()) {
			return false;
		}
		try {
			return connection instanceof NioSocketWrapper waiting && waiting.interestOpsHas(SelectionKey.OP_READ)
					&& waiting.getCurrentProcessor() == null;
		}
		finally {
			lock.unlock();
		}
	}

}

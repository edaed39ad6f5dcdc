package io.github.bootcluster.worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The listening socket of one process at a port that it shares with others of the same
 * user ({@code SO_REUSEPORT}, Linux): it is open exactly while connections are wanted,
 * for the system sends some to every socket that listens.
 * <p>
 * What is in the queue of a listening socket when it is closed is reset, unless the
 * system moves it to another ({@code net.ipv4.tcp_migrate_req=1}). So it is emptied
 * first, and closed by the very thread that has just found it empty; what is left is the
 * moment between two system calls, and handshakes that are half done by then.
 * <p>
 * One thread {@link #accept() accepts}, and opens and closes the socket; any thread may
 * say whether it shall.
 */
final class SharedListener implements AutoCloseable {

	private final int backlog;

	/** Bound, not listening: keeps port and address known while nobody listens. */
	private final SocketChannel place;

	private final InetSocketAddress address;

	private final Selector selector;

	private final Object monitor = new Object();

	private volatile boolean wanted;

	private volatile boolean released;

	/** Written with the monitor held, by the accepting thread and who closes this. */
	private volatile @Nullable ServerSocketChannel channel;

	/** Guarded by the monitor. */
	private boolean closed;

	private SharedListener(SocketChannel place, InetSocketAddress address, Selector selector, int backlog) {
		this.place = place;
		this.address = address;
		this.selector = selector;
		this.backlog = backlog;
	}

	/**
	 * Take a place at a port, without listening.
	 * @param address where; with port 0 a free one that is not shared yet
	 * @param backlog length of the queue
	 * @throws IOException if somebody has it who does not share it with this user
	 */
	static SharedListener at(InetSocketAddress address, int backlog) throws IOException {
		SocketChannel place = SocketChannel.open();
		try {
			place.setOption(StandardSocketOptions.SO_REUSEPORT, true);
			// Connections of before that wait for their end do not matter.
			place.setOption(StandardSocketOptions.SO_REUSEADDR, true);
			place.bind(address);
			return new SharedListener(place, (InetSocketAddress) place.getLocalAddress(), Selector.open(), backlog);
		}
		catch (IOException | RuntimeException ex) {
			place.close();
			throw ex;
		}
	}

	/** What has the address, whether or not anything listens there. */
	NetworkChannel place() {
		return this.place;
	}

	/** From now on connections are wanted. */
	void listen() {
		this.released = false;
		this.wanted = true;
		wakeUp();
	}

	/** No more connections: those that have arrived are the last ones. */
	void retire() {
		this.wanted = false;
		wakeUp();
	}

	/**
	 * Wait until nothing listens any more.
	 * @return whether that is so; if not, the accepting thread is busy elsewhere
	 */
	boolean awaitRetired(Duration timeout) throws InterruptedException {
		long deadline = System.nanoTime() + timeout.toNanos();
		synchronized (this.monitor) {
			while (this.channel != null) {
				long left = (deadline - System.nanoTime()) / 1_000_000;
				if (left <= 0) {
					return false;
				}
				this.monitor.wait(left);
			}
		}
		return true;
	}

	/** Have {@link #accept()} come back without a connection. */
	void release() {
		this.released = true;
		wakeUp();
	}

	/**
	 * Wait for a connection.
	 * @return a connection, or {@code null} once this is released
	 * @throws IOException if the socket cannot be opened, or a connection not be taken
	 */
	@Nullable SocketChannel accept() throws IOException {
		try {
			while (!this.released) {
				SocketChannel accepted = tryToAccept();
				if (accepted != null) {
					return accepted;
				}
				// Looking for the last connection may have swallowed the wake-up of a
				// release.
				if (!this.released && this.wanted == (this.channel != null)) {
					this.selector.select((ready) -> {
						// Which one it is, is known.
					});
				}
			}
		}
		catch (ClosedSelectorException | ClosedChannelException ex) {
			// Closed meanwhile, whichever of the two was met first.
		}
		return null;
	}

	private @Nullable SocketChannel tryToAccept() throws IOException {
		ServerSocketChannel open = this.channel;
		if (this.wanted) {
			open = (open != null) ? open : open();
			if (open.keyFor(this.selector) == null) {
				open.register(this.selector, SelectionKey.OP_ACCEPT);
			}
			return open.accept();
		}
		return (open != null) ? acceptLastOrClose(open) : null;
	}

	/** A channel that a selector knows would not be closed at once. */
	private @Nullable SocketChannel acceptLastOrClose(ServerSocketChannel open) throws IOException {
		SelectionKey key = open.keyFor(this.selector);
		if (key != null) {
			key.cancel();
			this.selector.selectNow();
		}
		SocketChannel last = open.accept();
		if (last == null) {
			open.close();
			listensNoMore();
		}
		return last;
	}

	private ServerSocketChannel open() throws IOException {
		ServerSocketChannel open = ServerSocketChannel.open();
		try {
			open.setOption(StandardSocketOptions.SO_REUSEPORT, true);
			open.bind(this.address, this.backlog);
			open.configureBlocking(false);
		}
		catch (IOException | RuntimeException ex) {
			open.close();
			throw ex;
		}
		synchronized (this.monitor) {
			if (this.closed) {
				open.close();
				throw new ClosedSelectorException();
			}
			this.channel = open;
		}
		return open;
	}

	private void listensNoMore() {
		synchronized (this.monitor) {
			this.channel = null;
			this.monitor.notifyAll();
		}
	}

	private void wakeUp() {
		synchronized (this.monitor) {
			if (!this.closed) {
				this.selector.wakeup();
			}
		}
	}

	/** Close all of it, whatever waits in the queue. */
	@Override
	public void close() throws IOException {
		this.wanted = false;
		this.released = true;
		synchronized (this.monitor) {
			this.closed = true;
			if (this.channel != null) {
				this.channel.close();
				listensNoMore();
			}
			this.selector.close();
			this.place.close();
		}
	}

}

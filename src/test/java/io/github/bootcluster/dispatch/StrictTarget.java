package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * A worker's web server that takes what it is sent at its word: keeps every byte, reads
 * it with {@link StrictHttp} and answers each whole request. One thread owns all of it,
 * so that "it saw nothing" can be asked of a moment at which nothing is left unread.
 */
final class StrictTarget implements AutoCloseable {

	private final Selector selector;

	private final ServerSocketChannel server;

	private final Thread thread;

	private final Queue<Runnable> questions = new ConcurrentLinkedQueue<>();

	private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);

	/** Owned by the thread, as are the connections themselves. */
	private final Set<Connection> connections = new LinkedHashSet<>();

	/** Owned by the thread. */
	private Seen seen = Seen.nothing();

	private StrictTarget() throws IOException {
		this.selector = Selector.open();
		this.server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
		this.server.configureBlocking(false);
		this.server.register(this.selector, SelectionKey.OP_ACCEPT);
		this.thread = new Thread(this::run, "strict-target");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	static StrictTarget start() throws IOException {
		return new StrictTarget();
	}

	int port() {
		return this.server.socket().getLocalPort();
	}

	/** What has arrived since this was asked last, once nothing is left to be read. */
	Seen takeSeen() {
		return ask(() -> {
			Seen taken = new Seen(this.seen.requests(), this.seen.faults(), this.seen.cutOff(), pending());
			this.seen = Seen.nothing();
			return taken;
		});
	}

	/** Whether no connection has a part of a request on it. */
	boolean isBetweenRequests() {
		return ask(() -> pending().isEmpty());
	}

	private <T> T ask(Supplier<T> question) {
		CompletableFuture<T> answer = new CompletableFuture<>();
		this.questions.add(() -> answer.complete(question.get()));
		this.selector.wakeup();
		return answer.join();
	}

	private List<String> pending() {
		return this.connections.stream().map(Connection::pending).filter((bytes) -> !bytes.isEmpty()).toList();
	}

	@Override
	public void close() throws IOException {
		this.selector.close();
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.server.close();
		for (Connection connection : this.connections) {
			connection.channel.close();
		}
	}

	private void run() {
		try {
			while (this.selector.isOpen()) {
				this.selector.select(this::handle);
				Runnable question = this.questions.poll();
				while (question != null) {
					while (this.selector.selectNow(this::handle) > 0) {
						continue;
					}
					question.run();
					question = this.questions.poll();
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (ClosedSelectorException ex) {
			// Closed between two rounds.
		}
	}

	private void handle(SelectionKey key) {
		try {
			if (key.isAcceptable()) {
				SocketChannel channel = this.server.accept();
				channel.configureBlocking(false);
				Connection connection = new Connection(channel);
				channel.register(this.selector, SelectionKey.OP_READ, connection);
				this.connections.add(connection);
			}
			else if (key.attachment() instanceof Connection connection) {
				read(connection);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void read(Connection connection) throws IOException {
		this.buffer.clear();
		int count;
		try {
			count = connection.channel.read(this.buffer);
		}
		catch (IOException ex) {
			// Reset, as by a dispatcher that gives a request up.
			count = -1;
		}
		if (count < 0) {
			end(connection);
			return;
		}
		this.buffer.flip();
		connection.bytes.append(StandardCharsets.ISO_8859_1.decode(this.buffer));
		String bytes = connection.bytes.toString();
		StrictHttp.Requests requests = StrictHttp.readRequests(bytes);
		for (StrictHttp.Request request : requests.whole()) {
			this.seen.requests().add(request);
			answer(connection, request);
		}
		if (requests.rest().fault() != null) {
			this.seen.faults().add(requests.rest().fault() + ": " + bytes.substring(requests.end()));
			connection.bytes.setLength(0);
			end(connection);
			return;
		}
		connection.bytes.delete(0, requests.end());
	}

	private void answer(Connection connection, StrictHttp.Request request) throws IOException {
		String text = request.method() + " " + request.target();
		String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + text.length() + "\r\n\r\n";
		ByteBuffer answer = StandardCharsets.ISO_8859_1.encode(request.method().equals("HEAD") ? head : head + text);
		while (answer.hasRemaining()) {
			try {
				connection.channel.write(answer);
			}
			catch (IOException ex) {
				// Nobody waits for it any more; the end is about to be read.
				return;
			}
		}
	}

	private void end(Connection connection) throws IOException {
		if (!connection.pending().isEmpty()) {
			this.seen.cutOff().add(connection.pending());
		}
		this.connections.remove(connection);
		connection.channel.close();
	}

	/**
	 * What a target was sent.
	 *
	 * @param requests whole requests
	 * @param faults broken rules, each with the bytes that break it
	 * @param cutOff parts of requests with which a connection ended
	 * @param pending parts of requests on connections that are still open
	 */
	record Seen(List<StrictHttp.Request> requests, List<String> faults, List<String> cutOff, List<String> pending) {

		private static Seen nothing() {
			return new Seen(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), List.of());
		}

		/** Whether not a single byte of a request arrived. */
		boolean isNothing() {
			return this.requests.isEmpty() && hasNoPart();
		}

		/** Whether nothing arrived that was not a whole request. */
		boolean hasNoPart() {
			return this.faults.isEmpty() && this.cutOff.isEmpty() && this.pending.isEmpty();
		}

	}

	private static final class Connection {

		private final SocketChannel channel;

		private final StringBuilder bytes = new StringBuilder();

		Connection(SocketChannel channel) {
			this.channel = channel;
		}

		String pending() {
			return this.bytes.toString();
		}

	}

}

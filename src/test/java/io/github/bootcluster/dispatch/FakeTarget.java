package io.github.bootcluster.dispatch;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A worker's web server as seen from outside: a thread per connection that does what its
 * script says, and a record of what it was asked.
 */
final class FakeTarget implements AutoCloseable {

	private final ServerSocket server;

	private final Script script;

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final AtomicInteger accepted = new AtomicInteger();

	private FakeTarget(Script script) throws IOException {
		this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
		this.script = script;
		start(this::accept);
	}

	static FakeTarget running(Script script) throws IOException {
		return new FakeTarget(script);
	}

	/** Answers every request with a text. */
	static FakeTarget saying(String text) throws IOException {
		return running((connection) -> {
			while (true) {
				Request request = connection.readRequest();
				if (request == null) {
					return;
				}
				connection.answer(text);
			}
		});
	}

	/** Answers the first request of every connection with these bytes. */
	static FakeTarget sending(String raw) throws IOException {
		return running((connection) -> {
			connection.readRequest();
			connection.write(raw);
			connection.awaitEnd();
		});
	}

	/** A port nobody listens on. */
	static int unusedPort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	int port() {
		return this.server.getLocalPort();
	}

	List<Request> requests() {
		return this.requests;
	}

	Request onlyRequest() {
		if (this.requests.size() != 1) {
			throw new AssertionError("Requests: " + this.requests);
		}
		return this.requests.get(0);
	}

	int accepted() {
		return this.accepted.get();
	}

	/** Connections that are open now. */
	int open() {
		return this.sockets.size();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	private void accept() {
		while (true) {
			try {
				Socket socket = this.server.accept();
				this.sockets.add(socket);
				Connection connection = new Connection(socket, this.accepted.incrementAndGet(), this.requests);
				start(() -> run(connection));
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void run(Connection connection) {
		try {
			this.script.run(connection);
		}
		catch (IOException | InterruptedException ex) {
			// Hung up on, as several tests intend.
		}
		finally {
			connection.closeQuietly();
			this.sockets.remove(connection.socket);
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "fake-target");
		thread.setDaemon(true);
		thread.start();
	}

	/** What happens on one connection; it is closed at the end. */
	@FunctionalInterface
	interface Script {

		void run(Connection connection) throws IOException, InterruptedException;

	}

	/**
	 * What a target was sent.
	 *
	 * @param head request line and fields
	 * @param body the body, decoded
	 * @param trailers fields after it
	 */
	record Request(String head, String body, String trailers) {

		String line() {
			return this.head.substring(0, this.head.indexOf("\r\n"));
		}

		String header(String name) {
			List<String> values = headers(name);
			return values.isEmpty() ? null : String.join("|", values);
		}

		List<String> headers(String name) {
			return Wire.headers(this.head, name);
		}

	}

	/** One accepted connection. */
	static final class Connection {

		private final Socket socket;

		private final int number;

		private final List<Request> requests;

		private final InputStream in;

		Connection(Socket socket, int number, List<Request> requests) throws IOException {
			this.socket = socket;
			this.number = number;
			this.requests = requests;
			this.in = new BufferedInputStream(socket.getInputStream());
		}

		/** Its place in the order of acceptance, from 1. */
		int number() {
			return this.number;
		}

		InputStream in() {
			return this.in;
		}

		OutputStream out() throws IOException {
			return this.socket.getOutputStream();
		}

		/** Read a whole request and record it; {@code null} at the end. */
		Request readRequest() throws IOException {
			String head = Wire.readHead(this.in);
			if (head == null) {
				return null;
			}
			Request request;
			if (!Wire.headers(head, "transfer-encoding").isEmpty()) {
				ByteArrayOutputStream body = new ByteArrayOutputStream();
				String trailers = Wire.readChunked(this.in, body);
				request = new Request(head, body.toString(StandardCharsets.ISO_8859_1), trailers);
			}
			else {
				List<String> length = Wire.headers(head, "content-length");
				int size = length.isEmpty() ? 0 : Integer.parseInt(length.get(0));
				request = new Request(head, new String(this.in.readNBytes(size), StandardCharsets.ISO_8859_1), "");
			}
			this.requests.add(request);
			return request;
		}

		/** Read a head only, and record it. */
		Request readHead() throws IOException {
			String head = Wire.readHead(this.in);
			if (head == null) {
				return null;
			}
			Request request = new Request(head, "", "");
			this.requests.add(request);
			return request;
		}

		void answer(String text) throws IOException {
			write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + text.length() + "\r\n\r\n"
					+ text);
		}

		void write(String raw) throws IOException {
			write(raw.getBytes(StandardCharsets.ISO_8859_1));
		}

		void write(byte[] raw) throws IOException {
			// Not asked for again to be flushed: whom this makes hang up may be quicker.
			this.socket.getOutputStream().write(raw);
		}

		/** Answer no more, but go on reading. */
		void endOutput() throws IOException {
			this.socket.shutdownOutput();
		}

		/** Read until the other side hangs up. */
		void awaitEnd() throws IOException {
			while (this.in.read() >= 0) {
				continue;
			}
		}

		/** Die as a killed process does with unread data. */
		void reset() throws IOException {
			this.socket.setSoLinger(true, 0);
			this.socket.close();
		}

		void closeQuietly() {
			try {
				this.socket.close();
			}
			catch (IOException ex) {
				// Closed is closed.
			}
		}

	}

}

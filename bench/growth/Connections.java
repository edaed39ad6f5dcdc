import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps connections open and, when told to, sends requests over all of them in turn at a
 * steady rate, whether or not answers come. Time is taken from when a request was due, so
 * that one that could not be sent in time has waited, too. Ends when it is killed.
 */
public final class Connections {

	private static final ByteBuffer REQUEST = ByteBuffer
		.wrap("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

	private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(10);

	private final Connection[] connections;

	private final Selector selector = Selector.open();

	/** Of the answers so far; the thread that reads them writes it. */
	private long[] micros;

	private final AtomicInteger answered = new AtomicInteger();

	private final AtomicInteger failed = new AtomicInteger();

	private Connections(int port, int number) throws IOException {
		InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
		this.connections = new Connection[number];
		for (int i = 0; i < number; i++) {
			this.connections[i] = new Connection(server);
		}
	}

	/**
	 * Takes a port, a number of connections and a file to read orders from, each a line of
	 * a word, a rate and a number of seconds. Says {@code open} when every connection has
	 * had an answer and, of each order, {@code result}, the word, requests, microseconds,
	 * p50 and p99 in microseconds, and how many had no answer with 200.
	 */
	public static void main(String[] args) throws IOException {
		Connections connections = new Connections(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
		Thread reader = new Thread(connections::read, "reader");
		reader.setDaemon(true);
		reader.start();
		System.out.println("open");
		try (BufferedReader orders = Files.newBufferedReader(Path.of(args[2]))) {
			for (String line = orders.readLine(); line != null; line = orders.readLine()) {
				String[] order = line.split(" ");
				System.out.println("result " + order[0] + " "
						+ connections.run(Integer.parseInt(order[1]), Integer.parseInt(order[2])));
			}
		}
	}

	private String run(int rate, int seconds) throws IOException {
		int count = rate * seconds;
		this.micros = new long[count];
		this.answered.set(0);
		this.failed.set(0);
		long begin = System.nanoTime();
		for (int i = 0; i < count; i++) {
			long due = begin + i * TimeUnit.SECONDS.toNanos(1) / rate;
			for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
				LockSupport.parkNanos(wait);
			}
			this.connections[i % this.connections.length].send(due);
		}
		long deadline = System.nanoTime() + LONGEST_WAIT;
		while (this.answered.get() + this.failed.get() < count && System.nanoTime() - deadline < 0) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
		}
		long end = System.nanoTime();
		for (Connection connection : this.connections) {
			connection.giveUp();
		}
		int answers = this.answered.get();
		long[] sorted = Arrays.copyOf(this.micros, answers);
		Arrays.sort(sorted);
		return count + " " + (end - begin) / 1000 + " " + part(sorted, 0.5) + " " + part(sorted, 0.99) + " "
				+ (count - answers);
	}

	private static long part(long[] sorted, double fraction) {
		return (sorted.length == 0) ? 0 : sorted[(int) Math.ceil(fraction * sorted.length) - 1];
	}

	/** The thread that takes answers. */
	private void read() {
		ByteBuffer input = ByteBuffer.allocate(16 * 1024);
		try {
			while (true) {
				this.selector.select((key) -> ((Connection) key.attachment()).read(key, input));
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Has at most one request out: the next waits for its answer. */
	private final class Connection {

		private final SocketChannel channel;

		/** When the request that is out was due, 0 if there is none, or -1 once the connection has ended. */
		private volatile long due;

		Connection(InetSocketAddress server) throws IOException {
			this.channel = SocketChannel.open(server);
			this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
			this.channel.write(REQUEST.duplicate());
			// Answers are so small here that they arrive in one piece.
			ByteBuffer answer = ByteBuffer.allocate(1024);
			if (this.channel.read(answer) < 0 || !is200(answer)) {
				throw new IOException("A new connection got no answer.");
			}
			this.channel.configureBlocking(false);
			this.channel.register(Connections.this.selector, SelectionKey.OP_READ, this);
		}

		void send(long due) {
			long deadline = System.nanoTime() + LONGEST_WAIT;
			while (this.due > 0 && System.nanoTime() - deadline < 0) {
				LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
			}
			if (this.due != 0) {
				Connections.this.failed.incrementAndGet();
				return;
			}
			this.due = due;
			try {
				this.channel.write(REQUEST.duplicate());
			}
			catch (IOException ex) {
				// The reader meets it as well, and counts it.
			}
		}

		/** So that what is late is not taken for an answer of the next run. */
		void giveUp() throws IOException {
			if (this.due > 0) {
				this.due = -1;
				this.channel.close();
			}
		}

		void read(SelectionKey key, ByteBuffer input) {
			long due = this.due;
			int count;
			try {
				count = this.channel.read(input.clear());
			}
			catch (IOException ex) {
				count = -1;
			}
			if (count < 0) {
				key.cancel();
				this.due = -1;
			}
			if (due <= 0) {
				return;
			}
			if (count < 0 || !is200(input)) {
				Connections.this.failed.incrementAndGet();
			}
			else {
				Connections.this.micros[Connections.this.answered.get()] = (System.nanoTime() - due) / 1000;
				// The other thread sees the figure once it sees this.
				Connections.this.answered.incrementAndGet();
			}
			if (count >= 0) {
				this.due = 0;
			}
		}

		private boolean is200(ByteBuffer answer) {
			return answer.position() > 12 && answer.get(9) == '2' && answer.get(10) == '0' && answer.get(11) == '0';
		}

	}

}

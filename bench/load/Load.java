import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A load that loses no failure: connections, kept alive unless told otherwise, each of
 * which sends its next request when it has its answer, and nothing is ever sent again.
 * Each request has one end: it is answered, or broken (the connection ended before the
 * whole answer was there, however politely), or refused (there was no connection to send
 * it over), or timed out. After the last second, or when it is sent a TERM before, no
 * more are sent, and those that are out are waited for.
 * <p>
 * Prints lines of a word and figures: {@code requests}, {@code answered} (with 200),
 * {@code status} (any other, with its number), {@code broken}, {@code refused},
 * {@code timeouts}, {@code failed} (all of these together), {@code rate} (answers in a
 * second while requests are sent, the first fifth of that time, 2 s at most, left out: all
 * clients come at once then, and a server that works at all of them at the same time
 * answers none for a while), {@code micros} (p50, p97.5, p99 and the longest of those that were
 * answered or timed out), {@code cpu} (microseconds of the processor that this process
 * took, its start included) and {@code body}, how often each first line of an answer came.
 */
public final class Load {

	/** So that a port nobody listens on is not asked as fast as the loop can turn. */
	private static final long PAUSE_AFTER_REFUSAL = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long LONGEST_START = TimeUnit.SECONDS.toNanos(2);

	private static final long SCAN_INTERVAL = TimeUnit.MILLISECONDS.toNanos(10);

	private final InetSocketAddress server;

	private final byte[] request;

	private final long timeout;

	private final long begin = System.nanoTime();

	private volatile long end;

	/** From when on answers count in the rate. */
	private final long steady;

	private final Selector selector = Selector.open();

	private final List<Connection> connections = new ArrayList<>();

	private final Map<String, Integer> bodies = new HashMap<>();

	private final Map<Integer, Integer> statuses = new TreeMap<>();

	private long[] micros = new long[1 << 16];

	private int times;

	private int answers;

	private int answeredInTime;

	private int requests;

	private int broken;

	private int refused;

	private int timeouts;

	private Load(Options options) throws IOException {
		this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), options.number("port", 0));
		this.request = ("GET " + options.text("path", "/hello") + " HTTP/1.1\r\nHost: localhost:" + this.server.getPort()
				+ (options.text("keep-alive", "yes").equals("no") ? "\r\nConnection: close" : "") + "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
		this.timeout = TimeUnit.SECONDS.toNanos(options.number("timeout", 10));
		this.end = this.begin + TimeUnit.SECONDS.toNanos(options.number("seconds", 10));
		this.steady = this.begin + Math.min((this.end - this.begin) / 5, LONGEST_START);
		for (int i = 0; i < options.number("connections", 200); i++) {
			this.connections.add(new Connection());
		}
	}

	/**
	 * Options: {@code --port=N}, {@code --path=/hello}, {@code --connections=200},
	 * {@code --seconds=10}, {@code --timeout=10} (seconds), {@code --keep-alive=no}.
	 */
	public static void main(String[] arguments) throws IOException {
		Load load = new Load(new Options(arguments));
		load.endEarlyWhenTold(Thread.currentThread());
		load.run();
	}

	/** Until this returns the JVM lives, and prints. */
	private void endEarlyWhenTold(Thread runner) {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			this.end = Math.min(this.end, System.nanoTime());
			try {
				runner.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}));
	}

	private void run() throws IOException {
		for (Connection connection : this.connections) {
			connection.next();
		}
		long scan = this.begin;
		// At the end some may still be out: they are waited for.
		while (System.nanoTime() < this.end || this.connections.stream().anyMatch((connection) -> connection.isOut)) {
			this.selector.select((key) -> ((Connection) key.attachment()).advance(key), 5);
			if (System.nanoTime() - scan > SCAN_INTERVAL) {
				this.connections.forEach(Connection::look);
				scan = System.nanoTime();
			}
		}
		print();
	}

	private void print() {
		long[] sorted = Arrays.copyOf(this.micros, this.times);
		Arrays.sort(sorted);
		int others = this.statuses.values().stream().mapToInt(Integer::intValue).sum();
		System.out.println("requests " + this.requests);
		System.out.println("answered " + (this.answers - others));
		this.statuses.forEach((status, count) -> System.out.println("status " + status + " " + count));
		System.out.println("broken " + this.broken);
		System.out.println("refused " + this.refused);
		System.out.println("timeouts " + this.timeouts);
		System.out.println("failed " + (others + this.broken + this.refused + this.timeouts));
		System.out.println("rate " + this.answeredInTime * 1e9 / (this.end - this.steady));
		System.out.println("micros " + part(sorted, 0.5) + " " + part(sorted, 0.975) + " " + part(sorted, 0.99) + " "
				+ part(sorted, 1));
		ProcessHandle.current()
			.info()
			.totalCpuDuration()
			.ifPresent((time) -> System.out.println("cpu " + time.toNanos() / 1000));
		this.bodies.forEach((body, count) -> System.out.println("body " + count + " " + body));
	}

	private static long part(long[] sorted, double fraction) {
		return (sorted.length == 0) ? 0 : sorted[(int) Math.ceil(fraction * sorted.length) - 1];
	}

	/** One client. It has a request out, or waits to be allowed another one, or is done. */
	private final class Connection {

		private final ByteBuffer output = ByteBuffer.wrap(Load.this.request);

		private final ByteBuffer input = ByteBuffer.allocate(64 * 1024);

		private SocketChannel channel;

		private boolean isOut;

		private long sentAt;

		/** When to try again after a refusal. */
		private long pausedUntil;

		void next() {
			if (System.nanoTime() - Load.this.end >= 0) {
				return;
			}
			this.isOut = true;
			this.sentAt = System.nanoTime();
			Load.this.requests++;
			this.output.rewind();
			this.input.clear();
			try {
				if (this.channel == null) {
					connect();
				}
				else {
					write();
				}
			}
			catch (IOException ex) {
				failed();
			}
		}

		private void connect() throws IOException {
			this.channel = SocketChannel.open();
			this.channel.configureBlocking(false);
			this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
			boolean connected = this.channel.connect(Load.this.server);
			this.channel.register(Load.this.selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
			if (connected) {
				write();
			}
		}

		/** It is far smaller than what a socket takes at once. */
		private void write() throws IOException {
			this.channel.write(this.output);
			if (this.output.hasRemaining()) {
				throw new IOException("A socket took less than a request.");
			}
		}

		void advance(SelectionKey key) {
			try {
				if (key.isConnectable()) {
					this.channel.finishConnect();
					key.interestOps(SelectionKey.OP_READ);
					write();
				}
				else if (key.isReadable()) {
					read();
				}
			}
			catch (IOException ex) {
				failed();
			}
		}

		private void read() throws IOException {
			int count = this.channel.read(this.input);
			if (!this.isOut) {
				// Done, and the server has said good-bye or more than it was asked for.
				close();
				return;
			}
			Answer answer = Answer.of(this.input, count < 0);
			if (answer != null) {
				answered(answer, count < 0);
			}
			else if (count < 0) {
				failed();
			}
		}

		private void answered(Answer answer, boolean ended) {
			this.isOut = false;
			long now = System.nanoTime();
			Load.this.answers++;
			took(now - this.sentAt);
			if (answer.status() != 200) {
				Load.this.statuses.merge(answer.status(), 1, Integer::sum);
			}
			else {
				Load.this.bodies.merge(answer.firstLine(), 1, Integer::sum);
				Load.this.answeredInTime += (now - Load.this.steady >= 0 && now - Load.this.end < 0) ? 1 : 0;
			}
			if (ended || answer.last()) {
				close();
			}
			next();
		}

		private void took(long nanos) {
			if (Load.this.times == Load.this.micros.length) {
				Load.this.micros = Arrays.copyOf(Load.this.micros, Load.this.times * 2);
			}
			Load.this.micros[Load.this.times++] = nanos / 1000;
		}

		private void failed() {
			this.isOut = false;
			if (this.channel.isConnected()) {
				Load.this.broken++;
				close();
				next();
			}
			else {
				Load.this.refused++;
				close();
				this.pausedUntil = System.nanoTime() + PAUSE_AFTER_REFUSAL;
			}
		}

		/** Sees to what no socket tells. */
		void look() {
			long now = System.nanoTime();
			if (this.isOut && now - this.sentAt >= Load.this.timeout) {
				this.isOut = false;
				Load.this.timeouts++;
				took(now - this.sentAt);
				close();
				next();
			}
			else if (!this.isOut && this.pausedUntil != 0 && now - this.pausedUntil >= 0) {
				this.pausedUntil = 0;
				next();
			}
		}

		private void close() {
			try {
				this.channel.close();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
			this.channel = null;
		}

	}

	/** A whole answer: its status, the first line of its body, and whether it is the connection's last. */
	private record Answer(int status, String firstLine, boolean last) {

		/** Null if it is not all there. */
		static Answer of(ByteBuffer input, boolean ended) {
			String text = new String(input.array(), 0, input.position(), StandardCharsets.ISO_8859_1);
			int headEnd = text.indexOf("\r\n\r\n");
			if (headEnd < 0) {
				return null;
			}
			String head = text.substring(0, headEnd).toLowerCase(Locale.ROOT);
			String body = text.substring(headEnd + 4);
			String length = field(head, "content-length");
			if (length != null) {
				if (body.length() < Integer.parseInt(length)) {
					return null;
				}
			}
			else if ("chunked".equals(field(head, "transfer-encoding"))) {
				if (!body.endsWith("0\r\n\r\n")) {
					return null;
				}
				body = body.substring(body.indexOf('\n') + 1);
			}
			else if (!ended) {
				return null;
			}
			if (!input.hasRemaining()) {
				throw new IllegalStateException("An answer is larger than this load is for.");
			}
			return new Answer(Integer.parseInt(head.substring(9, 12)), body.lines().findFirst().orElse(""),
					"close".equals(field(head, "connection")));
		}

		private static String field(String head, String name) {
			int at = head.indexOf("\r\n" + name + ":");
			if (at < 0) {
				return null;
			}
			int valueEnd = head.indexOf("\r\n", at + 2);
			return head.substring(at + name.length() + 3, (valueEnd < 0) ? head.length() : valueEnd).trim();
		}

	}

}

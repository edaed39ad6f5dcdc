import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All kinds of clients at once, each a thread with blocking sockets. Nothing is ever sent
 * again, and each request has one end. Each has a target of its own, by which the access
 * log tells what became of it. What did not end as it should is a line in the file of
 * suspects: time, kind, what, target, separated by tabs.
 * <p>
 * Prints a line {@code so-far SENT SUSPECTS} now and then, and at the end one line for each
 * kind: {@code kind|sent|answered|left|suspects|p50|p99|most}, times in milliseconds.
 */
public final class Soak {

	/** From when a request is sent until its answer is there. */
	private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(30);

	private static final int USUAL_BUFFER = 0;

	private static final Pattern VISITS = Pattern.compile("\"visits\":(\\d+)");

	private static final Pattern TEXT = Pattern.compile("\"text\":\"(\\S+) ");

	private final int port;

	private final long end;

	private final long seed;

	private final PrintWriter suspects;

	private final List<Kind> kinds = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	/** What the sample keeps a hundred of, all of them in an answer below 64 KiB: such a one is repeated when it breaks. */
	private final String filler = "x".repeat(400);

	private Soak(Options options) throws IOException {
		this.port = options.number("port", 0);
		this.seed = options.number("seed", 1);
		this.end = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.number("seconds", 60));
		this.suspects = new PrintWriter(new FileWriter(options.text("suspects", "suspects"), StandardCharsets.UTF_8, true), true);
	}

	/**
	 * Options: {@code --port=N}, {@code --seconds=60}, {@code --seed=1},
	 * {@code --suspects=FILE}, and {@code --name=} which makes its targets unlike those of
	 * another run.
	 */
	public static void main(String[] arguments) throws Exception {
		Options options = new Options(arguments);
		new Soak(options).run(options.text("name", "soak"));
	}

	private void run(String name) throws InterruptedException {
		add(name, "GET, kept alive", 20, 100, KeptAlive::new);
		add(name, "GET, new connection", 8, 200, NewConnection::new);
		add(name, "GET, mostly idle", 40, 30_000, KeptAlive::new);
		add(name, "GET in a session", 10, 200, Visitor::new);
		add(name, "GET, head sent slowly", 4, 500, SlowHead::new);
		add(name, "PUT, body sent slowly", 4, 500, SlowBody::new);
		add(name, "GET, answer read slowly", 4, 500, SlowReader::new);
		add(name, "GET, client leaves", 4, 250, Leaver::new);
		add(name, "GET /actuator/cluster", 2, 1000, Operator::new);
		add(name, "GET /actuator/prometheus", 1, 5000, Scraper::new);
		add(name, "GET /cluster/stream", 2, 2000, Viewer::new);
		add(name, "POST", 4, 800, Sender::new);
		long report = System.nanoTime();
		while (System.nanoTime() - this.end < 0) {
			Thread.sleep(200);
			if (System.nanoTime() - report >= TimeUnit.SECONDS.toNanos(10)) {
				report = System.nanoTime();
				System.out.println("so-far " + this.kinds.stream().mapToInt((kind) -> kind.sent.get()).sum() + " "
						+ this.kinds.stream().mapToInt((kind) -> kind.suspects.get()).sum());
			}
		}
		for (Thread thread : this.threads) {
			thread.join();
		}
		this.kinds.forEach(System.out::println);
	}

	private void add(String name, String title, int clients, int pause, java.util.function.Function<Seat, Client> type) {
		Kind kind = new Kind(title, pause);
		int number = this.kinds.size();
		this.kinds.add(kind);
		for (int i = 0; i < clients; i++) {
			Random random = new Random(this.seed * 1000 + number * 100 + i);
			Client client = type.apply(new Seat(this, kind, name + "-" + number + "-" + i, random));
			Thread thread = new Thread(client::run, title + " " + i);
			this.threads.add(thread);
			thread.start();
		}
	}

	/** Where a client sits: what it needs of the rest. */
	private record Seat(Soak soak, Kind kind, String name, Random random) {

	}

	/** Sends a request, takes the answer and pauses, until time is up. */
	private abstract static class Client {

		final Soak soak;

		final Kind kind;

		final Random random;

		Connection connection;

		String target;

		private final String name;

		private int number;

		Client(Seat seat) {
			this.soak = seat.soak;
			this.kind = seat.kind;
			this.random = seat.random;
			this.name = seat.name;
		}

		final void run() {
			// Those of a kind do not all begin at once.
			sleep(this.random.nextInt(this.kind.pause));
			while (System.nanoTime() - this.soak.end < 0) {
				once();
				long pause = this.kind.pause / 2 + this.random.nextInt(this.kind.pause);
				sleep(Math.min(pause, TimeUnit.NANOSECONDS.toMillis(this.soak.end - System.nanoTime())));
			}
			hangUp();
		}

		private void once() {
			this.target = path() + "?" + this.name + "-" + ++this.number;
			this.kind.sent.incrementAndGet();
			long begin = System.nanoTime();
			String wrong;
			try {
				wrong = request();
				this.kind.took(System.nanoTime() - begin);
			}
			catch (ConnectException ex) {
				wrong = "refused";
			}
			catch (SocketTimeoutException ex) {
				wrong = "timeout";
			}
			catch (IOException ex) {
				wrong = "broken: " + ex.getMessage();
			}
			catch (RuntimeException ex) {
				// What it read is no answer. No death of a worker excuses that.
				wrong = "malformed: " + ex;
			}
			if (wrong != null) {
				this.kind.suspects.incrementAndGet();
				this.soak.suspects.println(Instant.now() + "\t" + this.kind.title + "\t" + wrong + "\t" + this.target);
				hangUp();
			}
		}

		abstract String path();

		/** What was wrong, or null. */
		abstract String request() throws IOException;

		String head(String method, String fields) {
			return method + " " + this.target + " HTTP/1.1\r\nHost: localhost:" + this.soak.port + "\r\n" + fields + "\r\n";
		}

		/** Connects unless there is a connection. */
		Connection connection(int receiveBuffer) throws IOException {
			if (this.connection == null) {
				this.connection = new Connection(this.soak.port, receiveBuffer);
			}
			return this.connection;
		}

		String answered(Answer answer, int expected) {
			if (answer.last) {
				hangUp();
			}
			if (answer.status != expected) {
				return "status " + answer.status;
			}
			this.kind.answered.incrementAndGet();
			return null;
		}

		void hangUp() {
			if (this.connection != null) {
				this.connection.close();
				this.connection = null;
			}
		}

		static void sleep(long millis) {
			try {
				Thread.sleep(Math.max(0, millis));
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	private static class KeptAlive extends Client {

		KeptAlive(Seat seat) {
			super(seat);
		}

		@Override
		String path() {
			return "/hello";
		}

		@Override
		String request() throws IOException {
			Answer answer = connection(USUAL_BUFFER).send(head("GET", "")).answer();
			if (answer.status == 200 && !answer.body.startsWith("Hello from ")) {
				return "wrong answer: " + answer.body;
			}
			return answered(answer, 200);
		}

	}

	private static final class NewConnection extends KeptAlive {

		NewConnection(Seat seat) {
			super(seat);
		}

		@Override
		String request() throws IOException {
			hangUp();
			return super.request();
		}

	}

	private static final class Operator extends Client {

		Operator(Seat seat) {
			super(seat);
		}

		@Override
		String path() {
			return "/actuator/cluster";
		}

		@Override
		String request() throws IOException {
			return answered(connection(USUAL_BUFFER).send(head("GET", "")).answer(), 200);
		}

	}

	private static final class Scraper extends Client {

		Scraper(Seat seat) {
			super(seat);
		}

		@Override
		String path() {
			return "/actuator/prometheus";
		}

		@Override
		String request() throws IOException {
			return answered(connection(USUAL_BUFFER).send(head("GET", "")).answer(), 200);
		}

	}

	/** Has a session, and counts along. */
	private static final class Visitor extends Client {

		private String cookie = "";

		private long visits;

		Visitor(Seat seat) {
			super(seat);
		}

		@Override
		String path() {
			return "/visits";
		}

		@Override
		String request() throws IOException {
			Answer answer = connection(USUAL_BUFFER).send(head("GET", this.cookie)).answer();
			String wrong = answered(answer, 200);
			return (wrong != null) ? wrong : count(answer);
		}

		private String count(Answer answer) {
			String fresh = answer.field("set-cookie");
			boolean isLost = fresh != null && !this.cookie.isEmpty();
			if (fresh != null) {
				this.cookie = "Cookie: " + fresh.split(";")[0] + "\r\n";
			}
			Matcher matcher = VISITS.matcher(answer.body);
			if (!matcher.find()) {
				return "wrong answer: " + answer.body;
			}
			long before = this.visits;
			this.visits = Long.parseLong(matcher.group(1));
			if (isLost || this.visits <= before) {
				return "session lost: " + before + " visits, then " + this.visits;
			}
			// One that was repeated may have been counted before its worker died: the access log tells.
			return (this.visits > before + 1) ? "jump " + (this.visits - before - 1) : null;
		}

	}

	private static final class SlowHead extends Client {

		SlowHead(Seat seat) {
			super(seat);
		}

		@Override
		String path() {
			return "/hello";
		}

		@Override
		String request() throws IOException {
			Connection connection = connection(USUAL_BUFFER);
			for (char c : head("GET", "").toCharArray()) {
				connection.send(String.valueOf(c));
				sleep(30);
			}
			return answered(connection.answer(), 200);
		}

	}

	/** The sample takes no PUT, but Spring reads the whole of a form before it says so. */
	private static final class SlowBody extends Client {

		SlowBody(Seat seat) {
			super(seat);
		}

		@Override
		String path() {
			return "/hello";
		}

		@Override
		String request() throws IOException {
			Connection connection = connection(USUAL_BUFFER).send(
					head("PUT", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000\r\n"));
			connection.send("a=");
			for (int sent = 2; sent < 10_000; sent += 1666) {
				sleep(300);
				connection.send("x".repeat(Math.min(1666, 10_000 - sent)));
			}
			return answered(connection.answer(), 405);
		}

	}

	/** Also looks whether a worker got a message twice: then a POST was repeated. */
	private static final class SlowReader extends Client {

		SlowReader(Seat seat) {
			super(seat);
		}

		@Override
		String path() {
			return "/messages";
		}

		@Override
		String request() throws IOException {
			Answer answer = connection(4096).send(head("GET", "")).slowly().answer();
			Set<String> texts = new HashSet<>();
			Matcher matcher = TEXT.matcher(answer.body);
			while (matcher.find()) {
				if (!texts.add(matcher.group(1))) {
					return "executed twice: " + matcher.group(1);
				}
			}
			return answered(answer, 200);
		}

	}

	/** In the midst of its head, of the answer, or before there is one. */
	private static final class Leaver extends Client {

		Leaver(Seat seat) {
			super(seat);
		}

		@Override
		String path() {
			return this.random.nextBoolean() ? "/messages" : "/visits";
		}

		@Override
		String request() throws IOException {
			String head = head("GET", "");
			int way = this.random.nextInt(3);
			connection(USUAL_BUFFER).send((way == 0) ? head.substring(0, this.random.nextInt(head.length())) : head);
			if (way == 1) {
				this.connection.first();
			}
			this.kind.left.incrementAndGet();
			hangUp();
			return null;
		}

	}

	/** Looks at the dashboard's stream for a while. */
	private static final class Viewer extends Client {

		Viewer(Seat seat) {
			super(seat);
		}

		@Override
		String path() {
			return "/cluster/stream";
		}

		@Override
		String request() throws IOException {
			Connection connection = connection(USUAL_BUFFER).send(head("GET", ""));
			long until = Math.min(this.soak.end, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5000 + this.random.nextInt(20_000)));
			String wrong = connection.watch(until);
			if (wrong == null) {
				this.kind.answered.incrementAndGet();
			}
			hangUp();
			return wrong;
		}

	}

	/** Not to be repeated by anybody. Every other one sends its body slowly. */
	private static final class Sender extends Client {

		Sender(Seat seat) {
			super(seat);
		}

		@Override
		String path() {
			return "/broadcast";
		}

		@Override
		String request() throws IOException {
			String body = this.target + " " + this.soak.filler;
			Connection connection = connection(USUAL_BUFFER)
				.send(head("POST", "Content-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n"));
			if (this.random.nextBoolean()) {
				connection.send(body.substring(0, 10));
				sleep(500);
				connection.send(body.substring(10));
			}
			else {
				connection.send(body);
			}
			return answered(connection.answer(), 200);
		}

	}

	/** One kind of client, and what its requests came to. */
	private static final class Kind {

		final String title;

		/** Between two requests of a client, in milliseconds, on average. */
		final int pause;

		final AtomicInteger sent = new AtomicInteger();

		final AtomicInteger answered = new AtomicInteger();

		final AtomicInteger left = new AtomicInteger();

		final AtomicInteger suspects = new AtomicInteger();

		private int[] micros = new int[1024];

		private int count;

		Kind(String title, int pause) {
			this.title = title;
			this.pause = pause;
		}

		synchronized void took(long nanos) {
			if (this.count == this.micros.length) {
				this.micros = Arrays.copyOf(this.micros, this.count * 2);
			}
			this.micros[this.count++] = (int) (nanos / 1000);
		}

		@Override
		public synchronized String toString() {
			int[] sorted = Arrays.copyOf(this.micros, this.count);
			Arrays.sort(sorted);
			return String.format(Locale.ROOT, "kind|%s|%d|%d|%d|%d|%.1f|%.1f|%.1f", this.title, this.sent.get(), this.answered.get(),
					this.left.get(), this.suspects.get(), part(sorted, 0.5), part(sorted, 0.99), part(sorted, 1));
		}

		private static double part(int[] sorted, double fraction) {
			return (sorted.length == 0) ? 0 : sorted[(int) Math.ceil(fraction * sorted.length) - 1] / 1e3;
		}

	}

	/** A connection, with an answer at a time. */
	private static final class Connection {

		private final Socket socket = new Socket();

		private final OutputStream output;

		private final InputStream input;

		private boolean slowly;

		Connection(int port, int receiveBuffer) throws IOException {
			if (receiveBuffer != USUAL_BUFFER) {
				this.socket.setReceiveBufferSize(receiveBuffer);
			}
			this.socket.setTcpNoDelay(true);
			this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 30_000);
			this.output = this.socket.getOutputStream();
			this.input = new BufferedInputStream(this.socket.getInputStream(), 2048);
		}

		Connection send(String text) throws IOException {
			this.output.write(text.getBytes(StandardCharsets.ISO_8859_1));
			return this;
		}

		Connection slowly() {
			this.slowly = true;
			return this;
		}

		Answer answer() throws IOException {
			long deadline = System.nanoTime() + TIMEOUT;
			Answer answer = new Answer(head(deadline));
			String length = answer.field("content-length");
			if (length != null) {
				answer.body = body(Integer.parseInt(length), deadline);
			}
			else if ("chunked".equals(answer.field("transfer-encoding"))) {
				StringBuilder body = new StringBuilder();
				for (int size = -1; size != 0;) {
					size = Integer.parseInt(line(deadline), 16);
					body.append(body(size, deadline));
					line(deadline);
				}
				answer.body = body.toString();
			}
			else {
				throw new IOException("an answer of unknown length");
			}
			return answer;
		}

		void first() throws IOException {
			read(System.nanoTime() + TIMEOUT);
		}

		/** Reads events until then, one each TIMEOUT at least. */
		String watch(long until) throws IOException {
			Answer answer = new Answer(head(System.nanoTime() + TIMEOUT));
			if (answer.status != 200) {
				return "status " + answer.status;
			}
			do {
				line(System.nanoTime() + TIMEOUT);
			}
			while (System.nanoTime() - until < 0);
			return null;
		}

		private String head(long deadline) throws IOException {
			StringBuilder head = new StringBuilder();
			for (String line = line(deadline); !line.isEmpty(); line = line(deadline)) {
				head.append("\r\n").append(line);
			}
			return head.toString();
		}

		private String line(long deadline) throws IOException {
			StringBuilder line = new StringBuilder();
			for (int c = read(deadline); c != '\n'; c = read(deadline)) {
				line.append((char) c);
			}
			return line.toString().stripTrailing();
		}

		private String body(int length, long deadline) throws IOException {
			StringBuilder body = new StringBuilder(length);
			while (body.length() < length) {
				body.append((char) read(deadline));
				if (this.slowly && body.length() % 1024 == 0) {
					Client.sleep(50);
				}
			}
			return body.toString();
		}

		private int read(long deadline) throws IOException {
			long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
			if (millis <= 0) {
				throw new SocketTimeoutException();
			}
			this.socket.setSoTimeout((int) millis);
			int c = this.input.read();
			if (c < 0) {
				throw new EOFException("ended before the answer did");
			}
			return c;
		}

		void close() {
			try {
				this.socket.close();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	/** An answer, its head first. */
	private static final class Answer {

		final int status;

		/** Whether the connection ends with it. */
		final boolean last;

		private final String head;

		String body = "";

		Answer(String head) {
			this.head = head;
			this.status = Integer.parseInt(head.substring(11, 14));
			this.last = "close".equals(field("connection"));
		}

		String field(String name) {
			return this.head.lines()
				.filter((line) -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
				.map((line) -> line.substring(name.length() + 1).trim())
				.findFirst()
				.orElse(null);
		}

	}

}

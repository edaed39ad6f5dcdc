package io.github.bootcluster.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.WorkerId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** The requests of warm-ups, sent to real servers. */
class WarmUpRequestsTests {

	private static final WorkerId WORKER = WorkerId.of(7);

	private static final Duration LONG = Duration.ofSeconds(60);

	/** Long for a test, and short against {@link #LONG}. */
	private static final long PATIENCE_SECONDS = 20;

	private final BlockingQueue<Fact> facts = new LinkedBlockingQueue<>();

	private final BlockingQueue<HttpExchange> exchanges = new LinkedBlockingQueue<>();

	private final CountDownLatch released = new CountDownLatch(1);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private HttpServer server;

	@BeforeEach
	void startServer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		this.server.setExecutor(Executors.newCachedThreadPool((task) -> {
			Thread thread = new Thread(task);
			thread.setDaemon(true);
			return thread;
		}));
		answer("/", 200);
		answer("/missing", 404);
		answer("/moved", 302);
		this.server.createContext("/hangs", (exchange) -> {
			this.exchanges.add(exchange);
			awaitRelease();
			exchange.close();
		});
		this.server.createContext("/endless", (exchange) -> {
			this.exchanges.add(exchange);
			exchange.sendResponseHeaders(200, 0);
			exchange.getResponseBody().write('x');
			exchange.getResponseBody().flush();
			awaitRelease();
			exchange.close();
		});
		this.server.start();
		this.log.start();
		logger().setLevel(Level.WARN);
		logger().setAdditive(false);
		logger().addAppender(this.log);
	}

	@AfterEach
	void stopServer() {
		logger().detachAppender(this.log);
		logger().setAdditive(true);
		logger().setLevel(null);
		this.released.countDown();
		this.server.stop(0);
	}

	@Test
	void pathsAreRequestedInTurnOverOneConnection() throws InterruptedException {
		WarmUpRequests requests = requests(List.of("/", "/a?b=%20c"), 3, LONG);
		requests.begin(WORKER, port());
		assertThat(warmedUp()).isEqualTo(new Fact.WarmedUp(WORKER, 6));
		assertThat(this.exchanges).extracting((exchange) -> exchange.getRequestURI().toString())
			.containsExactly("/", "/a?b=%20c", "/", "/a?b=%20c", "/", "/a?b=%20c");
		assertThat(this.exchanges).extracting(HttpExchange::getRemoteAddress).containsOnly(first().getRemoteAddress());
		assertThat(first().getRequestMethod()).isEqualTo("GET");
		assertThat(first().getRequestHeaders().getFirst("User-Agent")).isEqualTo("boot-cluster warm-up");
		assertThat(warnings()).isEmpty();
	}

	@Test
	void connectionIsClosedInTheEnd() throws Exception {
		try (ServerSocket raw = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			requests(List.of("/"), 1, LONG).begin(WORKER, raw.getLocalPort());
			try (Socket connection = raw.accept()) {
				// The JDK would close it by itself, 5 seconds later.
				connection.setSoTimeout(3000);
				connection.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes());
				while (connection.getInputStream().read() >= 0) {
					// The request, then its end.
				}
			}
		}
		assertThat(warmedUp()).isEqualTo(new Fact.WarmedUp(WORKER, 1));
	}

	@Test
	void redirectsAreAnswersAndNotFollowed() throws InterruptedException {
		requests(List.of("/moved"), 2, LONG).begin(WORKER, port());
		assertThat(warmedUp()).isEqualTo(new Fact.WarmedUp(WORKER, 2));
		assertThat(this.exchanges).extracting((exchange) -> exchange.getRequestURI().toString())
			.containsExactly("/moved", "/moved");
		assertThat(warnings()).isEmpty();
	}

	@Test
	void pathThatIsNotThereIsToldOnceForAllWorkers() throws InterruptedException {
		WarmUpRequests requests = requests(List.of("/missing", "/"), 3, LONG);
		for (int worker = 1; worker <= 3; worker++) {
			requests.begin(WorkerId.of(worker), port());
			assertThat(warmedUp()).isEqualTo(new Fact.WarmedUp(WorkerId.of(worker), 6));
		}
		assertThat(warnings()).singleElement()
			.asString()
			.contains("GET /missing was answered with 404", "cluster.worker.warm-up.paths");
	}

	@Test
	void pathThatHangsIsAskedOnceAndLeavesTheOthersTheirShare() throws InterruptedException {
		requests(List.of("/hangs", "/"), 3, Duration.ofSeconds(2)).begin(WORKER, port());
		assertThat(warmedUp()).isEqualTo(new Fact.WarmedUp(WORKER, 3));
		assertThat(this.exchanges).filteredOn((exchange) -> exchange.getRequestURI().getPath().equals("/hangs"))
			.hasSize(1);
		assertThat(warnings()).singleElement()
			.asString()
			.contains("GET /hangs failed: no complete answer within", "cluster.worker.warm-up.timeout");
	}

	@Test
	void answerWithoutEndTakesNoMoreThanTheTimeout() throws InterruptedException {
		requests(List.of("/endless"), 20, Duration.ofMillis(300)).begin(WORKER, port());
		assertThat(warmedUp()).isEqualTo(new Fact.WarmedUp(WORKER, 0));
		assertThat(warnings()).singleElement().asString().contains("GET /endless failed: no complete answer");
	}

	@Test
	void whatIsNotDoneInTimeIsLeftUndoneWithoutAWarning() throws InterruptedException {
		requests(List.of("/"), ClusterProperties.WarmUp.MAX_REQUESTS, Duration.ofMillis(200)).begin(WORKER, port());
		Fact.WarmedUp fact = (Fact.WarmedUp) warmedUp();
		assertThat(fact.requests()).isLessThan(ClusterProperties.WarmUp.MAX_REQUESTS);
		assertThat(warnings()).isEmpty();
	}

	@Test
	void serverThatIsGoneEndsTheWarmUpAtOnce() throws InterruptedException {
		int port = port();
		this.server.stop(0);
		WarmUpRequests requests = requests(List.of("/", "/a"), 1000, LONG);
		requests.begin(WORKER, port);
		assertThat(warmedUp()).isEqualTo(new Fact.WarmedUp(WORKER, 0));
		requests.begin(WORKER, port);
		assertThat(warmedUp()).isEqualTo(new Fact.WarmedUp(WORKER, 0));
		assertThat(warnings()).hasSize(2).anySatisfy((warning) -> assertThat(warning).contains("GET /a failed"));
	}

	@Test
	void serverThatDoesNotSpeakHttpEndsTheWarmUp() throws Exception {
		try (ServerSocket raw = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> {
				try (Socket connection = raw.accept()) {
					connection.getOutputStream().write("220 mail.example ready, what do you want?\r\n\r\n".getBytes());
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
			requests(List.of("/"), 5, LONG).begin(WORKER, raw.getLocalPort());
			serving.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
			raw.close();
			assertThat(warmedUp()).isEqualTo(new Fact.WarmedUp(WORKER, 0));
		}
	}

	@Test
	void endDoesNotWaitForAnAnswerThatIsOutstanding() throws InterruptedException {
		endsSoonWhileAsking("/hangs");
	}

	@Test
	void endDoesNotWaitForTheRestOfAnAnswer() throws InterruptedException {
		endsSoonWhileAsking("/endless");
	}

	@Test
	void endOfWhatHasEndedIsOfNoConsequence() throws InterruptedException {
		WarmUpRequests requests = requests(List.of("/"), 1, LONG);
		requests.end(WORKER);
		requests.begin(WORKER, port());
		assertThat(warmedUp()).isEqualTo(new Fact.WarmedUp(WORKER, 1));
		requests.end(WORKER);
		assertThat(this.facts).isEmpty();
	}

	private void endsSoonWhileAsking(String path) throws InterruptedException {
		WarmUpRequests requests = requests(List.of(path), 5, LONG);
		requests.begin(WORKER, port());
		assertThat(this.exchanges.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
		requests.end(WORKER);
		assertThat(warmedUp()).isEqualTo(new Fact.WarmedUp(WORKER, 0));
		assertThat(this.exchanges).isEmpty();
		assertThat(warnings()).isEmpty();
	}

	private WarmUpRequests requests(List<String> paths, int number, Duration timeout) {
		return new WarmUpRequests(new ClusterProperties.WarmUp(paths, number, timeout), this.facts::add);
	}

	private Fact warmedUp() throws InterruptedException {
		Fact fact = this.facts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
		assertThat(fact).as("told of its end").isNotNull();
		return fact;
	}

	private HttpExchange first() {
		return this.exchanges.element();
	}

	private List<String> warnings() {
		return this.log.list.stream()
			.filter((event) -> event.getLevel() == Level.WARN)
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

	private int port() {
		return this.server.getAddress().getPort();
	}

	private void answer(String path, int status) {
		this.server.createContext(path, (exchange) -> {
			this.exchanges.add(exchange);
			exchange.getResponseHeaders().set("Location", "/elsewhere");
			byte[] body = "body".getBytes();
			exchange.sendResponseHeaders(status, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
	}

	private void awaitRelease() {
		try {
			this.released.await(LONG.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger(WarmUpRequests.class);
	}

}

package io.github.bootcluster.worker;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.GracefulShutdownResult;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.WebServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A real Tomcat, as Spring Boot makes, starts and stops it. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedPortCustomizerTests {

	/** One for each task: the common pool may have a single one. */
	private static final Executor THREAD = (task) -> new Thread(task).start();

	private final SharedPortCustomizer customizer = new SharedPortCustomizer();

	/** Opened once the request for {@code /slow} is being worked on. */
	private final CountDownLatch slowBegun = new CountDownLatch(1);

	private final CountDownLatch slowMayEnd = new CountDownLatch(1);

	private final CompletableFuture<GracefulShutdownResult> shutdown = new CompletableFuture<>();

	private WebServer server;

	@BeforeEach
	void start() {
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		factory.setAddress(InetAddress.getLoopbackAddress());
		factory.setShutdown(Shutdown.GRACEFUL);
		factory.setBaseDirectory(new File("target/tomcat"));
		this.customizer.customize(factory);
		this.server = factory.getWebServer((context) -> context.addServlet("hello", new Hello()).addMapping("/"));
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.slowMayEnd.countDown();
		this.server.stop();
		this.server.destroy();
	}

	@Test
	void serverListensWhileTheApplicationAcceptsTraffic() throws Exception {
		assertThat(this.server.getPort()).isPositive();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
		becomes(ReadinessState.ACCEPTING_TRAFFIC);
		try (Socket kept = connectWhenListening()) {
			assertThat(ask(kept, "/")).startsWith("HTTP/1.1 200").doesNotContain("Connection: close");
			becomes(ReadinessState.REFUSING_TRAFFIC);
			awaitNobodyListens();
			assertThat(ask(kept, "/")).startsWith("HTTP/1.1 200").contains("Connection: close");
			assertThat(kept.getInputStream().read()).isEqualTo(-1);
		}
		becomes(ReadinessState.ACCEPTING_TRAFFIC);
		try (Socket fresh = connectWhenListening()) {
			assertThat(ask(fresh, "/")).startsWith("HTTP/1.1 200").doesNotContain("Connection: close");
		}
	}

	@Test
	void whoIsConnectedWhenItLeavesIsStillAnswered() throws Exception {
		becomes(ReadinessState.ACCEPTING_TRAFFIC);
		try (Socket slow = connectWhenListening();
				Socket silent = connect();
				Socket kept = connect();
				Socket idle = connect()) {
			assertThat(ask(kept, "/")).startsWith("HTTP/1.1 200");
			assertThat(ask(idle, "/")).startsWith("HTTP/1.1 200");
			CompletableFuture<String> slowAnswer = CompletableFuture.supplyAsync(() -> ask(slow, "/slow"), THREAD);
			this.slowBegun.await();
			CompletableFuture<Void> shuttingDown = CompletableFuture
				.runAsync(() -> this.server.shutDownGracefully(this.shutdown::complete), THREAD);
			awaitNobodyListens();
			assertThat(ask(silent, "/")).startsWith("HTTP/1.1 200").contains("Connection: close");
			assertThat(ask(kept, "/")).startsWith("HTTP/1.1 200").contains("Connection: close");
			// Closed before the slow request ends.
			assertThat(idle.getInputStream().read()).isEqualTo(-1);
			shuttingDown.get(10, TimeUnit.SECONDS);
			assertThat(this.shutdown).isNotDone();
			this.slowMayEnd.countDown();
			assertThat(slowAnswer.get(10, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200");
			assertThat(this.shutdown.get(10, TimeUnit.SECONDS)).isEqualTo(GracefulShutdownResult.IDLE);
		}
	}

	@Test
	void anotherServerThanTomcatIsRefused() {
		assertThatExceptionOfType(UnsharablePortException.class)
			.isThrownBy(() -> this.customizer.customize(otherFactory()))
			.satisfies((ex) -> assertThat(new UnsharablePortFailureAnalyzer().analyze(ex, ex).getAction())
				.contains("Tomcat", "round-robin"));
	}

	/** That of a server which is not on the class path of this build. */
	private static ConfigurableWebServerFactory otherFactory() {
		return (ConfigurableWebServerFactory) Proxy.newProxyInstance(SharedPortCustomizerTests.class.getClassLoader(),
				new Class<?>[] { ConfigurableWebServerFactory.class }, (proxy, method, arguments) -> {
					throw new UnsupportedOperationException(method.toString());
				});
	}

	private void becomes(ReadinessState state) {
		this.customizer.readinessChanged(new AvailabilityChangeEvent<>(this, state));
	}

	private void awaitNobodyListens() throws IOException {
		while (true) {
			try {
				connect().close();
			}
			catch (ConnectException ex) {
				return;
			}
		}
	}

	private Socket connectWhenListening() throws IOException {
		while (true) {
			try {
				return connect();
			}
			catch (ConnectException ex) {
				Thread.onSpinWait();
			}
		}
	}

	private Socket connect() throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.getPort());
		socket.setSoTimeout(20_000);
		return socket;
	}

	/** The answer to a request, which ends with its body. */
	private static String ask(Socket socket, String path) {
		try {
			socket.getOutputStream()
				.write("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path)
					.getBytes(StandardCharsets.US_ASCII));
			StringBuilder answer = new StringBuilder();
			int next;
			while (!answer.toString().endsWith(Hello.BODY) && (next = socket.getInputStream().read()) >= 0) {
				answer.append((char) next);
			}
			return answer.toString();
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private final class Hello extends HttpServlet {

		static final String BODY = "Hello, world";

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			if (request.getRequestURI().equals("/slow")) {
				SharedPortCustomizerTests.this.slowBegun.countDown();
				try {
					SharedPortCustomizerTests.this.slowMayEnd.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			response.setContentLength(BODY.length());
			response.getWriter().write(BODY);
		}

	}

}

package io.github.bootcluster.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

class ProberTests {

	@Test
	void withoutAPathWhatAcceptsConnectionsIsReady() throws IOException {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			assertThatCode(() -> Prober.of(null).probe(server.getLocalPort())).doesNotThrowAnyException();
		}
	}

	@Test
	void portWhereNobodyListensIsNamedWithWhatTheProgramShouldDo() throws IOException {
		int port = FreePort.choose(List.of());
		for (Prober prober : new Prober[] { Prober.of(null), Prober.of("/ready") }) {
			assertThatIOException().isThrownBy(() -> prober.probe(port))
				.withMessageContainingAll("nothing listens at 127.0.0.1:" + port, "PORT", "{port}");
		}
	}

	@Test
	void connectionToItselfIsNoSignOfAProgram() throws IOException {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
				Socket other = new Socket(server.getInetAddress(), server.getLocalPort());
				Socket itself = new Socket()) {
			itself.bind(new InetSocketAddress("127.0.0.1", 0));
			itself.connect(itself.getLocalSocketAddress());
			assertThatIOException().isThrownBy(() -> Prober.Connect.refuseItself(itself));
			assertThatCode(() -> Prober.Connect.refuseItself(other)).doesNotThrowAnyException();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 204, 301, 302, 399 })
	void successAndRedirectAreReady(int status) throws IOException {
		assertThatCode(() -> get(status)).doesNotThrowAnyException();
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 404, 500, 503 })
	void otherAnswersAreNot(int status) {
		assertThatIOException().isThrownBy(() -> get(status))
			.withMessageMatching("GET /ready\\?deep=1 at 127\\.0\\.0\\.1:\\d+ was answered with " + status);
	}

	@Test
	void answerThatDoesNotComeIsNotWaitedForLong() throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			assertThatIOException().isThrownBy(() -> Prober.of("/").probe(silent.getLocalPort()))
				.withMessage("no answer at 127.0.0.1:%d within %d ms", silent.getLocalPort(), Prober.TIMEOUT_MILLIS);
		}
	}

	private static void get(int status) throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		server.createContext("/", (exchange) -> {
			boolean asked = exchange.getRequestURI().toString().equals("/ready?deep=1");
			exchange.getResponseHeaders().set("Location", "/elsewhere");
			exchange.sendResponseHeaders(asked ? status : 599, -1);
			exchange.close();
		});
		server.start();
		try {
			Prober.of("/ready?deep=1").probe(server.getAddress().getPort());
		}
		finally {
			server.stop(0);
		}
	}

}

package io.github.bootcluster.control;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlMessage.Ask;
import io.github.bootcluster.control.ControlMessage.FromWorker;
import io.github.bootcluster.control.ControlMessage.Presumption;
import io.github.bootcluster.control.OperatorReply.End;
import io.github.bootcluster.control.OperatorReply.Farewell;
import io.github.bootcluster.control.OperatorReply.NotConfirmed;
import io.github.bootcluster.control.OperatorReply.Text;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/** Operators at a real socket. */
class OperatorChannelTests {

	private static final Ask STATUS = ask("status");

	@TempDir
	Path directory;

	private Path socket;

	private ControlServer server;

	@AfterEach
	void close() {
		if (this.server != null) {
			this.server.close();
		}
	}

	@Test
	void questionWrittenByHandIsReadAsItWasMeant() throws UnreadableMessageException {
		Ask ask = new Ask(List.of("logs=3", "quote\" back\\slash", "line\nend\ttab\u0001 é €", ""),
				new OperatorScreen(120, true, false, true), 4711, new Presumption("/a \"b\"/app.jar", "C:\\home", -17));
		assertThat(decode(OperatorClient.encode(ask))).isEqualTo(ask);
		assertThat(decode(OperatorClient.encode(STATUS))).isEqualTo(STATUS);
	}

	@Test
	void answerIsReadAsItWasSent() throws IOException {
		for (OperatorReply reply : List.of(new Text(false, "tab\t é €\n"), new Text(true, ""),
				new Farewell(Long.MAX_VALUE, "Stopped.\n"), new NotConfirmed(), new End(4))) {
			ByteBuffer encoded = reply.encode();
			byte[] frame = new byte[encoded.getInt()];
			encoded.get(frame);
			assertThat(OperatorReply.decode(frame)).isEqualTo(reply);
		}
		assertThatIOException().isThrownBy(() -> OperatorReply.decode(new byte[] { 1, 2 }));
		assertThatIOException().isThrownBy(() -> OperatorReply.decode(new byte[9]));
	}

	@Test
	void operatorIsAnsweredPartByPart() throws Exception {
		List<Object> asked = Collections.synchronizedList(new ArrayList<>());
		open((operator, ask, connection) -> {
			asked.add(operator);
			asked.add(ask);
			connection.send(new Text(false, "one\n"));
			connection.send(new Text(true, "two\n"));
			connection.send(new End(1));
		});
		try (OperatorClient client = OperatorClient.ask(this.socket, STATUS)) {
			assertThat(client.read()).isEqualTo(new Text(false, "one\n"));
			assertThat(client.read()).isEqualTo(new Text(true, "two\n"));
			assertThat(client.read()).isEqualTo(new End(1));
			assertThatExceptionOfType(EOFException.class).isThrownBy(client::read);
		}
		assertThat(asked).containsExactly(
				"command line, user %s, pid %d".formatted(System.getProperty("user.name"), STATUS.pid()), STATUS);
	}

	@Test
	void defectIsToldOfAndOthersAreServed() throws Exception {
		open((operator, ask, connection) -> {
			if (ask.equals(STATUS)) {
				throw new IllegalStateException("expected by this test");
			}
			connection.send(new End(0));
		});
		try (OperatorClient client = OperatorClient.ask(this.socket, STATUS)) {
			assertThat(((Text) client.read()).text()).contains("its log says why");
			assertThat(client.read()).isEqualTo(new End(1));
		}
		try (OperatorClient client = OperatorClient.ask(this.socket, ask("events"))) {
			assertThat(client.read()).isEqualTo(new End(0));
		}
	}

	@Test
	void oneOperatorTooManyIsTurnedAwayUntilAnotherLeaves() throws Exception {
		open((operator, ask, connection) -> {
			connection.send(new Text(false, "here"));
			while (!connection.isGone()) {
				Thread.onSpinWait();
			}
		});
		List<OperatorClient> clients = new ArrayList<>();
		try {
			for (int i = 0; i < OperatorEntrance.MAX_OPERATORS; i++) {
				clients.add(OperatorClient.ask(this.socket, STATUS));
				assertThat(clients.get(i).read()).isEqualTo(new Text(false, "here"));
			}
			try (OperatorClient client = OperatorClient.ask(this.socket, STATUS)) {
				assertThat(((Text) client.read()).text()).contains("serves 16 command lines already");
				assertThat(client.read()).isEqualTo(new End(1));
			}
			clients.remove(0).close();
			Awaitility.await().until(() -> {
				try (OperatorClient client = OperatorClient.ask(this.socket, STATUS)) {
					return client.read().equals(new Text(false, "here"));
				}
			});
		}
		finally {
			for (OperatorClient client : clients) {
				client.close();
			}
		}
	}

	@Test
	void operatorThatLeavesIsNoticed() throws Exception {
		CountDownLatch noticed = new CountDownLatch(1);
		open((operator, ask, connection) -> {
			assertThat(connection.isGone()).isFalse();
			connection.send(new Text(false, "here"));
			Awaitility.await().until(connection::isGone);
			noticed.countDown();
		});
		OperatorClient client = OperatorClient.ask(this.socket, STATUS);
		client.read();
		client.close();
		noticed.await();
	}

	@Test
	void operatorThatDoesNotReadIsCutOff() throws Exception {
		this.socket = this.directory.resolve("control.sock");
		try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			listening.bind(UnixDomainSocketAddress.of(this.socket));
			try (SocketChannel operator = call(); SocketChannel accepted = listening.accept()) {
				OperatorConnection connection = new OperatorConnection(accepted, Duration.ofMillis(200));
				Text text = new Text(false, "x".repeat(Text.MAX_LENGTH));
				assertThatIOException().isThrownBy(() -> {
					while (true) {
						connection.send(text);
					}
				});
				assertThat(operator.isOpen()).isTrue();
				assertThat(accepted.isOpen()).isFalse();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "not json", "{\"type\":\"java.lang.Runtime\"}", "{\"type\":\"ask\"}", "[]",
			"{\"type\":\"ask\",\"words\":[\"status\"]}", "{\"type\":\"ask\",\"words\":7,\"screen\":{}}" })
	void questionThatMakesNoSenseIsRefused(String text) throws Exception {
		open(OperatorChannelTests::neverAsked);
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		assertRefused(ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).flip());
	}

	@Test
	void questionWithTooManyWordsIsRefused() throws Exception {
		open(OperatorChannelTests::neverAsked);
		String words = "\"a\",".repeat(Ask.MAX_WORDS) + "\"a\"";
		byte[] bytes = "{\"type\":\"ask\",\"words\":[%s],\"screen\":{},\"pid\":1}".formatted(words)
			.getBytes(StandardCharsets.UTF_8);
		assertRefused(ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).flip());
	}

	@Test
	void questionThatIsTooBigIsRefusedBeforeItIsRead() throws Exception {
		open(OperatorChannelTests::neverAsked);
		assertRefused(ByteBuffer.allocate(4).putInt(ControlServer.MAX_INTRODUCTION + 1).flip());
		assertRefused(ByteBuffer.allocate(4).putInt(-1).flip());
	}

	@Test
	void callerThatSaysNothingIsCutOff() throws Exception {
		this.socket = this.directory.resolve("control.sock");
		this.server = ControlServer.open(this.socket, new NoWorkers(), OperatorChannelTests::neverAsked,
				Duration.ofMillis(200));
		try (SocketChannel silent = call(); SocketChannel slow = call()) {
			slow.write(ByteBuffer.allocate(4).putInt(100).flip());
			assertThat(silent.read(ByteBuffer.allocate(10))).isEqualTo(-1);
			assertThat(slow.read(ByteBuffer.allocate(10))).isEqualTo(-1);
		}
	}

	@Test
	void callersThatSayNothingKeepNobodyOut() throws Exception {
		this.socket = this.directory.resolve("control.sock");
		this.server = ControlServer.open(this.socket, new NoWorkers(),
				(operator, ask, connection) -> connection.send(new End(0)), Duration.ofMillis(500));
		List<SocketChannel> silent = new ArrayList<>();
		try {
			for (int i = 0; i < 80; i++) {
				silent.add(call());
			}
			try (OperatorClient client = OperatorClient.ask(this.socket, STATUS)) {
				assertThat(client.read()).isEqualTo(new End(0));
			}
		}
		finally {
			for (SocketChannel channel : silent) {
				channel.close();
			}
		}
	}

	private void assertRefused(ByteBuffer sent) throws IOException {
		try (SocketChannel channel = call()) {
			channel.write(sent);
			FrameReader reader = new FrameReader(channel);
			assertThat(((Text) OperatorReply.decode(reader.read())).text()).contains("does not understand");
			assertThat(OperatorReply.decode(reader.read())).isEqualTo(new End(4));
			assertThatIOException().isThrownBy(reader::read);
		}
	}

	private SocketChannel call() throws IOException {
		return SocketChannel.open(UnixDomainSocketAddress.of(this.socket));
	}

	private void open(OperatorListener listener) throws IOException {
		this.socket = this.directory.resolve("control.sock");
		this.server = ControlServer.open(this.socket, new NoWorkers(), listener);
	}

	private static void neverAsked(String operator, Ask ask, OperatorListener.Connection connection) {
		throw new AssertionError("Nobody asked: " + ask);
	}

	private static Ask ask(String word) {
		return new Ask(List.of(word), OperatorScreen.NONE, 1, null);
	}

	private static ControlMessage decode(ByteBuffer encoded) throws UnreadableMessageException {
		byte[] frame = new byte[encoded.getInt()];
		encoded.get(frame);
		assertThat(encoded.hasRemaining()).isFalse();
		return ControlCodec.decode(frame);
	}

	private static final class NoWorkers implements ControlListener {

		@Override
		public void connected(WorkerId worker, Connection connection) {
			throw new AssertionError("No worker was admitted: " + worker);
		}

		@Override
		public void received(WorkerId worker, FromWorker message) {
			throw new AssertionError("No worker was admitted: " + worker);
		}

		@Override
		public void disconnected(WorkerId worker) {
			throw new AssertionError("No worker was admitted: " + worker);
		}

	}

}

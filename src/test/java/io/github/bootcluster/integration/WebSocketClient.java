package io.github.bootcluster.integration;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The JDK's client of WebSockets, one message at a time. */
final class WebSocketClient implements WebSocket.Listener, AutoCloseable {

	/** What is told when a connection just ends. */
	static final int NO_CLOSE_FRAME = 1006;

	private static final int MAX_ATTEMPTS = 20;

	private final StringBuilder text = new StringBuilder();

	private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

	private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

	/** Status of the close frame. */
	private final CompletableFuture<Integer> closed = new CompletableFuture<>();

	private final CompletableFuture<Void> pong = new CompletableFuture<>();

	private WebSocket socket;

	private WebSocketClient() {
	}

	static WebSocketClient connect(ClusterProcess cluster) throws Exception {
		WebSocketClient client = new WebSocketClient();
		client.socket = cluster.client()
			.newWebSocketBuilder()
			.buildAsync(URI.create("ws://localhost:" + cluster.port() + "/echo"), client)
			.get(30, TimeUnit.SECONDS);
		return client;
	}

	/** Connect until it is to that process. */
	static WebSocketClient connect(ClusterProcess cluster, String pid) throws Exception {
		for (int i = 0; i < MAX_ATTEMPTS; i++) {
			WebSocketClient client = connect(cluster);
			if (client.ask("pid").equals(pid)) {
				return client;
			}
			client.close();
		}
		throw new AssertionError("Never connected to " + pid);
	}

	void send(String message) throws Exception {
		this.socket.sendText(message, true).get(30, TimeUnit.SECONDS);
	}

	/** Send a text, and await what comes back. */
	Object ask(String message) throws Exception {
		send(message);
		return this.received.poll(30, TimeUnit.SECONDS);
	}

	/** Send bytes, half and half, and await what comes back. */
	Object ask(byte[] message) throws Exception {
		int half = message.length / 2;
		this.socket.sendBinary(ByteBuffer.wrap(message, 0, half), false).get(30, TimeUnit.SECONDS);
		this.socket.sendBinary(ByteBuffer.wrap(message, half, message.length - half), true).get(30, TimeUnit.SECONDS);
		return this.received.poll(30, TimeUnit.SECONDS);
	}

	void ping() throws Exception {
		this.socket.sendPing(ByteBuffer.wrap(new byte[] { 1 })).get(30, TimeUnit.SECONDS);
		this.pong.get(30, TimeUnit.SECONDS);
	}

	/** Await the other side's close frame, or the end that came without. */
	int awaitClose() throws Exception {
		return this.closed.get(60, TimeUnit.SECONDS);
	}

	@Override
	public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
		this.text.append(data);
		if (last) {
			this.received.add(this.text.toString());
			this.text.setLength(0);
		}
		socket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
		byte[] part = new byte[data.remaining()];
		data.get(part);
		this.binary.writeBytes(part);
		if (last) {
			this.received.add(this.binary.toByteArray());
			this.binary.reset();
		}
		socket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
		this.pong.complete(null);
		socket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
		this.closed.complete(status);
		return null;
	}

	@Override
	public void onError(WebSocket socket, Throwable error) {
		this.closed.completeExceptionally(error);
	}

	@Override
	public void close() {
		this.socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally((failure) -> this.socket).join();
		this.socket.abort();
	}

}

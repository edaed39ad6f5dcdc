package io.github.bootcluster.dispatch;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Passes one connection on to a server and notes the types of the TLS records it answers.
 * Up to TLS 1.2 they can be told apart from outside.
 */
final class RecordTap implements AutoCloseable {

	static final int ALERT = 21;

	static final int DATA = 23;

	private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

	private final Socket server;

	private final List<Integer> types = new CopyOnWriteArrayList<>();

	private final CountDownLatch ended = new CountDownLatch(1);

	private volatile boolean reset;

	private volatile Socket client;

	RecordTap(int port) throws IOException {
		this.server = new Socket(InetAddress.getLoopbackAddress(), port);
		start(this::accept);
	}

	int port() {
		return this.listener.getLocalPort();
	}

	/** Types of the records that the server has sent. */
	List<Integer> types() {
		return this.types;
	}

	/** Wait until the server has ended the connection. */
	void awaitEnd() throws InterruptedException {
		if (!this.ended.await(15, TimeUnit.SECONDS)) {
			throw new AssertionError("The connection was not ended; records: " + this.types);
		}
	}

	/** Whether it did so in a disorderly way. */
	boolean wasReset() {
		return this.reset;
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		this.server.close();
		if (this.client != null) {
			this.client.close();
		}
	}

	private void accept() {
		try {
			Socket accepted = this.listener.accept();
			this.client = accepted;
			InputStream fromClient = accepted.getInputStream();
			start(() -> passRecords(accepted));
			fromClient.transferTo(this.server.getOutputStream());
			this.server.shutdownOutput();
		}
		catch (IOException ex) {
			// One of both is gone; the records tell.
		}
	}

	private void passRecords(Socket accepted) {
		try {
			DataInputStream records = new DataInputStream(this.server.getInputStream());
			OutputStream toClient = accepted.getOutputStream();
			while (true) {
				byte[] head = new byte[5];
				records.readFully(head);
				byte[] content = records.readNBytes((head[3] & 0xff) << 8 | head[4] & 0xff);
				this.types.add((int) head[0]);
				toClient.write(head);
				toClient.write(content);
			}
		}
		catch (EOFException ex) {
			this.reset = false;
		}
		catch (IOException ex) {
			this.reset = true;
		}
		this.ended.countDown();
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "record-tap");
		thread.setDaemon(true);
		thread.start();
	}

}

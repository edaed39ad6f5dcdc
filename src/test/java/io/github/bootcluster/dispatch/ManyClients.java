package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;

/** Thousands of connections to one port, worked on by one thread in turn. */
final class ManyClients implements AutoCloseable {

	private static final int AT_A_TIME = 100;

	private final List<Client> clients = new ArrayList<>();

	private ManyClients() {
	}

	/**
	 * Connect.
	 * @param receiveBuffer bytes the system takes for each, or 0 for as many as usual
	 */
	static ManyClients connect(int count, int port, int receiveBuffer) throws IOException {
		ManyClients clients = new ManyClients();
		for (int i = 0; i < count; i++) {
			clients.clients.add(new Client(port, receiveBuffer));
		}
		return clients;
	}

	void forEach(Consumer<Client> action) {
		this.clients.forEach(action);
	}

	/** Write the same with all of them, some at a time, and read their answers. */
	void ask(String request, String answer) throws IOException {
		byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
		for (int from = 0; from < this.clients.size(); from += AT_A_TIME) {
			List<Client> asking = this.clients.subList(from, Math.min(from + AT_A_TIME, this.clients.size()));
			for (Client client : asking) {
				client.channel.configureBlocking(true);
				client.channel.write(ByteBuffer.wrap(bytes));
			}
			for (Client client : asking) {
				client.readFully(answer);
			}
		}
	}

	@Override
	public void close() throws IOException {
		for (Client client : this.clients) {
			client.channel.close();
		}
	}

	/** One connection. */
	static final class Client {

		private final SocketChannel channel;

		private final ByteBuffer buffer = ByteBuffer.allocate(512);

		private boolean ended;

		Client(int port, int receiveBuffer) throws IOException {
			this.channel = SocketChannel.open();
			if (receiveBuffer > 0) {
				this.channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
			}
			this.channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			this.channel.configureBlocking(false);
		}

		/**
		 * Write as much as the system takes now.
		 * @return how many bytes that is
		 */
		int write(byte[] bytes) {
			try {
				return this.channel.write(ByteBuffer.wrap(bytes));
			}
			catch (IOException ex) {
				// What was read of it before tells why.
				this.ended = true;
				return 0;
			}
		}

		/** Read what there is, and whether the other side has ended the connection. */
		void read() {
			try {
				this.ended = this.ended || this.channel.read(this.buffer) < 0;
			}
			catch (IOException ex) {
				this.ended = true;
			}
		}

		private void readFully(String answer) throws IOException {
			ByteBuffer buffer = ByteBuffer.allocate(answer.length());
			while (buffer.hasRemaining()) {
				if (this.channel.read(buffer) < 0) {
					throw new IOException("Closed after " + buffer.position() + " bytes");
				}
			}
			assertThat(new String(buffer.array(), StandardCharsets.US_ASCII)).isEqualTo(answer);
		}

		boolean isEnded() {
			return this.ended;
		}

		/** The first of what was read. */
		String received() {
			return new String(this.buffer.array(), 0, this.buffer.position(), StandardCharsets.ISO_8859_1);
		}

	}

}

package io.github.bootcluster.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The launcher's end of a connection to an operator. Used by one thread. */
final class OperatorConnection implements OperatorListener.Connection {

	private final SocketChannel channel;

	/** Where what an operator sends without being asked would go. */
	private final ByteBuffer unasked = ByteBuffer.allocate(1);

	OperatorConnection(SocketChannel channel) {
		this.channel = channel;
	}

	@Override
	public void send(OperatorReply reply) throws IOException {
		ByteBuffer encoded = reply.encode();
		while (encoded.hasRemaining()) {
			this.channel.write(encoded);
		}
	}

	/** One that says more than it may counts as gone, too. */
	@Override
	public boolean isGone() throws IOException {
		this.channel.configureBlocking(false);
		try {
			return this.channel.read(this.unasked.clear()) != 0;
		}
		finally {
			this.channel.configureBlocking(true);
		}
	}

}

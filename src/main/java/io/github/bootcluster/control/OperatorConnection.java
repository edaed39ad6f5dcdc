package io.github.bootcluster.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The launcher's end of a connection to an operator. Used by one thread. An operator that
 * does not read what it asked for is cut off: it takes the place of others.
 */
final class OperatorConnection implements OperatorListener.Connection {

	/** Time for a part of the answer to be taken. */
	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final Logger logger = LoggerFactory.getLogger(OperatorConnection.class);

	private final SocketChannel channel;

	private final Duration timeout;

	/** Where what an operator sends without being asked would go. */
	private final ByteBuffer unasked = ByteBuffer.allocate(1);

	OperatorConnection(SocketChannel channel) {
		this(channel, TIMEOUT);
	}

	OperatorConnection(SocketChannel channel, Duration timeout) {
		this.channel = channel;
		this.timeout = timeout;
	}

	@Override
	public void send(OperatorReply reply) throws IOException {
		ByteBuffer encoded = reply.encode();
		CompletableFuture<@Nullable Void> inTime = new CompletableFuture<>();
		inTime.orTimeout(this.timeout.toMillis(), TimeUnit.MILLISECONDS).exceptionally((late) -> {
			cutOff();
			return null;
		});
		try {
			while (encoded.hasRemaining()) {
				this.channel.write(encoded);
			}
		}
		finally {
			inTime.complete(null);
		}
	}

	/** Ends the write that waits, with an exception. */
	private void cutOff() {
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			logger.debug("The connection of a command line could not be closed: {}", ex.getMessage());
		}
		logger.warn("A command line was cut off: it did not read its answer for {} s", this.timeout.toSeconds());
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

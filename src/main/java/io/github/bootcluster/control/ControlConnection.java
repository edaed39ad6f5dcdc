package io.github.bootcluster.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a control connection: a thread that reads, a thread that writes. Senders
 * only enqueue, so that a peer that stops reading can block nobody; once
 * {@value #QUEUE_CAPACITY} messages wait for it, it counts as gone.
 */
final class ControlConnection {

	private static final Logger logger = LoggerFactory.getLogger(ControlConnection.class);

	/**
	 * Far more than the mail that may be on its way to or from one worker, which those
	 * who send it see to.
	 */
	private static final int QUEUE_CAPACITY = 16 * 1024;

	/** Small messages are written together. */
	private static final int BATCH = 64;

	private final String name;

	private final SocketChannel channel;

	/** Used by the thread that reads. */
	private final FrameReader reader;

	/** Filled by any thread, emptied by the writer. */
	private final BlockingQueue<ByteBuffer> outgoing = new ArrayBlockingQueue<>(QUEUE_CAPACITY);

	private final AtomicBoolean closed = new AtomicBoolean();

	/** Set once before the threads start. */
	private final Thread writer;

	/**
	 * Create a connection over an open channel. Nothing is written before
	 * {@link #startWriter()}, nothing read before {@link #readAll}.
	 * @param name names the threads and the lines in the log
	 */
	ControlConnection(String name, SocketChannel channel) {
		this.name = name;
		this.channel = channel;
		this.reader = new FrameReader(channel);
		this.writer = new Thread(this::writeAll, name + "-writer");
		this.writer.setDaemon(true);
	}

	void startWriter() {
		this.writer.start();
	}

	/** Wait for the next message that can be read. */
	ControlMessage read() throws IOException {
		while (true) {
			byte[] frame = this.reader.read();
			try {
				return ControlCodec.decode(frame);
			}
			catch (UnreadableMessageException ex) {
				logger.warn("{}: ignored. {}", this.name, ex.getMessage());
			}
		}
	}

	/** Hand every message to the receiver until either end closes. Blocks. */
	void readAll(Consumer<ControlMessage> receiver) {
		try {
			while (true) {
				receiver.accept(read());
			}
		}
		catch (IOException ex) {
			logger.debug("{}: ended. {}", this.name, ex.getMessage());
		}
		finally {
			close();
		}
	}

	/**
	 * Send a message, without waiting.
	 * @return whether it was taken; if not, the connection is closed or closing
	 */
	boolean send(ControlMessage message) {
		if (this.closed.get()) {
			return false;
		}
		if (!this.outgoing.offer(ControlCodec.encode(message))) {
			logger.warn("{}: closed, since the peer does not read: {} messages wait for it", this.name, QUEUE_CAPACITY);
			close();
			return false;
		}
		return true;
	}

	void close() {
		if (this.closed.compareAndSet(false, true)) {
			this.writer.interrupt();
			try {
				this.channel.close();
			}
			catch (IOException ex) {
				logger.debug("{}: could not be closed. {}", this.name, ex.getMessage());
			}
		}
	}

	private void writeAll() {
		try {
			List<ByteBuffer> messages = new ArrayList<>(BATCH);
			while (!this.closed.get()) {
				messages.add(this.outgoing.take());
				this.outgoing.drainTo(messages, BATCH - 1);
				write(messages.toArray(ByteBuffer[]::new));
				messages.clear();
			}
		}
		catch (InterruptedException ex) {
			// Only close() interrupts this thread: there is nothing left to do.
			Thread.currentThread().interrupt();
		}
		catch (IOException ex) {
			logger.debug("{}: ended. {}", this.name, ex.getMessage());
		}
		finally {
			close();
		}
	}

	private void write(ByteBuffer[] messages) throws IOException {
		ByteBuffer last = messages[messages.length - 1];
		while (last.hasRemaining()) {
			this.channel.write(messages);
		}
	}

}

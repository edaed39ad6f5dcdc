package io.github.bootcluster.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.github.bootcluster.control.ControlMessage.FromLauncher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a control connection: a thread that reads, a thread that writes. Senders
 * only enqueue, so that a peer that stops reading can block nobody; once
 * {@value #QUEUE_CAPACITY} messages wait for it, it counts as gone.
 */
final class ControlConnection implements ControlListener.Connection {

	private static final Logger logger = LoggerFactory.getLogger(ControlConnection.class);

	/**
	 * Far more than the mail that may be on its way to or from one worker, which those
	 * who send it see to.
	 */
	private static final int QUEUE_CAPACITY = 16 * 1024;

	/**
	 * Bytes written at once: small messages together, large ones in slices. The JDK
	 * copies what it writes into memory beside the heap, and keeps that for each thread.
	 */
	private static final int BATCH = 64 * 1024;

	private final String name;

	private final SocketChannel channel;

	/** Used by the thread that reads. */
	private final FrameReader reader;

	/** Filled by any thread, emptied by the writer. */
	private final BlockingQueue<ByteBuffer> outgoing = new ArrayBlockingQueue<>(QUEUE_CAPACITY);

	/** Bytes in the queue, and those being written. */
	private final AtomicLong backlog = new AtomicLong();

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

	/**
	 * Wait for the bytes of the first message.
	 * @param maxLength how many they may be
	 * @throws UnreadableMessageException if they are more
	 */
	byte[] readFirst(int maxLength) throws IOException, UnreadableMessageException {
		return this.reader.readAtMost(maxLength);
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
		return !this.closed.get() && sendEncoded(ControlCodec.encode(message));
	}

	/**
	 * Send a message that is encoded already, without waiting.
	 * @return whether it was taken; if not, the connection is closed or closing
	 */
	boolean sendEncoded(ByteBuffer encoded) {
		if (this.closed.get()) {
			return false;
		}
		this.backlog.addAndGet(encoded.remaining());
		if (!this.outgoing.offer(encoded)) {
			logger.warn("{}: closed, since the peer does not read: {} messages wait for it", this.name, QUEUE_CAPACITY);
			close();
			return false;
		}
		return true;
	}

	@Override
	public boolean send(FromLauncher message) {
		return send((ControlMessage) message);
	}

	@Override
	public long backlog() {
		return this.backlog.get();
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
			ByteBuffer batch = ByteBuffer.allocateDirect(BATCH);
			while (!this.closed.get()) {
				write(this.outgoing.take(), batch);
				for (ByteBuffer next = this.outgoing.poll(); next != null; next = this.outgoing.poll()) {
					write(next, batch);
				}
				flush(batch);
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

	private void write(ByteBuffer message, ByteBuffer batch) throws IOException {
		while (message.hasRemaining()) {
			if (!batch.hasRemaining()) {
				flush(batch);
			}
			int length = Math.min(message.remaining(), batch.remaining());
			batch.put(message.slice(message.position(), length));
			message.position(message.position() + length);
		}
	}

	private void flush(ByteBuffer batch) throws IOException {
		this.backlog.addAndGet(-batch.flip().remaining());
		while (batch.hasRemaining()) {
			this.channel.write(batch);
		}
		batch.clear();
	}

}

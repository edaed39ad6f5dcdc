package io.github.bootcluster.console;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

import io.github.bootcluster.OutputLines;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what one process writes, and keeps the last lines. What belongs together, such as
 * a stack trace, is passed on together: lines are gathered as long as more of them are
 * there to be read, and a few milliseconds beyond that. Has a thread of its own, until
 * the process closes its output.
 *
 * @since 0.1.0
 */
public final class OutputPump {

	/** What is gathered beyond that is passed on, but for the latest event. */
	static final int BATCH = 64 * 1024;

	/**
	 * How often more is waited for, a millisecond each, since the latest came. Who prints
	 * a stack trace line by line does it faster.
	 */
	static final int WAITS_FOR_MORE = 5;

	/** How often in all before what has been gathered is passed on. */
	static final int WAITS = 25;

	private static final Logger logger = LoggerFactory.getLogger(OutputPump.class);

	private static final int BLOCK = 16 * 1024;

	private final InputStream source;

	private final EventSink sink;

	private final OutputTail tail = new OutputTail();

	private final Thread thread;

	/** Belongs to the pump's thread, as does all that follows. */
	private final Events events = new Events();

	private final LineSplitter lines = new LineSplitter(this::gather);

	/** Since what has been gathered is held back. */
	private int waits;

	OutputPump(String name, InputStream source, EventSink sink) {
		this.source = source;
		this.sink = sink;
		this.thread = new Thread(this::run, name);
		this.thread.setDaemon(true);
	}

	/** The process has got a slot: what is passed on from now on tells so. */
	public void seated(int slot) {
		this.sink.seated(slot);
	}

	/** The lines after one of them, as far as they are kept. */
	public OutputLines linesAfter(long number) {
		return this.tail.after(number);
	}

	/** Wait for all output to be read. */
	public void awaitEnd(Duration timeout) throws InterruptedException {
		this.thread.join(timeout.toMillis());
	}

	void start() {
		this.thread.start();
	}

	private void run() {
		try (this.sink) {
			pump();
			this.lines.end();
			passOnAll();
		}
	}

	private void pump() {
		byte[] block = new byte[BLOCK];
		try (this.source) {
			int count;
			while ((count = read(block)) != -1) {
				this.lines.add(block, 0, count);
			}
		}
		catch (IOException ex) {
			logger.debug("The output of a worker ended: {}", ex.getMessage());
		}
	}

	/** Before it may have to wait for long, nothing is held back. */
	private int read(byte[] block) throws IOException {
		if (!this.events.isEmpty()) {
			if (!hasMore()) {
				passOnAll();
			}
			else if (this.events.weight() >= BATCH) {
				this.sink.write(this.events.takeComplete());
				this.waits = 0;
			}
		}
		return this.source.read(block);
	}

	private boolean hasMore() throws IOException {
		for (int i = 0; this.waits < WAITS; i++) {
			if (this.source.available() > 0) {
				return true;
			}
			if (i >= WAITS_FOR_MORE || !pause()) {
				return false;
			}
			this.waits++;
		}
		return false;
	}

	private static boolean pause() {
		try {
			Thread.sleep(1);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void gather(byte[] line) {
		this.tail.add(line);
		this.events.add(line);
	}

	private void passOnAll() {
		this.sink.write(this.events.takeAll());
		this.waits = 0;
	}

}

package io.github.bootcluster.accesslog;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.bootcluster.ClusterProperties;

/**
 * A log of requests. Entries are handed over to one thread that writes them; whoever
 * hands one over never waits, neither for a disk nor for a lock.
 *
 * @since 0.1.0
 */
public final class AccessLog implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(AccessLog.class);

	/** Most entries that wait to be written. */
	private static final int CAPACITY = 8 * 1024;

	/**
	 * How long entries are gathered. To wake the thread for each would cost the event
	 * loop that does so more than all the rest.
	 */
	private static final Duration PAUSE = Duration.ofMillis(50);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

	/** Written by any thread, read by the log's. */
	private final Queue<AccessLogEntry> entries = new ConcurrentLinkedQueue<>();

	/** How many of them there are, or are about to be. */
	private final AtomicInteger waiting = new AtomicInteger();

	/** Entries there was no room for. */
	private final LongAdder dropped = new LongAdder();

	private final int capacity;

	private final AccessLogWriter writer;

	private final Thread thread = new Thread(this::run, "cluster-access-log");

	private volatile boolean closing;

	/** Those the writer knows of. Belongs to the log's thread. */
	private long droppedBefore;

	/**
	 * Entries that were taken and not handed to the writer. Belongs to the log's thread.
	 */
	private int inHand;

	/** Belongs to the log's thread. */
	private boolean warned;

	/** One whose thread does not run. */
	AccessLog(AccessLogWriter writer, int capacity) {
		this.writer = writer;
		this.capacity = capacity;
	}

	/**
	 * Open a log.
	 * @param properties where and how it is written
	 * @param home what the file is below of, unless it is absolute
	 * @return the log, to be closed
	 * @throws AccessLogException if the file cannot be written
	 */
	public static AccessLog open(ClusterProperties.AccessLog properties, Path home) {
		Path file = home.resolve(properties.file()).toAbsolutePath().normalize();
		Clock clock = Clock.systemDefaultZone();
		ZoneId zone = clock.getZone();
		long maxBytes = properties.maxSize().toBytes();
		try {
			AccessLogWriter writer = new AccessLogWriter(
					() -> RotatingFile.open(file, maxBytes, properties.maxHistory(), clock), maxBytes,
					LineFormat.of(properties.format(), zone), clock);
			AccessLog log = new AccessLog(writer, CAPACITY);
			log.start();
			return log;
		}
		catch (IOException ex) {
			throw new AccessLogException(file, ex);
		}
	}

	/**
	 * Hand over an entry. It is written within a second; where too many wait it is thrown
	 * away, and the log will say so. May be called on any thread, and not after
	 * {@link #close()}.
	 */
	public void add(AccessLogEntry entry) {
		if (this.waiting.incrementAndGet() > this.capacity) {
			this.waiting.decrementAndGet();
			this.dropped.increment();
		}
		else {
			this.entries.add(entry);
		}
	}

	/** Write what has been handed over. Waits a few seconds at most. */
	@Override
	public void close() {
		this.closing = true;
		LockSupport.unpark(this.thread);
		try {
			this.thread.join(CLOSE_TIMEOUT.toMillis());
			int left = this.waiting.get();
			if (this.thread.isAlive()) {
				logger.warn("The access log did not take what was left within {} s: requests missing: {}",
						CLOSE_TIMEOUT.toSeconds(), left);
			}
			else if (left > 0) {
				logger.warn("The access log ended before it was closed; requests missing: {}", left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			logger.warn("Interrupted while the access log was closed; requests missing: {}", this.waiting.get());
		}
	}

	/** A daemon: how long the process lives is not for the log to say. */
	void start() {
		this.thread.setDaemon(true);
		this.thread.start();
	}

	private void run() {
		while (!this.closing) {
			attempt(this::writeWaiting);
			LockSupport.parkNanos(PAUSE.toNanos());
		}
		while (this.waiting.get() > 0) {
			attempt(this::writeWaiting);
		}
		attempt(this::writeLast);
	}

	/** What nobody foresaw costs the entries in hand, not the log. */
	private void attempt(Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException | Error ex) {
			long lost = this.writer.abandon() + this.inHand;
			this.inHand = 0;
			this.dropped.add(lost);
			if (this.warned) {
				logger.debug("The access log failed again; requests missing: {}", lost, ex);
			}
			else {
				this.warned = true;
				logger.warn("The access log failed and goes on; requests missing: {}. Further failures are told at "
						+ "level DEBUG only", lost, ex);
			}
		}
	}

	/** No more at a time than can wait: what is missing must be told of, too. */
	void writeWaiting() {
		drain();
		this.writer.flush(newlyDropped());
	}

	void writeLast() {
		drain();
		this.writer.close(newlyDropped());
	}

	private void drain() {
		for (int i = 0; i < this.capacity; i++) {
			AccessLogEntry entry = this.entries.poll();
			if (entry == null) {
				return;
			}
			this.waiting.decrementAndGet();
			this.inHand = 1;
			this.writer.write(entry);
			this.inHand = 0;
		}
	}

	private long newlyDropped() {
		long now = this.dropped.sum();
		long newly = now - this.droppedBefore;
		this.droppedBefore = now;
		return newly;
	}

}

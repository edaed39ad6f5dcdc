package io.github.bootcluster.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes entries as lines, several at a time. Where that is not possible they are counted
 * and thrown away, since nobody waits for a log; the file is opened anew from time to
 * time, and told how many are missing. Belongs to the thread of the log.
 */
final class AccessLogWriter {

	/** Between two attempts to open a file that could not be written. */
	static final Duration RETRY = Duration.ofSeconds(10);

	/** Between two lines about what is missing while it is becoming ever more. */
	static final Duration REPORT = Duration.ofSeconds(10);

	private static final Logger logger = LoggerFactory.getLogger(AccessLogWriter.class);

	private static final int BATCH = 64 * 1024;

	private final FileOpener opener;

	private final LineFormat format;

	private final Clock clock;

	private final int batchLimit;

	private final StringBuilder line = new StringBuilder();

	private final ByteBuffer batch = ByteBuffer.allocate(BATCH);

	private int batchedEntries;

	private @Nullable RotatingFile file;

	/** Whether what was written last could not be. */
	private boolean failing;

	private long failedAt;

	/** Entries that were thrown away and not told of. */
	private long missing;

	private long reportedAt = Long.MIN_VALUE / 2;

	/**
	 * Open the file.
	 * @param maxBytes its largest size
	 * @throws IOException if it cannot be written
	 */
	AccessLogWriter(FileOpener opener, long maxBytes, LineFormat format, Clock clock) throws IOException {
		this.opener = opener;
		this.format = format;
		this.clock = clock;
		this.batchLimit = (int) Math.min(BATCH, maxBytes);
		this.file = opener.open();
	}

	void write(AccessLogEntry entry) {
		this.line.setLength(0);
		this.format.render(entry, this.line);
		byte[] bytes = lineBytes();
		if (this.batch.position() > 0 && this.batch.position() + bytes.length > this.batchLimit) {
			writeBatch();
		}
		this.batch.put(bytes);
		this.batchedEntries++;
	}

	/**
	 * There are no more entries for now.
	 * @param dropped how many never got here
	 */
	void flush(long dropped) {
		this.missing += dropped;
		writeBatch();
		if (this.missing > 0 && this.file != null && (this.failing || hasPassed(REPORT, this.reportedAt))) {
			report(this.file);
		}
	}

	/**
	 * There will be no more entries.
	 * @param dropped how many never got here
	 */
	void close(long dropped) {
		this.failedAt = Long.MIN_VALUE / 2;
		this.reportedAt = Long.MIN_VALUE / 2;
		if (this.missing + dropped > 0) {
			open();
		}
		flush(dropped);
		if (this.missing > 0) {
			logger.warn("The access log could not be written to the end; requests missing: {}", this.missing);
		}
		if (this.file != null) {
			close(this.file, null);
		}
	}

	/**
	 * Something was thrown that is no trouble with the file: throw away what was not
	 * written, and open the file anew, of which nothing is known.
	 * @return how many entries are lost, which are not counted as missing here
	 */
	int abandon() {
		int lost = this.batchedEntries;
		this.batch.clear();
		this.batchedEntries = 0;
		RotatingFile file = this.file;
		this.file = null;
		this.failedAt = Long.MIN_VALUE / 2;
		if (file != null) {
			close(file, null);
		}
		return lost;
	}

	private void writeBatch() {
		if (this.batchedEntries == 0) {
			return;
		}
		RotatingFile file = open();
		if (file == null || !reportFailure(file) || !write(file, this.batch.flip())) {
			this.missing += this.batchedEntries;
		}
		this.batch.clear();
		this.batchedEntries = 0;
	}

	private boolean write(RotatingFile file, ByteBuffer lines) {
		try {
			file.write(lines);
			return true;
		}
		catch (IOException ex) {
			this.file = null;
			close(file, ex);
			failed(ex);
			return false;
		}
	}

	private @Nullable RotatingFile open() {
		if (this.file == null && hasPassed(RETRY, this.failedAt)) {
			try {
				this.file = this.opener.open();
			}
			catch (IOException ex) {
				failed(ex);
			}
		}
		return this.file;
	}

	private void failed(IOException cause) {
		this.failedAt = this.clock.millis();
		if (this.failing) {
			logger.debug("The access log still cannot be written", cause);
			return;
		}
		this.failing = true;
		logger.warn(
				"The access log cannot be written: {}. Requests are served all the same; "
						+ "the next attempt to log them is in {} s",
				AccessLogException.describe(cause), RETRY.toSeconds());
		logger.debug("The cause", cause);
	}

	/** Where the gap is: before what is written after it. */
	private boolean reportFailure(RotatingFile file) {
		return !this.failing || report(file);
	}

	private boolean report(RotatingFile file) {
		long now = this.clock.millis();
		this.line.setLength(0);
		this.format.renderMissing(this.missing, now, this.line);
		if (!write(file, ByteBuffer.wrap(lineBytes()))) {
			return false;
		}
		if (this.failing) {
			logger.warn("The access log {} is written again; requests missing in it: {}", file, this.missing);
		}
		else {
			logger.warn("Requests come faster than the access log {} can be written; missing in it: {}", file,
					this.missing);
		}
		this.failing = false;
		this.missing = 0;
		this.reportedAt = now;
		return true;
	}

	/** Whether that much time has passed. A clock that was set back counts as that. */
	private boolean hasPassed(Duration time, long since) {
		long passed = this.clock.millis() - since;
		return passed < 0 || passed >= time.toMillis();
	}

	private byte[] lineBytes() {
		return this.line.toString().getBytes(StandardCharsets.US_ASCII);
	}

	private static void close(RotatingFile file, @Nullable IOException cause) {
		try {
			file.close();
		}
		catch (IOException ex) {
			if (cause != null) {
				cause.addSuppressed(ex);
			}
			else {
				logger.warn("The access log {} could not be closed: {}", file, AccessLogException.describe(ex));
			}
		}
	}

	/** Opens the file, again and again if need be. */
	@FunctionalInterface
	interface FileOpener {

		RotatingFile open() throws IOException;

	}

}

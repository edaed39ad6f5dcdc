package io.github.bootcluster.launcher;

import java.util.ArrayDeque;
import java.util.Deque;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a launcher that are open, to be closed in reverse. A part that is added
 * after the closing began is closed at once. Safe for use by any thread.
 */
final class OpenParts implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(OpenParts.class);

	/** Guarded by this. */
	private final Deque<AutoCloseable> parts = new ArrayDeque<>();

	/** Guarded by this. */
	private boolean closed;

	<T extends AutoCloseable> T add(T part) {
		synchronized (this) {
			if (!this.closed) {
				this.parts.push(part);
				return part;
			}
		}
		close(part);
		return part;
	}

	@Override
	public void close() {
		Deque<AutoCloseable> open;
		synchronized (this) {
			this.closed = true;
			open = new ArrayDeque<>(this.parts);
			this.parts.clear();
		}
		open.forEach(OpenParts::close);
	}

	/** One part that cannot be closed must not keep the others open. */
	private static void close(AutoCloseable part) {
		try {
			part.close();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			logger.warn("Interrupted while closing the {}", part.getClass().getSimpleName());
		}
		catch (Exception ex) {
			logger.error("The {} could not be closed", part.getClass().getSimpleName(), ex);
		}
	}

}

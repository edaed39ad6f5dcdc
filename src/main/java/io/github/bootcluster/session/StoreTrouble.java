package io.github.bootcluster.session;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;

/**
 * Whether the store is available. While it is not, one request at a time tries it, and
 * none right after another; all others fail at once. Each would wait for a connection,
 * and once more to save, until no thread was left for requests that need none. Says once
 * when that begins, and when it ends.
 */
final class StoreTrouble {

	private static final Logger logger = LoggerFactory.getLogger(SharedSessionRepository.class);

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private final LongSupplier nanoTime;

	/** What the store failed with last, or {@code null} while it is available. */
	private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();

	/** Whether somebody is trying. */
	private final AtomicBoolean tried = new AtomicBoolean();

	StoreTrouble(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Begin to use the store.
	 * @throws SessionStoreUnavailableException if there is no point in it now
	 */
	Attempt attempt() {
		Failure last = this.failure.get();
		if (last == null) {
			return new Attempt(this, false);
		}
		if (this.nanoTime.getAsLong() - last.at() < PAUSE.toNanos() || !this.tried.compareAndSet(false, true)) {
			throw new SessionStoreUnavailableException(last.reason());
		}
		return new Attempt(this, true);
	}

	void begins(RuntimeException reason) {
		if (this.failure.getAndSet(new Failure(reason, this.nanoTime.getAsLong())) == null) {
			logger.warn("The session store is not available; requests that need a session get 503: {}",
					NestedExceptionUtils.getMostSpecificCause(reason).toString());
		}
	}

	private void ends() {
		if (this.failure.getAndSet(null) != null) {
			logger.info("The session store is available again");
		}
	}

	/**
	 * What the store failed with.
	 *
	 * @param at time, in nanoseconds
	 */
	private record Failure(RuntimeException reason, long at) {

	}

	/**
	 * A use of the store.
	 *
	 * @param sole whether all others fail meanwhile
	 */
	record Attempt(StoreTrouble trouble, boolean sole) implements AutoCloseable {

		void succeeded() {
			if (this.sole) {
				this.trouble.ends();
			}
		}

		@Override
		public void close() {
			if (this.sole) {
				this.trouble.tried.set(false);
			}
		}

	}

}

package io.github.bootcluster.session;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.TransactionTimedOutException;

/**
 * Whether the store is available. While it is not, one request at a time tries it, and
 * none right after another; all others fail at once. Each would wait for a connection,
 * and once more to save, until no thread was left for requests that need none. The first
 * that succeeds ends that, also one that had begun before: it may just have been too much
 * at once. Says once when it begins, and when it ends. A statement that lasts too long is
 * the trouble of its own request alone.
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
	 * Use the store.
	 * @throws SessionStoreUnavailableException if it does not answer, or there is no
	 * point in asking it now
	 */
	<T> @Nullable T watch(Supplier<@Nullable T> use) {
		Failure last = this.failure.get();
		if (last == null) {
			return use(use);
		}
		if (this.nanoTime.getAsLong() - last.at() < PAUSE.toNanos() || !this.tried.compareAndSet(false, true)) {
			throw new SessionStoreUnavailableException(last.reason());
		}
		try {
			return use(use);
		}
		finally {
			this.tried.set(false);
		}
	}

	private <T> @Nullable T use(Supplier<@Nullable T> use) {
		try {
			T result = use.get();
			ends();
			return result;
		}
		catch (QueryTimeoutException | TransactionTimedOutException ex) {
			// Perhaps somebody holds this one session. Were all so slow, no connection
			// would be free soon.
			this.failure.updateAndGet((last) -> (last != null) ? new Failure(ex, this.nanoTime.getAsLong()) : null);
			logger.warn("A request gets 503: the session store took too long to load or save its session: {}",
					NestedExceptionUtils.getMostSpecificCause(ex).toString());
			throw new SessionStoreUnavailableException(ex);
		}
		catch (NonTransientDataAccessResourceException | TransientDataAccessResourceException
				| RecoverableDataAccessException | CannotCreateTransactionException | TransactionSystemException ex) {
			begins(ex);
			throw new SessionStoreUnavailableException(ex);
		}
	}

	private void begins(RuntimeException reason) {
		if (this.failure.getAndSet(new Failure(reason, this.nanoTime.getAsLong())) == null) {
			logger.warn("The session store is not available; requests that need a session get 503: {}",
					NestedExceptionUtils.getMostSpecificCause(reason).toString());
		}
	}

	private void ends() {
		// Read first: this is with every request.
		if (this.failure.get() != null && this.failure.getAndSet(null) != null) {
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

}

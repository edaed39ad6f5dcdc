package io.github.bootcluster.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether the user's database lets the launcher in, which is not connected to it
 * otherwise. However many ask, there is one login every few seconds at most, and none if
 * nobody does.
 */
final class LoginProbe {

	private static final Logger logger = LoggerFactory.getLogger(SessionStore.class);

	private static final Duration LIFETIME = Duration.ofSeconds(5);

	private final UserDatabase database;

	private final LongSupplier nanoTime;

	private final ReentrantLock probing = new ReentrantLock();

	/** Whether a thread is at it for those who do not wait. */
	private final AtomicBoolean renewing = new AtomicBoolean();

	/** Written by the one that probes, read by any; {@code null} before the first. */
	private volatile @Nullable Result last;

	LoginProbe(UserDatabase database, LongSupplier nanoTime) {
		this.database = database;
		this.nanoTime = nanoTime;
	}

	/**
	 * What is wrong, or {@code null}. While another one asks, what was known before. Only
	 * the log tells of hosts and users.
	 */
	@Nullable String trouble() {
		Result known = this.last;
		if (known != null && (isFresh(known) || !this.probing.tryLock())) {
			return known.trouble();
		}
		if (known == null) {
			this.probing.lock();
		}
		try {
			Result latest = this.last;
			if (latest == null || !isFresh(latest)) {
				String trouble = probe(latest != null && latest.trouble() != null);
				latest = new Result(trouble, this.nanoTime.getAsLong());
				this.last = latest;
			}
			return latest.trouble();
		}
		finally {
			this.probing.unlock();
		}
	}

	/**
	 * What was found out last, {@code null} before the first time: it was well when it
	 * was opened. Does not wait; if that was long ago, the next one to ask hears of now.
	 */
	@Nullable String knownTrouble() {
		Result known = this.last;
		if ((known == null || !isFresh(known)) && this.renewing.compareAndSet(false, true)) {
			Thread renewal = new Thread(this::renew, "cluster-session-probe");
			renewal.setDaemon(true);
			renewal.start();
		}
		return (known != null) ? known.trouble() : null;
	}

	private void renew() {
		try {
			trouble();
		}
		finally {
			this.renewing.set(false);
		}
	}

	private boolean isFresh(Result result) {
		return this.nanoTime.getAsLong() - result.at() < LIFETIME.toNanos();
	}

	private @Nullable String probe(boolean isKnown) {
		try (Connection connection = this.database.connect()) {
			return null;
		}
		catch (SQLException ex) {
			if (!isKnown) {
				logger.warn("The session store {} cannot be used: {}", this.database, ex.getMessage());
			}
			return "The launcher cannot log in; its log says why.";
		}
	}

	/**
	 * What was found out.
	 *
	 * @param at when, in nanoseconds
	 */
	private record Result(@Nullable String trouble, long at) {

	}

}

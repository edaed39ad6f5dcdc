package io.github.bootcluster.session;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.unit.DataSize;

/**
 * Keeps the embedded database open. H2 closes one that it cannot write to, as when the
 * disk is full; its next client opens it again, and several at once may get different
 * ones, of which all but one serve nobody. So it is one thread here that notices, cuts
 * the workers off, and opens it again, at the same address. Workers answer 503 meanwhile.
 */
final class DatabaseKeeper implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(SessionStore.class);

	private static final Duration INTERVAL = Duration.ofMillis(500);

	/** It breaks with a write: one that has not for so long is well again. */
	private static final Duration CONVALESCENCE = Duration.ofSeconds(5);

	/** It may take a moment until all who used it have noticed. */
	private static final int QUIET_ATTEMPTS = 3;

	/** Less than that, and it was the disk. */
	private static final DataSize LITTLE_SPACE = DataSize.ofMegabytes(16);

	private final StoreFiles files;

	private final Function<IntSupplier, ServedDatabase> opening;

	private final int port;

	private final CountDownLatch closing = new CountDownLatch(1);

	private final Thread thread;

	/** Confined to the thread, and afterwards to the one that closes. */
	private @Nullable ServedDatabase database;

	/**
	 * Its port while it is not open. Confined to the thread, and afterwards to the one
	 * that closes.
	 */
	private @Nullable HeldPort held;

	/** When it was opened last, in nanoseconds. Confined to the thread. */
	private long openedAt;

	/** How often it could not be opened again. Confined to the thread. */
	private int attempts;

	/** What is wrong with it. Written by the thread, read by any. */
	private volatile @Nullable String trouble;

	private DatabaseKeeper(StoreFiles files, Function<IntSupplier, ServedDatabase> opening, ServedDatabase database) {
		this.files = files;
		this.opening = opening;
		this.database = database;
		this.port = database.server().port();
		this.thread = new Thread(this::keep, "cluster-session-database");
		this.thread.setDaemon(true);
	}

	/**
	 * Open the database and keep it open.
	 * @param opening opens it and serves it at a port
	 * @throws SessionStoreException if it cannot be opened now
	 */
	static DatabaseKeeper start(StoreFiles files, Function<IntSupplier, ServedDatabase> opening) {
		ServedDatabase database = Uninterrupted.get(() -> opening.apply(() -> DatabaseServer.ANY_PORT));
		DatabaseKeeper keeper = new DatabaseKeeper(files, opening, database);
		keeper.thread.start();
		return keeper;
	}

	/** Where it is served, also when it is opened again. */
	int port() {
		return this.port;
	}

	/** What is wrong with it, in a sentence, or {@code null}. */
	@Nullable String trouble() {
		return this.trouble;
	}

	/** Nobody interrupts this thread: Java would close the database's file. */
	private void keep() {
		try {
			while (!this.closing.await(INTERVAL.toNanos(), TimeUnit.NANOSECONDS)) {
				try {
					look();
				}
				catch (RuntimeException | Error ex) {
					// No memory for a thread, say: there may be next time.
					if (tell("It cannot be watched; the launcher's log says why.")) {
						logger.error("The session database {} cannot be watched. This is tried again twice a second",
								this.files.database(), ex);
					}
				}
			}
		}
		catch (InterruptedException ex) {
			logger.error("The session database is not kept open any more", ex);
		}
	}

	private void look() {
		ServedDatabase database = this.database;
		if (database == null) {
			openAgain();
			return;
		}
		SQLException failure = database.failure();
		if (failure != null) {
			this.database = null;
			begins(failure);
			database.abandon();
			openAgain();
		}
		else if (this.trouble != null && System.nanoTime() - this.openedAt >= CONVALESCENCE.toNanos()) {
			this.trouble = null;
			logger.info("The session database {} works again", this.files.database());
		}
	}

	private void openAgain() {
		try {
			holdPort();
			this.database = this.opening.apply(this::releasedPort);
			this.openedAt = System.nanoTime();
			this.attempts = 0;
		}
		catch (SessionStoreException ex) {
			this.attempts++;
			if (this.attempts >= QUIET_ATTEMPTS && tell("It cannot be opened again; the launcher's log says why.")) {
				logger.error("{} This is tried again twice a second", ex.getMessage());
			}
		}
		finally {
			if (this.database == null) {
				holdPort();
			}
		}
	}

	private void holdPort() {
		if (this.held == null) {
			this.held = HeldPort.tryToHold(this.port);
		}
	}

	/** Free, for who is about to listen there. */
	private int releasedPort() {
		HeldPort held = this.held;
		if (held != null) {
			this.held = null;
			held.close();
		}
		return this.port;
	}

	/** Whether that is something new. */
	private boolean tell(String trouble) {
		boolean isNew = !trouble.equals(this.trouble);
		this.trouble = trouble;
		return isNew;
	}

	private void begins(SQLException failure) {
		boolean isNew = this.trouble == null;
		String full = fullDisk();
		this.trouble = "It has failed: " + ((full != null) ? full : "the launcher's log says why.");
		if (isNew) {
			logger.error(
					"The session database {} has failed: {} It is opened again until it can be written to; "
							+ "requests that need a session get 503 meanwhile",
					this.files.database(), (full != null) ? full : failure.getMessage());
		}
	}

	private @Nullable String fullDisk() {
		try {
			DataSize left = DataSize.ofBytes(Files.getFileStore(this.files.database()).getUsableSpace());
			return (left.compareTo(LITTLE_SPACE) < 0)
					? "its disk is full, %d KB are left. Free some space.".formatted(left.toKilobytes()) : null;
		}
		catch (IOException ex) {
			logger.debug("It is not known how much space is left", ex);
			return null;
		}
	}

	/** Write everything and close. Does nothing the second time. */
	@Override
	public synchronized void close() {
		this.closing.countDown();
		Uninterrupted.join(this.thread);
		ServedDatabase database = this.database;
		if (database != null) {
			this.database = null;
			Uninterrupted.run(database::close);
		}
		releasedPort();
	}

}

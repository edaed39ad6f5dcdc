package io.github.bootcluster.session;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;

/**
 * Sessions that many requests use at once, in several processes. A save that met another
 * one is tried again: what it writes are the attributes this request has changed, so
 * nobody else's are lost. All methods throw a {@link SessionStoreUnavailableException} if
 * the store does not answer. Safe for use by any thread.
 *
 * @param <S> the sessions of the store
 */
public final class SharedSessionRepository<S extends Session>
		implements FindByIndexNameSessionRepository<SharedSession<S>> {

	private static final int ATTEMPTS = 6;

	/**
	 * Time from which no further one is made: what waited for a lock has waited enough.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private static final long LONGEST_PAUSE_MILLIS = 100;

	private static final Logger logger = LoggerFactory.getLogger(SharedSessionRepository.class);

	private final FindByIndexNameSessionRepository<S> store;

	private final RowChange changeRow;

	private final Duration grain;

	private final StoreTrouble trouble;

	private final UnreadableAttributes unreadable;

	private final SavedSession<S> saved = new SavedSession<>();

	/**
	 * Create the repository.
	 * @param store where the sessions are
	 * @param changeRow stores what has changed of a session besides attributes
	 * @param unreadable is told of attributes that cannot be read
	 * @param grain how old the stored time of the last access may become before it is
	 * written again; zero to write it with every request
	 * @param nanoTime what time it is
	 */
	SharedSessionRepository(FindByIndexNameSessionRepository<S> store, RowChange changeRow,
			UnreadableAttributes unreadable, Duration grain, LongSupplier nanoTime) {
		this.store = store;
		this.changeRow = changeRow;
		this.unreadable = unreadable;
		this.grain = grain;
		this.trouble = new StoreTrouble(nanoTime);
	}

	/**
	 * Create the repository of sessions that were customized.
	 * @param grain how old the stored time of the last access may become before it is
	 * written again; zero to write it with every request
	 */
	public static SharedSessionRepository<?> of(JdbcIndexedSessionRepository store, SharedSessionCustomizer customizer,
			Duration grain) {
		return new SharedSessionRepository<>(store, customizer.changeRow(), customizer.unreadable(), grain,
				System::nanoTime);
	}

	/** What this thread does from now on is a request, until it ends. */
	void beginRequest() {
		this.saved.begin();
	}

	void endRequest() {
		this.saved.end();
	}

	@Override
	public SharedSession<S> createSession() {
		return view(this.store.createSession(), true);
	}

	@Override
	public void save(SharedSession<S> session) {
		this.saved.check();
		try {
			untilItMeetsNobody(() -> {
				this.changeRow.apply(session.session(), session.changes());
				this.store.save(session.session());
				return null;
			});
		}
		catch (SessionStoreUnavailableException ex) {
			this.saved.failed(ex);
			throw ex;
		}
		session.saved();
		this.saved.put(session);
	}

	@Override
	public @Nullable SharedSession<S> findById(String id) {
		SharedSession<S> saved = this.saved.take(id);
		if (saved != null) {
			return saved;
		}
		// One that has expired is removed by this.
		S session = untilItMeetsNobody(() -> this.store.findById(id));
		return (session != null) ? view(session, false) : null;
	}

	@Override
	public void deleteById(String id) {
		this.saved.take(id);
		untilItMeetsNobody(() -> {
			this.store.deleteById(id);
			return null;
		});
	}

	@Override
	public Map<String, SharedSession<S>> findByIndexNameAndIndexValue(String indexName, String indexValue) {
		Map<String, SharedSession<S>> sessions = new LinkedHashMap<>();
		Map<String, S> found = untilItMeetsNobody(() -> this.store.findByIndexNameAndIndexValue(indexName, indexValue));
		Objects.requireNonNull(found).forEach((id, session) -> sessions.put(id, view(session, false)));
		return sessions;
	}

	private <T> @Nullable T untilItMeetsNobody(Supplier<@Nullable T> transaction) {
		return this.trouble.watch(() -> retry(transaction));
	}

	private static <T> @Nullable T retry(Supplier<@Nullable T> transaction) {
		long begin = System.nanoTime();
		for (int attempt = 1;; attempt++) {
			try {
				return transaction.get();
			}
			catch (DuplicateKeyException | ConcurrencyFailureException ex) {
				if (attempt == ATTEMPTS || System.nanoTime() - begin >= PATIENCE.toNanos()) {
					throw ex;
				}
				logger.debug("A session is used by several requests at once; trying again: {}", ex.toString());
				pause(attempt);
			}
		}
	}

	private SharedSession<S> view(S session, boolean isNew) {
		return new SharedSession<>(session, isNew, this.grain, this.unreadable);
	}

	/** Of random length, or those that met would meet again. */
	private static void pause(int attempt) {
		long longest = Math.min(LONGEST_PAUSE_MILLIS, 1L << (attempt + 1));
		LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextLong(longest + 1)));
	}

}

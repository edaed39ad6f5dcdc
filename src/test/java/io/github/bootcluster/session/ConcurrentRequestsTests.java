package io.github.bootcluster.session;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionProperties;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that use one session at once, by several repositories as several workers have
 * them. Each request loads the session, changes attributes and saves it.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ConcurrentRequestsTests {

	private static final int WORKERS = 3;

	private static final int CLIENTS = 9;

	private static final int ROUNDS = 40;

	private static final String INSERT_EXPIRED = """
			INSERT INTO SPRING_SESSION (PRIMARY_ID, SESSION_ID, CREATION_TIME, LAST_ACCESS_TIME, MAX_INACTIVE_INTERVAL,
			EXPIRY_TIME) SELECT V.ID, V.ID, 0, 0, 1, 1000 FROM (VALUES (CAST(? AS VARCHAR))) AS V (ID)
			""";

	private static final String PRINCIPAL = FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;

	private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);

	private final List<HikariDataSource> pools = new ArrayList<>();

	/** Transactions that the database gave up because of another one. */
	private final AtomicInteger collisions = new AtomicInteger();

	private final List<SharedSessionRepository<?>> workers = new ArrayList<>();

	/** Those that store every access. */
	private final List<SharedSessionRepository<?>> exactWorkers = new ArrayList<>();

	/** A pool of connections to an empty database. */
	abstract HikariDataSource connect();

	/** A query for the number of transactions that wait for another one. */
	abstract String waiting();

	@BeforeEach
	void start() throws Exception {
		for (int i = 0; i < WORKERS; i++) {
			HikariDataSource pool = connect();
			pool.setMaximumPoolSize(3);
			this.pools.add(pool);
			if (i == 0) {
				try (var connection = pool.getConnection()) {
					new SessionSchema(new JdbcSessionProperties()).prepare(connection);
					new JdbcTemplate(pool).update("DELETE FROM SPRING_SESSION");
				}
			}
			this.workers.add(repository(pool, Duration.ofSeconds(30)));
			this.exactWorkers.add(repository(pool, Duration.ZERO));
		}
	}

	private SharedSessionRepository<?> repository(DataSource dataSource, Duration grain) {
		TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		transactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		JdbcIndexedSessionRepository repository = new JdbcIndexedSessionRepository(new JdbcTemplate(dataSource),
				transactions);
		SharedSessionCustomizer customizer = new SharedSessionCustomizer(() -> dataSource, "SPRING_SESSION", null,
				Duration.ofSeconds(20));
		customizer.customize(repository);
		return new SharedSessionRepository<>(new Watched<>(repository, this.collisions), customizer.changeRow(),
				customizer.unreadable(), grain, System::nanoTime);
	}

	@AfterEach
	void stop() {
		this.clients.shutdownNow();
		this.pools.forEach(HikariDataSource::close);
	}

	@Test
	void noRequestFailsAndNoAttributeIsLost() throws Exception {
		String id = create(worker(0));
		CyclicBarrier barrier = new CyclicBarrier(CLIENTS);
		run(barrier, (client) -> {
			for (int round = 0; round < ROUNDS; round++) {
				String own = "own-" + client;
				String common = "common-" + round;
				int value = round;
				barrier.await(20, TimeUnit.SECONDS);
				request(worker(client), id, (session) -> {
					session.setAttribute(own, value);
					session.setAttribute(common, client);
					toggle(session);
				});
			}
		});
		assertThat(this.collisions).as("they wait for each other in one order").hasValue(0);
		request(worker(1), id, (session) -> {
			for (int client = 0; client < CLIENTS; client++) {
				assertThat(session.<Integer>getAttribute("own-" + client)).isEqualTo(ROUNDS - 1);
			}
			for (int round = 0; round < ROUNDS; round++) {
				assertThat(session.<Integer>getAttribute("common-" + round)).isBetween(0, CLIENTS - 1);
			}
		});
	}

	/** In two orders, in which requests can come to wait for each other. */
	private static void toggle(Session session) {
		boolean left = session.getAttribute("left") != null;
		session.setAttribute(left ? "right" : "left", true);
		session.removeAttribute(left ? "left" : "right");
	}

	@Test
	void requestsOfASessionThatAnotherOneEndsDoNotFail() throws Exception {
		CyclicBarrier barrier = new CyclicBarrier(CLIENTS);
		List<String> ids = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			ids.add(create(worker(round)));
		}
		run(barrier, (client) -> {
			for (int round = 0; round < ROUNDS; round++) {
				String id = ids.get(round);
				barrier.await(20, TimeUnit.SECONDS);
				if (client == 0) {
					worker(client).deleteById(id);
				}
				else {
					request(worker(client), id, (session) -> {
						session.setAttribute("added", client);
						session.setAttribute("first", client);
						session.removeAttribute("second");
					});
				}
			}
		});
		for (String id : ids) {
			assertThat(worker(2).findById(id)).isNull();
		}
	}

	@Test
	void longRequestDoesNotMoveTheLastAccessBack() {
		String id = create(worker(0));
		Instant now = Instant.now();
		longAndShort(this.exactWorkers.get(0), this.exactWorkers.get(1), id, now);
		Session stored = worker(2).findById(id);
		assertThat(stored).isNotNull();
		assertThat(stored.getLastAccessedTime()).isEqualTo(Instant.ofEpochMilli(now.plusSeconds(20).toEpochMilli()));
		assertThat(expiry(id)).isEqualTo(now.plusSeconds(20).plus(stored.getMaxInactiveInterval()).toEpochMilli());
	}

	@Test
	void timeoutThatIsMadeShorterBringsTheEndForward() {
		String id = create(worker(0));
		request(worker(0), id, (session) -> session.setMaxInactiveInterval(Duration.ofSeconds(60)));
		Session stored = worker(1).findById(id);
		assertThat(stored).isNotNull();
		assertThat(stored.getMaxInactiveInterval()).isEqualTo(Duration.ofSeconds(60));
		assertThat(expiry(id)).isEqualTo(stored.getLastAccessedTime().plusSeconds(60).toEpochMilli());
	}

	@Test
	void principalAndChangedIdAreStored() {
		String id = create(worker(0));
		String changed = changeId(worker(0), id);
		assertThat(worker(1).findById(id)).isNull();
		assertThat(worker(1).findById(changed)).isNotNull();
		assertThat(worker(2).findByPrincipalName("somebody")).containsOnlyKeys(changed);
	}

	/** At a login: whoever planted the former id must not get in by it. */
	@Test
	void lateRequestDoesNotBringAFormerIdBack() {
		String id = create(worker(0));
		String changed = changeIdBesides(worker(0), worker(1), id);
		assertThat(worker(2).findById(id)).isNull();
		Session stored = worker(2).findById(changed);
		assertThat(stored).isNotNull();
		assertThat(stored.<Boolean>getAttribute("late")).isTrue();
	}

	/** Else a session could not be found to be ended, and would last too long. */
	@Test
	void lateRequestBringsNeitherATimeoutNorAPrincipalBack() {
		String id = create(worker(0));
		loginBesides(worker(0), worker(1), id);
		Session stored = worker(2).findById(id);
		assertThat(stored).isNotNull();
		assertThat(stored.<Boolean>getAttribute("late")).isTrue();
		assertThat(stored.getMaxInactiveInterval()).isEqualTo(Duration.ofSeconds(60));
		assertThat(expiry(id)).isEqualTo(stored.getLastAccessedTime().plusSeconds(60).toEpochMilli());
		assertThat(worker(2).findByPrincipalName("somebody else")).containsOnlyKeys(id);
		request(worker(1), id, (session) -> session.removeAttribute(PRINCIPAL));
		assertThat(worker(2).findByPrincipalName("somebody else")).isEmpty();
	}

	@Test
	void sessionThatNeverExpiresStaysSo() {
		String id = create(worker(0));
		request(worker(0), id, (session) -> session.setMaxInactiveInterval(Duration.ofSeconds(-1)));
		request(worker(1), id, (session) -> session.setAttribute("third", "value"));
		assertThat(expiry(id)).isEqualTo(Long.MAX_VALUE);
		request(worker(2), id, (session) -> session.setMaxInactiveInterval(Duration.ofDays(365)));
		request(worker(1), id, (session) -> session.setAttribute("third", "another"));
		assertThat(expiry(id)).isBetween(Instant.now().plus(Duration.ofDays(364)).toEpochMilli(),
				Instant.now().plus(Duration.ofDays(366)).toEpochMilli());
	}

	private static <S extends Session> void loginBesides(SharedSessionRepository<?> login,
			SharedSessionRepository<S> other, String id) {
		SharedSession<S> late = other.findById(id);
		request(login, id, (session) -> {
			session.setAttribute(PRINCIPAL, "somebody else");
			session.setMaxInactiveInterval(Duration.ofSeconds(60));
		});
		late.setLastAccessedTime(Instant.now());
		late.setAttribute("late", true);
		other.save(late);
	}

	@Test
	void ofTwoLoginsAtOnceTheLastOneIsKnown() {
		String id = create(worker(0));
		String[] changed = changeIdTwice(worker(0), worker(1), id);
		assertThat(worker(2).findById(id)).isNull();
		assertThat(worker(2).findById(changed[0])).isNull();
		assertThat(worker(2).findById(changed[1])).isNotNull();
	}

	private static <S extends Session> String[] changeIdTwice(SharedSessionRepository<?> one,
			SharedSessionRepository<S> other, String id) {
		SharedSession<S> second = other.findById(id);
		String first = changeId(one, id);
		String last = second.changeSessionId();
		other.save(second);
		return new String[] { first, last };
	}

	@Test
	void attributeThatIsSetWhileAnotherRequestRemovesItIsKept() {
		String id = create(worker(0));
		setAndRemove(worker(0), worker(1), id);
		Session stored = worker(2).findById(id);
		assertThat(stored).isNotNull();
		assertThat(stored.<String>getAttribute("first")).isEqualTo("set");
	}

	@Test
	void sessionWithAttributesThatCannotBeReadIsUsedAndSaved() {
		String id = create(worker(0));
		changeId(worker(0), id);
		JdbcTemplate jdbc = new JdbcTemplate(this.pools.get(0));
		jdbc.update("UPDATE SPRING_SESSION_ATTRIBUTES SET ATTRIBUTE_BYTES = ? WHERE ATTRIBUTE_NAME <> 'second'",
				new byte[] { 1, 2, 3 });
		String current = jdbc.queryForObject("SELECT SESSION_ID FROM SPRING_SESSION", String.class);
		request(this.exactWorkers.get(1), current, (session) -> {
			assertThat(session.<Object>getAttribute("first")).isNull();
			assertThat(session.<Object>getAttribute(PRINCIPAL)).isNull();
			session.setAttribute("third", "value");
		});
		request(this.exactWorkers.get(2), current, (session) -> {
			assertThat(session.<String>getAttribute("second")).isEqualTo("value");
			assertThat(session.<String>getAttribute("third")).isEqualTo("value");
			session.setAttribute("first", "readable again");
		});
		Session stored = worker(0).findById(current);
		assertThat(stored).isNotNull();
		assertThat(stored.<String>getAttribute("first")).isEqualTo("readable again");
	}

	@Test
	void removalOfWhatExpiredLeavesTheOthersHoweverManyThereAre() {
		String id = create(worker(0));
		JdbcTemplate jdbc = new JdbcTemplate(this.pools.get(0));
		jdbc.batchUpdate(INSERT_EXPIRED,
				IntStream.range(0, 2500).mapToObj((number) -> new Object[] { "" + number }).toList());
		ExpiredSessions expired = new ExpiredSessions(this.pools.get(1), "SPRING_SESSION", InstantSource.system());
		int removals = 1;
		while (expired.removeSome()) {
			removals++;
		}
		assertThat(removals).isEqualTo(13);
		assertThat(jdbc.queryForList("SELECT SESSION_ID FROM SPRING_SESSION", String.class)).containsExactly(id);
	}

	@Test
	void sessionThatIsExtendedMeanwhileIsNotRemoved() throws Exception {
		String id = create(worker(0));
		JdbcTemplate jdbc = new JdbcTemplate(this.pools.get(0));
		jdbc.update("UPDATE SPRING_SESSION SET EXPIRY_TIME = 1");
		Future<?> removal;
		try (Connection extending = this.pools.get(1).getConnection();
				Statement statement = extending.createStatement()) {
			extending.setAutoCommit(false);
			statement.executeUpdate("UPDATE SPRING_SESSION SET EXPIRY_TIME = " + Long.MAX_VALUE);
			removal = this.clients
				.submit(new ExpiredSessions(this.pools.get(2), "SPRING_SESSION", InstantSource.system())::removeSome);
			while (jdbc.queryForObject(waiting(), Integer.class) == 0) {
				assertThat(removal).isNotDone();
			}
			extending.commit();
		}
		removal.get();
		assertThat(worker(2).findById(id)).isNotNull();
	}

	private static <S extends Session> String changeIdBesides(SharedSessionRepository<?> login,
			SharedSessionRepository<S> other, String id) {
		SharedSession<S> late = other.findById(id);
		String changed = changeId(login, id);
		late.setAttribute("late", true);
		other.save(late);
		return changed;
	}

	private static <S extends Session> void setAndRemove(SharedSessionRepository<S> one,
			SharedSessionRepository<?> other, String id) {
		SharedSession<S> session = one.findById(id);
		request(other, id, (removing) -> removing.removeAttribute("first"));
		session.setAttribute("first", "set");
		one.save(session);
	}

	private static <S extends Session> void longAndShort(SharedSessionRepository<S> one,
			SharedSessionRepository<?> other, String id, Instant now) {
		SharedSession<S> longRequest = one.findById(id);
		longRequest.setLastAccessedTime(now.plusSeconds(10));
		request(other, id, (session) -> session.setLastAccessedTime(now.plusSeconds(20)));
		longRequest.setAttribute("late", true);
		one.save(longRequest);
	}

	private static <S extends Session> String changeId(SharedSessionRepository<S> worker, String id) {
		SharedSession<S> session = worker.findById(id);
		session.setAttribute(PRINCIPAL, "somebody");
		String changed = session.changeSessionId();
		worker.save(session);
		return changed;
	}

	private long expiry(String id) {
		return new JdbcTemplate(this.pools.get(0))
			.queryForObject("SELECT EXPIRY_TIME FROM SPRING_SESSION WHERE SESSION_ID = ?", Long.class, id);
	}

	private SharedSessionRepository<?> worker(int number) {
		return this.workers.get(number % WORKERS);
	}

	private static <S extends Session> String create(SharedSessionRepository<S> worker) {
		SharedSession<S> session = worker.createSession();
		session.setAttribute("first", "value");
		session.setAttribute("second", "value");
		worker.save(session);
		return session.getId();
	}

	/** As a filter does it. One whose session is gone by then has none. */
	private static <S extends Session> void request(SharedSessionRepository<S> worker, String id, Request request) {
		SharedSession<S> session = worker.findById(id);
		if (session != null) {
			session.setLastAccessedTime(Instant.now());
			request.handle(session);
			worker.save(session);
		}
	}

	/** All of them, until they are through or one of them fails. */
	private void run(CyclicBarrier barrier, Client client) throws Exception {
		AtomicReference<Throwable> failure = new AtomicReference<>();
		List<Callable<Void>> tasks = new ArrayList<>();
		for (int i = 0; i < CLIENTS; i++) {
			int number = i;
			tasks.add(() -> {
				try {
					client.run(number);
				}
				catch (Throwable ex) {
					failure.compareAndSet(null, ex);
					barrier.reset();
				}
				return null;
			});
		}
		List<Future<Void>> results = this.clients.invokeAll(tasks, 100, TimeUnit.SECONDS);
		assertThat(failure.get()).isNull();
		for (Future<Void> result : results) {
			result.get();
		}
	}

	private interface Client {

		void run(int number) throws Exception;

	}

	private interface Request {

		void handle(Session session);

	}

	/** Counts the saves that met another one. */
	private record Watched<S extends Session>(FindByIndexNameSessionRepository<S> store,
			AtomicInteger collisions) implements FindByIndexNameSessionRepository<S> {

		@Override
		public S createSession() {
			return this.store.createSession();
		}

		@Override
		public void save(S session) {
			try {
				this.store.save(session);
			}
			catch (ConcurrencyFailureException | DuplicateKeyException ex) {
				this.collisions.incrementAndGet();
				throw ex;
			}
		}

		@Override
		public S findById(String id) {
			return this.store.findById(id);
		}

		@Override
		public void deleteById(String id) {
			this.store.deleteById(id);
		}

		@Override
		public Map<String, S> findByIndexNameAndIndexValue(String indexName, String indexValue) {
			return this.store.findByIndexNameAndIndexValue(indexName, indexValue);
		}

	}

}

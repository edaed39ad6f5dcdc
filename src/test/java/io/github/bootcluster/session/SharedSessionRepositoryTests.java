package io.github.bootcluster.session;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.servlet.FilterChain;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.session.MapSession;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests for {@link SharedSessionRepository}. */
@ExtendWith(OutputCaptureExtension.class)
class SharedSessionRepositoryTests {

	private final FailingStore store = new FailingStore();

	/** A second passes each time that it is asked for. */
	private final AtomicLong time = new AtomicLong();

	private final List<String> changes = new ArrayList<>();

	private final SharedSessionRepository<MapSession> repository = new SharedSessionRepository<>(this.store,
			(session, changed) -> this.changes.addAll(changed.id() ? List.of(session.getId()) : List.of()),
			new UnreadableAttributes(), Duration.ZERO, () -> this.time.addAndGet(1_000_000_000));

	@Test
	void idIsChangedOnceBeforeTheSessionIsSaved() {
		SharedSession<MapSession> session = this.repository.findById("id");
		this.repository.save(session);
		assertThat(this.changes).isEmpty();
		String after = session.changeSessionId();
		this.repository.save(session);
		this.repository.save(session);
		assertThat(this.changes).containsExactly(after);
	}

	@Test
	void transactionThatMetAnotherOneIsTriedAgain() {
		SharedSession<MapSession> session = this.repository.createSession();
		this.store.fail(new DuplicateKeyException("attribute"), new CannotAcquireLockException("deadlock"));
		this.repository.save(session);
		assertThat(this.store.calls).isEqualTo(3);
		this.store.fail(new CannotAcquireLockException("deadlock"));
		assertThat(this.repository.findById("id")).isNotNull();
		this.store.fail(new CannotAcquireLockException("deadlock"));
		this.repository.deleteById("id");
		assertThat(this.store.failures).isEmpty();
	}

	@Test
	void transactionThatAlwaysMeetsAnotherOneFailsInTheEnd() {
		SharedSession<MapSession> session = this.repository.createSession();
		RuntimeException[] failures = new RuntimeException[10];
		Arrays.setAll(failures, (number) -> new CannotAcquireLockException("deadlock " + number));
		this.store.fail(failures);
		assertThatExceptionOfType(CannotAcquireLockException.class).isThrownBy(() -> this.repository.save(session))
			.withMessage("deadlock 5");
	}

	@Test
	void otherFailuresAreToldAtOnce() {
		SharedSession<MapSession> session = this.repository.createSession();
		this.store.fail(new BadSqlGrammarException("save", "UPDATE", new SQLException("no such table")));
		assertThatExceptionOfType(BadSqlGrammarException.class).isThrownBy(() -> this.repository.save(session));
		assertThat(this.store.calls).isOne();
	}

	@Test
	void storeThatIsNotAvailableIsSuchAndToldOnce(CapturedOutput output) {
		SharedSession<MapSession> session = this.repository.createSession();
		this.store.fail(new DataAccessResourceFailureException("down"),
				new CannotCreateTransactionException("no connection"), new TransactionSystemException("no commit"));
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(SessionStoreUnavailableException.class)
				.isThrownBy(() -> this.repository.save(session));
		}
		assertThat(output).containsOnlyOnce("The session store is not available").contains("down");
		assertThat(output).doesNotContain("available again");
		this.repository.save(session);
		this.repository.save(session);
		assertThat(output).containsOnlyOnce("The session store is available again");
	}

	@Test
	void statementThatTakesTooLongIsTheTroubleOfItsOwnRequest(CapturedOutput output) {
		SharedSessionRepository<MapSession> repository = new SharedSessionRepository<>(this.store,
				(session, changes) -> {
				}, new UnreadableAttributes(), Duration.ZERO, this.time::get);
		this.store.fail(new QueryTimeoutException("slow"));
		assertThatExceptionOfType(SessionStoreUnavailableException.class).isThrownBy(() -> repository.findById("id"));
		assertThat(repository.findById("id")).isNotNull();
		assertThat(output).contains("took too long").contains("slow").doesNotContain("is not available");
	}

	@Test
	void requestThatFailedDoesNotWaitAgainToSave() {
		SharedSessionRepository<MapSession> repository = new SharedSessionRepository<>(this.store,
				(session, changes) -> {
				}, new UnreadableAttributes(), Duration.ZERO, this.time::get);
		this.store.fail(new DataAccessResourceFailureException("down"));
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(SessionStoreUnavailableException.class)
				.isThrownBy(() -> repository.findById("id"));
		}
		assertThat(this.store.calls).isOne();
		this.time.addAndGet(1_000_000_000);
		assertThat(repository.findById("id")).isNotNull();
	}

	@Test
	void requestThatSucceedsEndsTheTroubleThoughItHadBegunBefore() throws Exception {
		SharedSessionRepository<MapSession> repository = new SharedSessionRepository<>(this.store,
				(session, changes) -> {
				}, new UnreadableAttributes(), Duration.ZERO, this.time::get);
		CountDownLatch asking = new CountDownLatch(1);
		CountDownLatch answer = new CountDownLatch(1);
		this.store.before = () -> {
			asking.countDown();
			await(answer);
		};
		Thread slow = new Thread(() -> repository.findById("slow"));
		slow.start();
		await(asking);
		this.store.before = () -> {
		};
		this.store.fail(new CannotCreateTransactionException("no connection is free"));
		assertThatExceptionOfType(SessionStoreUnavailableException.class).isThrownBy(() -> repository.findById("id"));
		answer.countDown();
		slow.join(TimeUnit.SECONDS.toMillis(20));
		assertThat(repository.findById("id")).isNotNull();
	}

	@Test
	void whileTheStoreIsNotAvailableOneRequestTriesItAndAllOthersFailAtOnce() throws Exception {
		SharedSession<MapSession> session = this.repository.createSession();
		this.store.fail(new DataAccessResourceFailureException("down"));
		assertThatExceptionOfType(SessionStoreUnavailableException.class)
			.isThrownBy(() -> this.repository.save(session));
		CountDownLatch trying = new CountDownLatch(1);
		CountDownLatch back = new CountDownLatch(1);
		this.store.before = () -> {
			trying.countDown();
			await(back);
		};
		Thread first = new Thread(() -> this.repository.save(session));
		first.start();
		await(trying);
		int calls = this.store.calls;
		assertThatExceptionOfType(SessionStoreUnavailableException.class)
			.isThrownBy(() -> this.repository.findById("id"))
			.withMessageContaining("down");
		assertThat(this.store.calls).isEqualTo(calls);
		this.store.before = () -> {
		};
		back.countDown();
		first.join(TimeUnit.SECONDS.toMillis(20));
		assertThat(this.repository.findById("id")).isNotNull();
	}

	@Test
	void sessionThatARequestHasSavedIsFoundOnceWithoutTheStore() {
		this.repository.beginRequest();
		SharedSession<MapSession> session = this.repository.findById("id");
		this.repository.save(session);
		int calls = this.store.calls;
		assertThat(this.repository.findById("id")).isSameAs(session);
		assertThat(this.store.calls).isEqualTo(calls);
		assertThat(this.repository.findById("id")).as("as others have changed it").isNotSameAs(session);
		this.repository.save(session);
		assertThat(this.repository.findById("another")).isNotSameAs(session);
		this.repository.save(session);
		this.repository.deleteById("id");
		assertThat(this.repository.findById("id")).isNotSameAs(session);
		this.repository.save(session);
		this.repository.endRequest();
		assertThat(this.repository.findById("id")).as("by the next request of this thread").isNotSameAs(session);
	}

	/** Whose answer begins before its end, as one with a text does. */
	@Test
	void requestWithASessionLooksForItOnce() throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setCookies(new Cookie("SESSION", Base64.getEncoder().encodeToString("id".getBytes())));
		SessionRepositoryFilter<?> springSession = new SessionRepositoryFilter<>(this.repository);
		FilterChain controller = (seen, response) -> {
			assertThat(((HttpServletRequest) seen).getSession(false)).isNotNull();
			response.flushBuffer();
		};
		new SessionStoreFilter(this.repository).doFilter(request, new MockHttpServletResponse(),
				(seen, response) -> springSession.doFilter(seen, response, controller));
		assertThat(this.store.searches).isOne();
	}

	@Test
	void requestWhoseSessionCannotBeSavedDoesNotWaitForThatAgain() {
		SharedSession<MapSession> session = this.repository.createSession();
		this.repository.beginRequest();
		this.store.fail(new QueryTimeoutException("slow"));
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(SessionStoreUnavailableException.class)
				.isThrownBy(() -> this.repository.save(session))
				.withMessageContaining("slow");
		}
		assertThat(this.store.calls).isOne();
		this.repository.endRequest();
		this.repository.beginRequest();
		this.repository.save(session);
		this.repository.endRequest();
		assertThat(this.store.calls).isEqualTo(2);
	}

	@Test
	void sessionThatIsSavedOutsideOfARequestIsNotKept() {
		SharedSession<MapSession> session = this.repository.findById("id");
		this.repository.save(session);
		assertThat(this.repository.findById("id")).isNotSameAs(session);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Whose transactions fail for as long as there are failures. */
	private static final class FailingStore implements FindByIndexNameSessionRepository<MapSession> {

		private final Deque<RuntimeException> failures = new ArrayDeque<>();

		private volatile Runnable before = () -> {
		};

		private volatile int calls;

		private int searches;

		void fail(RuntimeException... next) {
			this.failures.addAll(Arrays.asList(next));
		}

		private void call() {
			this.calls = this.calls + 1;
			this.before.run();
			RuntimeException failure = this.failures.poll();
			if (failure != null) {
				throw failure;
			}
		}

		@Override
		public MapSession createSession() {
			return new MapSession();
		}

		@Override
		public void save(MapSession session) {
			call();
		}

		@Override
		public @Nullable MapSession findById(String id) {
			this.searches++;
			call();
			return new MapSession(id);
		}

		@Override
		public void deleteById(String id) {
			call();
		}

		@Override
		public Map<String, MapSession> findByIndexNameAndIndexValue(String indexName, String indexValue) {
			return Map.of();
		}

	}

}

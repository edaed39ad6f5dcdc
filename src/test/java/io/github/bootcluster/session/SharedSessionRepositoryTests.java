package io.github.bootcluster.session;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;

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
import org.springframework.session.MapSession;
import org.springframework.transaction.CannotCreateTransactionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests for {@link SharedSessionRepository}. */
@ExtendWith(OutputCaptureExtension.class)
class SharedSessionRepositoryTests {

	private final FailingStore store = new FailingStore();

	private final List<String> changes = new ArrayList<>();

	private final SharedSessionRepository<MapSession> repository = new SharedSessionRepository<>(this.store,
			(before, after) -> this.changes.add(before + " to " + after), Duration.ZERO);

	@Test
	void idIsChangedOnceBeforeTheSessionIsSaved() {
		SharedSession<MapSession> session = this.repository.findById("id");
		this.repository.save(session);
		assertThat(this.changes).isEmpty();
		String after = session.changeSessionId();
		this.repository.save(session);
		this.repository.save(session);
		assertThat(this.changes).containsExactly("id to " + after);
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
				new CannotCreateTransactionException("no connection"), new QueryTimeoutException("slow"));
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

	/** Whose transactions fail for as long as there are failures. */
	private static final class FailingStore implements FindByIndexNameSessionRepository<MapSession> {

		private final Deque<RuntimeException> failures = new ArrayDeque<>();

		private int calls;

		void fail(RuntimeException... next) {
			this.failures.addAll(Arrays.asList(next));
		}

		private void call() {
			this.calls++;
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

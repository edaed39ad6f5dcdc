package io.github.bootcluster.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/** Tests for {@link LoginProbe}, with a database made up. */
@Timeout(30)
class LoginProbeTests {

	private final AtomicInteger logins = new AtomicInteger();

	private final AtomicLong time = new AtomicLong();

	private volatile @Nullable String failure;

	private volatile CountDownLatch answering = new CountDownLatch(0);

	private final CountDownLatch asked = new CountDownLatch(2);

	private final LoginProbe probe = new LoginProbe(new Database(), this.time::get);

	@Test
	void whatIsFoundOutHoldsForSomeSeconds() {
		assertThat(this.probe.trouble()).isNull();
		this.failure = "refused";
		pass(Duration.ofSeconds(5).minusNanos(1));
		assertThat(this.probe.trouble()).isNull();
		pass(Duration.ofNanos(1));
		assertThat(this.probe.trouble()).isEqualTo("The launcher cannot log in; its log says why.");
		this.failure = null;
		assertThat(this.probe.trouble()).isNotNull();
		pass(Duration.ofSeconds(5));
		assertThat(this.probe.trouble()).isNull();
		assertThat(this.logins).hasValue(3);
	}

	@Test
	void othersAreToldWhatWasKnownWhileOneAsks() throws Exception {
		assertThat(this.probe.trouble()).isNull();
		this.answering = new CountDownLatch(1);
		this.failure = "refused";
		pass(Duration.ofSeconds(6));
		CompletableFuture<String> one = CompletableFuture.supplyAsync(this.probe::trouble,
				(task) -> new Thread(task).start());
		this.asked.await();
		assertThat(this.probe.trouble()).isNull();
		this.answering.countDown();
		assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo("The launcher cannot log in; its log says why.");
		assertThat(this.probe.trouble()).isEqualTo("The launcher cannot log in; its log says why.");
		assertThat(this.logins).hasValue(2);
	}

	@Test
	void whoDoesNotWaitIsToldWhatWasKnownAndHearsOfItLater() {
		this.answering = new CountDownLatch(1);
		this.failure = "refused";
		assertThat(this.probe.knownTrouble()).as("well when it was opened").isNull();
		assertThat(this.probe.knownTrouble()).isNull();
		this.answering.countDown();
		await().untilAsserted(() -> assertThat(this.probe.knownTrouble()).isNotNull());
		assertThat(this.logins).as("one at a time, and not again at once").hasValue(1);
		this.failure = null;
		pass(Duration.ofSeconds(5));
		assertThat(this.probe.knownTrouble()).isNotNull();
		await().untilAsserted(() -> assertThat(this.probe.knownTrouble()).isNull());
		assertThat(this.logins).hasValue(2);
	}

	private void pass(Duration duration) {
		this.time.addAndGet(duration.toNanos());
	}

	private final class Database extends UserDatabase {

		Database() {
			super(new JdbcUrl("jdbc:h2:mem:x"), new SessionSettings.DataSource(null, null, null, null, null));
		}

		@Override
		Connection connect() throws SQLException {
			LoginProbeTests.this.logins.incrementAndGet();
			LoginProbeTests.this.asked.countDown();
			try {
				LoginProbeTests.this.answering.await();
			}
			catch (InterruptedException ex) {
				throw new SQLException(ex);
			}
			if (LoginProbeTests.this.failure != null) {
				throw new SQLException(LoginProbeTests.this.failure);
			}
			return mock(Connection.class);
		}

	}

}

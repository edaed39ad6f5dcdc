package io.github.bootcluster.session;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link ExpiredSessionCleanup}. */
@ExtendWith(OutputCaptureExtension.class)
class ExpiredSessionCleanupTests {

	private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

	private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

	private final String url = "jdbc:h2:mem:" + UUID.randomUUID();

	private Connection connection;

	private JdbcTemplate jdbc;

	@BeforeEach
	void createTables() throws SQLException {
		DatabaseServer.bindToLoopback();
		this.connection = DriverManager.getConnection(this.url);
		this.jdbc = new JdbcTemplate(new SingleConnectionDataSource(this.connection, true));
		new SessionSchema(new JdbcSessionProperties()).prepare(this.connection);
	}

	@AfterEach
	void close() throws SQLException {
		this.connection.close();
	}

	@Test
	void runRemovesExpiredSessionsOnly() {
		insertSession("expired", NOW.minusMillis(1));
		insertSession("expires now", NOW);
		insertSession("alive", NOW.plusSeconds(60));
		cleanup(this::connect).run();
		assertThat(this.jdbc.queryForList("SELECT TRIM(PRIMARY_ID) FROM SPRING_SESSION", String.class))
			.containsExactlyInAnyOrder("expires now", "alive");
		assertThat(
				this.jdbc.queryForList("SELECT TRIM(SESSION_PRIMARY_ID) FROM SPRING_SESSION_ATTRIBUTES", String.class))
			.containsExactlyInAnyOrder("expires now", "alive");
	}

	@Test
	void runWhenDatabaseFailsWarnsOncePerStreak(CapturedOutput output) {
		FailingDatabase database = new FailingDatabase();
		ExpiredSessionCleanup cleanup = cleanup(database);
		database.failure = new SQLException("down");
		cleanup.run();
		cleanup.run();
		assertThat(output).containsOnlyOnce("could not be removed").contains("WARN").contains("down");
		insertSession("expired", NOW.minusMillis(1));
		database.failure = null;
		cleanup.run();
		cleanup.run();
		assertThat(output).containsOnlyOnce("removed again: 1 by the first attempt");
		assertThat(this.jdbc.queryForObject("SELECT COUNT(*) FROM SPRING_SESSION", Integer.class)).isZero();
		database.failure = new SQLException("down a second time");
		cleanup.run();
		assertThat(output).contains("down a second time");
	}

	@Test
	void runWhenDriverIsBrokenDoesNotThrow(CapturedOutput output) {
		FailingDatabase database = new FailingDatabase();
		database.failure = new NoClassDefFoundError("Gone");
		cleanup(database).run();
		assertThat(output).contains("could not be removed").contains("Gone");
	}

	private ExpiredSessionCleanup cleanup(Database database) {
		return new ExpiredSessionCleanup(database, "SPRING_SESSION", this.clock);
	}

	private Connection connect() throws SQLException {
		return DriverManager.getConnection(this.url);
	}

	private void insertSession(String id, Instant expiry) {
		this.jdbc.update("INSERT INTO SPRING_SESSION VALUES (?, ?, 0, 0, 0, ?, NULL)", id, id, expiry.toEpochMilli());
		this.jdbc.update("INSERT INTO SPRING_SESSION_ATTRIBUTES VALUES (?, 'name', X'00')", id);
	}

	private final class FailingDatabase implements Database {

		private Throwable failure;

		@Override
		public Connection connect() throws SQLException {
			if (this.failure instanceof SQLException ex) {
				throw ex;
			}
			if (this.failure instanceof Error error) {
				throw error;
			}
			return ExpiredSessionCleanupTests.this.connect();
		}

	}

}

package io.github.bootcluster.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;

import javax.sql.DataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;

/**
 * Removes the sessions that expired, some at a time: however many there are, as after a
 * long stop, no statement lasts long and none holds many rows, in the embedded database
 * in the launcher's memory. (Spring Session has one statement for all of them.)
 */
final class ExpiredSessions implements Removal {

	/** So few that a slow disk, too, has them gone before the connection is given up. */
	private static final int BATCH = 200;

	private static final Logger logger = LoggerFactory.getLogger(SessionCleanup.class);

	private final DataSource dataSource;

	private final String sql;

	private final InstantSource clock;

	ExpiredSessions(DataSource dataSource, String tableName, InstantSource clock) {
		this.dataSource = dataSource;
		// Asked twice: one that a request extends meanwhile is not to be removed.
		this.sql = """
				DELETE FROM %1$s WHERE PRIMARY_ID IN (
				SELECT PRIMARY_ID FROM %1$s WHERE EXPIRY_TIME < ? FETCH FIRST %2$d ROWS ONLY)
				AND EXPIRY_TIME < ?
				""".formatted(tableName, BATCH);
		this.clock = clock;
	}

	@Override
	public boolean removeSome() {
		long begin = System.nanoTime();
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement(this.sql)) {
			long now = this.clock.millis();
			statement.setLong(1, now);
			statement.setLong(2, now);
			int removed = statement.executeUpdate();
			if (!connection.getAutoCommit()) {
				connection.commit();
			}
			logger.debug("Removed {} expired sessions in {} ms", removed, (System.nanoTime() - begin) / 1_000_000);
			return removed == BATCH;
		}
		catch (SQLException ex) {
			DataAccessException translated = new SQLExceptionSubclassTranslator().translate("Clean-up", this.sql, ex);
			throw (translated != null) ? translated : new UncategorizedSQLException("Clean-up", this.sql, ex);
		}
	}

}

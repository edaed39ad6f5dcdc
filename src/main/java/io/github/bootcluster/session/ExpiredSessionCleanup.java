package io.github.bootcluster.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Removes the sessions that expired, in one process for the whole cluster. Attributes
 * follow by the tables' own foreign key.
 */
class ExpiredSessionCleanup implements Runnable {

	/** Longest time one removal may take in the database. */
	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private static final Log logger = LogFactory.getLog(ExpiredSessionCleanup.class);

	private final Database database;

	private final String sql;

	private final Clock clock;

	/** Confined to the cleaning thread. */
	private boolean failing;

	ExpiredSessionCleanup(Database database, String tableName, Clock clock) {
		this.database = database;
		this.sql = "DELETE FROM " + tableName + " WHERE EXPIRY_TIME < ?";
		this.clock = clock;
	}

	@Override
	public void run() {
		try {
			int removed = removeExpired();
			if (this.failing) {
				this.failing = false;
				logger.info("Expired sessions are removed again: " + removed + " by the first attempt that succeeded");
			}
		}
		catch (Throwable ex) {
			// Even an Error: a scheduled task that throws is never run again.
			if (!this.failing) {
				this.failing = true;
				logger.warn("Expired sessions could not be removed; trying again every minute: " + ex);
			}
		}
	}

	private int removeExpired() throws SQLException {
		try (Connection connection = this.database.connect();
				PreparedStatement statement = connection.prepareStatement(this.sql)) {
			statement.setQueryTimeout((int) TIMEOUT.toSeconds());
			statement.setLong(1, this.clock.millis());
			return statement.executeUpdate();
		}
	}

}

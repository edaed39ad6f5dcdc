package io.github.bootcluster.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs in to a database server that may still be on its way, as after a reboot of the
 * machine. What waiting cannot mend, such as a wrong password, is told at once.
 */
final class PatientLogin {

	private static final Duration PAUSE = Duration.ofMillis(500);

	/**
	 * Said by PostgreSQL's driver where there is no password, or no common way to use it.
	 * (MySQL says it of too many connections.)
	 */
	private static final String REJECTED = "08004";

	private static final Logger logger = LoggerFactory.getLogger(SessionStore.class);

	private final UserDatabase database;

	private final JdbcUrl url;

	private final Duration patience;

	/**
	 * Create the login.
	 * @param patience how long to wait for the server; zero to try once
	 */
	PatientLogin(UserDatabase database, JdbcUrl url, Duration patience) {
		this.database = database;
		this.url = url;
		this.patience = patience;
	}

	/**
	 * Log in, as soon as the server is there.
	 * @return a new connection, to be closed by the caller
	 * @throws SQLException if that fails for good, or the server has not come in time
	 */
	Connection connect() throws SQLException {
		long begin = System.nanoTime();
		for (boolean told = false;; told = true) {
			try {
				return this.database.connect();
			}
			catch (SQLException ex) {
				if (!isAbsent(ex) || System.nanoTime() - begin >= this.patience.toNanos()) {
					throw ex;
				}
				if (!told) {
					logger.warn("The session store {} is not there yet; waiting for it, up to {} s: {}",
							this.url.withoutSecrets(), this.patience.toSeconds(), ex.getMessage());
				}
				pause(ex);
			}
		}
	}

	/**
	 * By the classes of SQLSTATE in ISO/IEC 9075-2 (08, connection exception) and those
	 * of PostgreSQL (57P, shut down or starting up; 53, too many connections), or the
	 * kind of exception where a driver has states of its own.
	 */
	private boolean isAbsent(SQLException ex) {
		String state = (ex.getSQLState() != null) ? ex.getSQLState() : "";
		if (state.equals(REJECTED) && this.url.subProtocol().equals("postgresql")) {
			return false;
		}
		return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53")
				|| ex instanceof SQLNonTransientConnectionException || ex instanceof SQLTransientConnectionException
				|| ex instanceof SQLTimeoutException;
	}

	private static void pause(SQLException reason) throws SQLException {
		try {
			TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			reason.addSuppressed(ex);
			throw reason;
		}
	}

}

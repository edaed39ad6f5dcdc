package io.github.bootcluster.session;

import java.sql.Connection;
import java.sql.SQLException;

/** Where the sessions are, seen by the launcher. */
@FunctionalInterface
interface Database {

	/**
	 * Log in.
	 * @return a new connection, to be closed by the caller
	 * @throws SQLException if that fails; its text contains no password
	 */
	Connection connect() throws SQLException;

}

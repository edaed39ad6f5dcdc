package io.github.bootcluster.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.function.BiConsumer;

import javax.sql.DataSource;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;

/**
 * Gives a stored session another id, at a login for one. By a statement of its own, so
 * that no other request of the session which ends later, and knows the former id only,
 * brings that one back: whoever had planted it would be logged in.
 */
final class StoredIds implements BiConsumer<String, String> {

	private final DataSource dataSource;

	private final String sql;

	StoredIds(DataSource dataSource, String tableName) {
		this.dataSource = dataSource;
		this.sql = "UPDATE " + tableName + " SET SESSION_ID = ? WHERE SESSION_ID = ?";
	}

	/**
	 * Not as a part of a transaction that the request may be in: it may be undone, and
	 * the session itself is saved in another one.
	 */
	@Override
	public void accept(String before, String after) {
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement(this.sql)) {
			statement.setString(1, after);
			statement.setString(2, before);
			statement.executeUpdate();
			if (!connection.getAutoCommit()) {
				connection.commit();
			}
		}
		catch (SQLException ex) {
			DataAccessException translated = new SQLExceptionSubclassTranslator().translate("Session id", this.sql, ex);
			throw (translated != null) ? translated : new UncategorizedSQLException("Session id", this.sql, ex);
		}
	}

}

package io.github.bootcluster.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;

/**
 * A statement that Spring Session knows nothing of. In a connection and a transaction of
 * its own, not as a part of one that the request may be in: that may be undone.
 *
 * @param task what it is for, in messages
 */
record OwnStatement(DataSource dataSource, String task, String sql) {

	/**
	 * Execute it.
	 * @param timeoutSeconds time for it; 0 for no limit
	 * @return the number of rows
	 */
	int update(List<? extends @Nullable Object> values, int timeoutSeconds) {
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement(this.sql)) {
			if (timeoutSeconds > 0) {
				statement.setQueryTimeout(timeoutSeconds);
			}
			for (int i = 0; i < values.size(); i++) {
				statement.setObject(i + 1, values.get(i));
			}
			int rows = statement.executeUpdate();
			if (!connection.getAutoCommit()) {
				connection.commit();
			}
			return rows;
		}
		catch (SQLException ex) {
			DataAccessException translated = new SQLExceptionSubclassTranslator().translate(this.task, this.sql, ex);
			throw (translated != null) ? translated : new UncategorizedSQLException(this.task, this.sql, ex);
		}
	}

}

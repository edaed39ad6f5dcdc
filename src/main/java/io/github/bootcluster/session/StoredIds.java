package io.github.bootcluster.session;

import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.session.Session;
import org.springframework.util.ReflectionUtils;

/**
 * Gives a stored session another id, at a login for one. By a statement of its own, so
 * that no other request of the session which ends later, and knows the former id only,
 * brings that one back: whoever had planted it would be logged in. Of two logins at once
 * the last wins.
 */
final class StoredIds implements IdChange {

	/** Spring Session keeps it to itself, and nothing else stays the same. */
	private static final String PRIMARY_KEY = "primaryKey";

	private final DataSource dataSource;

	private final String sql;

	StoredIds(DataSource dataSource, String tableName) {
		this.dataSource = dataSource;
		this.sql = "UPDATE " + tableName + " SET SESSION_ID = ? WHERE PRIMARY_ID = ?";
	}

	/** Whether sessions are of a kind whose key can be had. */
	static boolean arePossible(Class<?> sessionType) {
		return keyOf(sessionType) != null;
	}

	/**
	 * Not as a part of a transaction that the request may be in: it may be undone, and
	 * the session itself is saved in another one.
	 */
	@Override
	public void apply(Session session) {
		Field key = keyOf(session.getClass());
		if (key == null) {
			throw new IllegalStateException("The key of " + session.getClass() + " is not known");
		}
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement(this.sql)) {
			statement.setString(1, session.getId());
			statement.setString(2, (String) ReflectionUtils.getField(key, session));
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

	private static @Nullable Field keyOf(Class<?> sessionType) {
		Field field = ReflectionUtils.findField(sessionType, PRIMARY_KEY, String.class);
		if (field != null) {
			ReflectionUtils.makeAccessible(field);
		}
		return field;
	}

}

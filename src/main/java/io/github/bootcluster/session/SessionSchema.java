package io.github.bootcluster.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionDataSourceScriptDatabaseInitializer;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionProperties;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;

/**
 * The two tables of Spring Session, under the configured name. The script that creates
 * them is the one Boot would run: Spring Session's for the kind of database, unless
 * {@code spring.session.jdbc.schema} names another.
 */
class SessionSchema {

	private final JdbcSessionProperties properties;

	SessionSchema(JdbcSessionProperties properties) {
		this.properties = properties;
	}

	/**
	 * Create the tables unless they are there.
	 * @throws SQLException if the connection fails
	 * @throws RuntimeException if the tables are not there and cannot be created
	 */
	void prepare(Connection connection) throws SQLException {
		if (isReady(connection)) {
			return;
		}
		try {
			runScript(connection, false);
		}
		catch (RuntimeException ex) {
			if (!isReady(connection)) {
				// One table may be left of an interrupted attempt, or another launcher on
				// another host be at it too: take what is there and add what is missing.
				runScript(connection, true);
			}
			if (!isReady(connection)) {
				throw ex;
			}
		}
	}

	/** Whether both tables can be read. */
	boolean isReady(Connection connection) throws SQLException {
		return isReadable(connection, this.properties.getTableName())
				&& isReadable(connection, this.properties.getTableName() + "_ATTRIBUTES");
	}

	private boolean isReadable(Connection connection, String table) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.executeQuery("SELECT COUNT(*) FROM " + table + " WHERE 1 = 0").close();
			return true;
		}
		catch (SQLException ex) {
			if (connection.isClosed()) {
				throw ex;
			}
			// Not there: asked this way, and not by metadata, as the answer follows the
			// same rules of schema and case as the statements of Spring Session.
			return false;
		}
	}

	private void runScript(Connection connection, boolean continueOnError) {
		new Initializer(connection, copyOfProperties(continueOnError)).initializeDatabase();
	}

	private JdbcSessionProperties copyOfProperties(boolean continueOnError) {
		JdbcSessionProperties copy = new JdbcSessionProperties();
		copy.setTableName(this.properties.getTableName());
		copy.setSchema(this.properties.getSchema());
		String platform = this.properties.getPlatform();
		if (platform != null) {
			copy.setPlatform(platform);
		}
		// Boot's default, 'embedded', does nothing for a database other processes can
		// see.
		copy.setInitializeSchema(DatabaseInitializationMode.ALWAYS);
		copy.setContinueOnError(continueOnError);
		return copy;
	}

	/** Boot's initializer; renames the tables where Boot would create unused ones. */
	private static final class Initializer extends JdbcSessionDataSourceScriptDatabaseInitializer {

		private static final String DEFAULT_NAME = JdbcIndexedSessionRepository.DEFAULT_TABLE_NAME;

		/** Keys and indexes, which unlike tables take no schema before their name. */
		private static final Pattern CONSTRAINT = Pattern
			.compile("\\b" + DEFAULT_NAME + "(?=(_ATTRIBUTES)?_(PK|FK|IX\\d)\\b)");

		private static final Pattern TABLE = Pattern.compile("\\b" + DEFAULT_NAME + "(?=(_ATTRIBUTES)?\\b)");

		private final JdbcSessionProperties properties;

		Initializer(Connection connection, JdbcSessionProperties properties) {
			super(new SingleConnectionDataSource(connection, true), properties);
			this.properties = properties;
		}

		@Override
		protected void runScripts(Scripts scripts) {
			super.runScripts(isRenamed() ? renamed(scripts) : scripts);
		}

		private boolean isRenamed() {
			return !DEFAULT_NAME.equals(this.properties.getTableName())
					&& this.properties.getDefaultSchemaLocation().equals(this.properties.getSchema());
		}

		private Scripts renamed(Scripts scripts) {
			List<Resource> resources = new ArrayList<>();
			scripts.forEach((resource) -> resources.add(renamed(resource)));
			return new Scripts(resources).continueOnError(scripts.isContinueOnError())
				.separator(scripts.getSeparator())
				.encoding(StandardCharsets.UTF_8);
		}

		private Resource renamed(Resource script) {
			String table = this.properties.getTableName();
			String unqualified = table.substring(table.lastIndexOf('.') + 1);
			try {
				String text = script.getContentAsString(StandardCharsets.UTF_8);
				text = CONSTRAINT.matcher(text).replaceAll(Matcher.quoteReplacement(unqualified));
				text = TABLE.matcher(text).replaceAll(Matcher.quoteReplacement(table));
				return new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), script.getDescription());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}

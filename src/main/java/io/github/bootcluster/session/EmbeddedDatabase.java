package io.github.bootcluster.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.h2.Driver;
import org.h2.api.ErrorCode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionProperties;

/**
 * An H2 database in this JVM with the session tables in it. The launcher is its
 * administrator; workers are a user who may do nothing but read and write sessions, for
 * an administrator of H2 can run any Java code in the launcher.
 */
final class EmbeddedDatabase {

	static final String WORKER = "WORKER";

	private static final String LAUNCHER = "LAUNCHER";

	/**
	 * Open as long as the launcher's connection is, for one that nobody uses is closed:
	 * one that has broken must not stay open once the workers have left it. And not until
	 * the JVM begins to exit, while workers still finish their requests. What was
	 * committed is written within 50 ms, so that hardly a session is lost should the
	 * launcher be killed; writing with every commit makes the file grow by about 25 KB
	 * each time. No trace file: errors are thrown to those they concern, and a second
	 * file would quote data. 8 MB of pages are kept in memory: left to itself H2 takes a
	 * share of the largest heap there might be (384 MB of the 6 GB a machine of 24 GB
	 * allows), and what is not kept comes from the file, which the system has in memory
	 * anyway.
	 */
	private static final String SETTINGS = ";DB_CLOSE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=50"
			+ ";CACHE_SIZE=8192;TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0";

	private static final Log logger = LogFactory.getLog(EmbeddedDatabase.class);

	private final StoreFiles files;

	/** Keeps the database open. Closing it needs no login then, which could fail. */
	private final Connection connection;

	private EmbeddedDatabase(StoreFiles files, Connection connection) {
		this.files = files;
		this.connection = connection;
	}

	/**
	 * Open the database, new or from the last time.
	 * @throws SessionStoreException if it is open already or cannot be opened
	 */
	static EmbeddedDatabase open(StoreFiles files) {
		Secret password = files.prepare();
		try {
			Connection connection = connect(files, password);
			EmbeddedDatabase database = new EmbeddedDatabase(files, connection);
			boolean isInUse = true;
			try {
				isInUse = isInUse(connection);
			}
			finally {
				if (isInUse) {
					database.abandon();
				}
			}
			if (isInUse) {
				throw locked(files, null);
			}
			return database;
		}
		catch (SQLException ex) {
			throw switch (ex.getErrorCode()) {
				case ErrorCode.DATABASE_ALREADY_OPEN_1 -> locked(files, ex);
				case ErrorCode.WRONG_USER_OR_PASSWORD -> files.secretWrong(ex);
				default -> unusable(files, ex);
			};
		}
	}

	private static Connection connect(StoreFiles files, Secret password) throws SQLException {
		Properties credentials = new Properties();
		credentials.setProperty("user", LAUNCHER);
		credentials.setProperty("password", password.value());
		return Driver.load().connect("jdbc:h2:file:" + files.databaseName() + SETTINGS, credentials);
	}

	/**
	 * The file's lock keeps other processes out, but this one would share the database.
	 */
	private static boolean isInUse(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet sessions = statement.executeQuery("SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS")) {
			return sessions.next() && sessions.getInt(1) > 1;
		}
	}

	/** Create the session tables unless they are there. */
	void prepareSchema(JdbcSessionProperties properties) {
		try {
			new SessionSchema(properties).prepare(this.connection);
		}
		catch (SQLException | RuntimeException ex) {
			throw unusable(this.files, ex);
		}
	}

	/**
	 * Let workers log in as {@link #WORKER}. Whatever password or rights that user had
	 * before end with it.
	 */
	void admitWorkers(Secret workerPassword, String tableName) {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute("DROP USER IF EXISTS " + WORKER);
			// A parameter: exceptions quote the text of statements.
			try (PreparedStatement create = this.connection.prepareStatement("CREATE USER " + WORKER + " PASSWORD ?")) {
				create.setString(1, workerPassword.value());
				create.execute();
			}
			statement.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON %1$s, %1$s_ATTRIBUTES TO %2$s"
				.formatted(tableName, WORKER));
		}
		catch (SQLException ex) {
			throw unusable(this.files, ex);
		}
	}

	/**
	 * Whether it can be read. H2 closes a database it cannot write to.
	 * @return what is wrong, or {@code null}
	 */
	@Nullable SQLException failure(String tableName) {
		try (Statement statement = this.connection.createStatement()) {
			statement.executeQuery("SELECT PRIMARY_ID FROM " + tableName + " FETCH FIRST ROW ONLY").close();
			return null;
		}
		catch (SQLException ex) {
			return ex;
		}
	}

	/** Leave it as it is: one that has not broken closes by itself then. */
	void abandon() {
		try {
			this.connection.close();
		}
		catch (SQLException ex) {
			logger.debug("As expected of a broken database, leaving it failed: " + ex);
		}
	}

	/** Write everything and close the file. */
	void shutDown() {
		try (this.connection; Statement statement = this.connection.createStatement()) {
			statement.execute("SHUTDOWN");
		}
		catch (SQLException ex) {
			logger.warn("Session store " + this.files.database()
					+ " was not closed cleanly; it will be recovered by the next start: " + ex);
		}
	}

	@Override
	public String toString() {
		return this.files.database().toString();
	}

	private static SessionStoreException locked(StoreFiles files, @Nullable Throwable cause) {
		return new SessionStoreException(files.database().toString(), "is in use by another launcher",
				"Stop that one first, or give this one a cluster.home of its own.", cause);
	}

	private static SessionStoreException unusable(StoreFiles files, Exception cause) {
		return new SessionStoreException(files.database().toString(), "cannot be opened: " + cause.getMessage(),
				"If the disk is not full, the file is damaged or of another version of H2: put a copy back,"
						+ " or delete it to start with an empty session store; all users' sessions are lost then.",
				cause);
	}

}

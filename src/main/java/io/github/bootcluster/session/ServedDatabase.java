package io.github.bootcluster.session;

import java.sql.SQLException;
import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionProperties;

/**
 * The embedded database, open and served to the workers.
 *
 * @param database the database
 * @param server what workers connect to
 * @param tableName name of the sessions' table in it
 */
record ServedDatabase(EmbeddedDatabase database, DatabaseServer server, String tableName) {

	/**
	 * Open the database and serve it.
	 * @param name what workers call it
	 * @param port where they find it, or {@link DatabaseServer#ANY_PORT}; asked for when
	 * it is about to be used
	 * @param password the workers' password
	 * @throws SessionStoreException if it cannot be opened or served; nothing is left
	 * open then
	 */
	static ServedDatabase open(StoreFiles files, Secret name, IntSupplier port, Secret password,
			JdbcSessionProperties tables) {
		EmbeddedDatabase database = EmbeddedDatabase.open(files);
		try {
			database.prepareSchema(tables);
			database.admitWorkers(password, tables.getTableName());
			return new ServedDatabase(database, serve(files, name, port.getAsInt()), tables.getTableName());
		}
		catch (RuntimeException | Error ex) {
			database.abandon();
			throw ex;
		}
	}

	private static DatabaseServer serve(StoreFiles files, Secret name, int port) {
		try {
			return DatabaseServer.start(files.databaseName(), name, port);
		}
		catch (SQLException ex) {
			throw new SessionStoreException(files.database().toString(),
					"cannot be served to the workers: " + ex.getMessage(),
					"Check that processes of this machine may listen on and connect to 127.0.0.1.", ex);
		}
	}

	/** What is wrong with it, or {@code null} if it can be read. */
	@Nullable SQLException failure() {
		return this.database.failure(this.tableName);
	}

	/** Write everything and close. */
	void close() {
		this.server.close();
		this.database.shutDown();
	}

	/**
	 * Leave it to nobody, now that it has broken: the workers would open it again, and
	 * could not all be sure to get the same one.
	 */
	void abandon() {
		try {
			this.server.close();
		}
		finally {
			this.database.abandon();
		}
	}

}

package io.github.bootcluster.session;

import java.sql.SQLException;

import org.h2.engine.SysProperties;
import org.h2.tools.Server;

/**
 * Serves one database of this JVM to other processes of this machine, under a name that
 * cannot be guessed. No other database can be reached through it, and none created.
 */
final class DatabaseServer implements AutoCloseable {

	private static final String LOOPBACK = "127.0.0.1";

	private static final String BIND_ADDRESS_PROPERTY = "h2.bindAddress";

	/** Any free one. */
	static final int ANY_PORT = 0;

	private final Server server;

	private DatabaseServer(Server server) {
		this.server = server;
	}

	/**
	 * Keep H2 from listening on every network interface. It reads this setting once, so
	 * call before anything else of H2 is touched.
	 * @throws SessionStoreException if it is too late for that
	 */
	static void bindToLoopback() {
		System.setProperty(BIND_ADDRESS_PROPERTY, LOOPBACK);
		if (!LOOPBACK.equals(SysProperties.BIND_ADDRESS)) {
			throw new SessionStoreException("server",
					"would listen on every network interface,"
							+ " as H2 was in use in the launcher before the session store",
					"Start Java with -D" + BIND_ADDRESS_PROPERTY + "=" + LOOPBACK + ".", null);
		}
	}

	/**
	 * Start to serve a database.
	 * @param databaseName path of the database without suffix
	 * @param name what clients call it
	 * @param port where to listen, or {@link #ANY_PORT}
	 */
	static DatabaseServer start(String databaseName, Secret name, int port) throws SQLException {
		// H2's defaults do the rest: a random password for stopping the server from
		// outside, no remote creation, no clients from other machines.
		Server server = Server.createTcpServer("-tcpPort", Integer.toString(port), "-tcpDaemon", "-key", name.value(),
				databaseName);
		return new DatabaseServer(server.start());
	}

	int port() {
		return this.server.getPort();
	}

	/** URL of a database that is served, for clients on this machine. */
	static String url(Secret name, int port) {
		return "jdbc:h2:tcp://%s:%d/%s".formatted(LOOPBACK, port, name.value());
	}

	/** Listen no more and end all connections. */
	@Override
	public void close() {
		this.server.stop();
	}

}

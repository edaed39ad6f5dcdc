package io.github.bootcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Assumptions;

/** A real PostgreSQL server for one class of tests, on loopback at a free port. */
public final class PostgresServer implements AutoCloseable {

	/** Role and database of an application. */
	public static final String USER = "bootcluster";

	/** That role's password. */
	public static final String PASSWORD = "sessions for tests";

	private final EmbeddedPostgres server;

	private PostgresServer(EmbeddedPostgres server) {
		this.server = server;
	}

	/**
	 * Start one. Where there is no server for this system, the test is skipped and the
	 * reason printed.
	 */
	public static PostgresServer start() {
		EmbeddedPostgres server;
		try {
			// Its programs and its data, instead of a directory of the system's that it
			// would leave behind.
			System.setProperty("ot.epg.working-dir", Path.of("target", "postgres").toAbsolutePath().toString());
			server = EmbeddedPostgres.start();
		}
		catch (IllegalStateException ex) {
			if (ex.getMessage() == null || !ex.getMessage().contains("Missing embedded postgres binaries")) {
				throw ex;
			}
			System.out.println("skipped tests, there is no PostgreSQL for this system: " + ex.getMessage());
			return Assumptions.abort(ex.getMessage());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		PostgresServer started = new PostgresServer(server);
		try {
			started.prepare();
			return started;
		}
		catch (RuntimeException ex) {
			started.close();
			throw ex;
		}
	}

	private void prepare() {
		try (Connection connection = this.server.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(USER, PASSWORD));
			statement.execute("CREATE DATABASE %1$s OWNER %1$s".formatted(USER));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** URL of the application's database. */
	public String url() {
		return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(this.server.getPort(), USER);
	}

	@Override
	public void close() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

package io.github.bootcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Assumptions;

import org.springframework.util.FileSystemUtils;

/** A real PostgreSQL server for one class of tests, on loopback at a free port. */
public final class PostgresServer implements AutoCloseable {

	/** Role and database of an application. */
	public static final String USER = "bootcluster";

	/** That role's password. */
	public static final String PASSWORD = "sessions for tests";

	private final Path data;

	private final int port;

	private EmbeddedPostgres server;

	private PostgresServer(Path data, EmbeddedPostgres server) {
		this.data = data;
		this.port = server.getPort();
		this.server = server;
	}

	/**
	 * Start one. Where there is no server for this system, the test is skipped and the
	 * reason printed.
	 */
	public static PostgresServer start() {
		Path directory = Path.of("target", "postgres").toAbsolutePath();
		// Its programs, instead of a directory of the system's that it would leave
		// behind.
		System.setProperty("ot.epg.working-dir", directory.toString());
		Path data = directory.resolve("data-" + UUID.randomUUID());
		PostgresServer server;
		try {
			server = new PostgresServer(data, start(data, 0));
		}
		catch (IllegalStateException ex) {
			if (ex.getMessage() == null || !ex.getMessage().contains("Missing embedded postgres binaries")) {
				throw ex;
			}
			System.out.println("skipped tests, there is no PostgreSQL for this system: " + ex.getMessage());
			return Assumptions.abort(ex.getMessage());
		}
		try {
			server.prepare();
			return server;
		}
		catch (RuntimeException ex) {
			server.close();
			throw ex;
		}
	}

	private static EmbeddedPostgres start(Path data, int port) {
		try {
			EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
				.setDataDirectory(data)
				.setCleanDataDirectory(false);
			return ((port != 0) ? builder.setPort(port) : builder).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
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
		return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(this.port, USER);
	}

	/** Be down until started again. */
	public void stop() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Be there again, at the same port and with the same data. */
	public void startAgain() {
		this.server = start(this.data, this.port);
	}

	/** Answer nothing, as a server whose disk or network hangs, until thawed. */
	public void freeze() {
		signalAll("STOP");
	}

	/** Go on. */
	public void thaw() {
		signalAll("CONT");
	}

	/** The server's first process, then those that serve a connection. */
	private void signalAll(String name) {
		try {
			ProcessHandle first = ProcessHandle
				.of(Long.parseLong(Files.readAllLines(this.data.resolve("postmaster.pid")).get(0)))
				.orElseThrow();
			List<String> command = new ArrayList<>(List.of("kill", "-" + name, Long.toString(first.pid())));
			first.children().forEach((child) -> command.add(Long.toString(child.pid())));
			new ProcessBuilder(command).inheritIO().start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		stop();
		try {
			FileSystemUtils.deleteRecursively(this.data);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

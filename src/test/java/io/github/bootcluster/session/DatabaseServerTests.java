package io.github.bootcluster.session;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.h2.api.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a worker, or anybody else on the machine, can not do with the embedded store. */
class DatabaseServerTests {

	@TempDir
	Path home;

	private SessionStore store;

	@BeforeEach
	void open() {
		this.store = SessionStore.open(new MockEnvironment(), this.home, StoreSettings.DEFAULTS);
	}

	@AfterEach
	void close() {
		this.store.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "CREATE ALIAS EVIL FOR 'java.lang.System.exit'",
			"CREATE ALIAS EVIL AS 'void evil() { System.exit(1); }'", "CREATE TABLE MINE (ID INT)",
			"CREATE SCHEMA MINE", "CREATE TRIGGER T BEFORE INSERT ON SPRING_SESSION CALL 'java.lang.Object'",
			"CREATE USER OTHER PASSWORD 'x' ADMIN", "ALTER USER WORKER ADMIN TRUE",
			"ALTER USER LAUNCHER SET PASSWORD 'x'", "GRANT ALL ON SPRING_SESSION TO PUBLIC",
			"ALTER TABLE SPRING_SESSION ADD COLUMN MINE INT", "DROP TABLE SPRING_SESSION_ATTRIBUTES",
			"DROP TABLE SPRING_SESSION", "DROP ALL OBJECTS", "SHUTDOWN", "SCRIPT TO 'x.sql'", "RUNSCRIPT FROM 'x.sql'",
			"BACKUP TO 'x.zip'", "CALL FILE_READ('/etc/passwd')", "CALL FILE_WRITE('x', 'x.txt')",
			"CALL CSVWRITE('x.csv', 'SELECT 1')", "SELECT * FROM CSVREAD('/etc/passwd')",
			"CALL LINK_SCHEMA('L', '', 'jdbc:h2:mem:x', 'sa', '', 'PUBLIC')", "SET DB_CLOSE_DELAY 0",
			"SET WRITE_DELAY 10000" })
	void workerIsNotAllowedTo(String sql) throws SQLException {
		try (Connection connection = Workers.connect(properties());
				Statement statement = connection.createStatement()) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute(sql))
				.extracting(SQLException::getErrorCode)
				.isIn(ErrorCode.ADMIN_RIGHTS_REQUIRED, ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1);
		}
	}

	@Test
	void workerCannotReadOtherSchemas() throws IOException, SQLException {
		this.store.close();
		createAsAdministrator("CREATE SCHEMA OTHER", "CREATE TABLE OTHER.SECRETS (ID INT)");
		this.store = SessionStore.open(new MockEnvironment(), this.home, StoreSettings.DEFAULTS);
		JdbcTemplate worker = Workers.jdbc(properties());
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> worker.queryForList("SELECT * FROM OTHER.SECRETS"))
			.havingRootCause()
			.isInstanceOfSatisfying(SQLException.class,
					(ex) -> assertThat(ex.getErrorCode()).isIn(ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1,
							ErrorCode.SCHEMA_NOT_FOUND_1, ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1));
		assertThat(worker.queryForList("SELECT USER_NAME FROM INFORMATION_SCHEMA.USERS", String.class))
			.containsExactly("WORKER");
	}

	@Test
	void rightsGivenToWorkerBeforeEndWithTheNextStart() throws IOException, SQLException {
		this.store.close();
		createAsAdministrator("CREATE TABLE EXTRA (ID INT)", "GRANT SELECT ON EXTRA TO WORKER",
				"ALTER USER WORKER ADMIN TRUE");
		this.store = SessionStore.open(new MockEnvironment(), this.home, StoreSettings.DEFAULTS);
		workerIsNotAllowedTo("SELECT * FROM EXTRA");
		workerIsNotAllowedTo("SHUTDOWN");
	}

	@Test
	void databaseWithoutItsNameIsRefused() {
		assertRefused(this.home.resolve("sessions").toString());
		assertRefused(url().substring(url().lastIndexOf('/') + 1) + "x");
	}

	@Test
	void otherFileIsRefused() throws SQLException {
		Path other = this.home.resolve("other");
		DriverManager.getConnection("jdbc:h2:file:" + other, "sa", "").close();
		assertThat(this.home.resolve("other.mv.db")).exists();
		assertRefused(other.toString(), "sa", "");
	}

	@Test
	void creationIsRefused() {
		Path created = this.home.resolve("created");
		assertRefused(created.toString(), "sa", "");
		assertRefused("mem:created", "sa", "");
		assertThat(this.home.resolve("created.mv.db")).doesNotExist();
	}

	@Test
	void managementDatabaseIsRefused() {
		assertRefused("mem:management_db_" + port(url()), "", "");
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void listensOnLoopbackOnly() throws Exception {
		// In a JVM of its own, as H2 may have been in use in this one before.
		Path otherHome = Files.createDirectory(this.home.resolve("other"));
		try (OtherLauncher other = OtherLauncher.start(otherHome)) {
			int port = port(other.workerProperties().get("spring.datasource.url"));
			connect(InetAddress.getByName("127.0.0.1"), port);
			for (InetAddress address : otherAddresses()) {
				assertThatExceptionOfType(ConnectException.class).as(address.toString())
					.isThrownBy(() -> connect(address, port));
			}
		}
	}

	/** Those of this machine but for the one the server may listen on. */
	private static List<InetAddress> otherAddresses() throws IOException {
		List<InetAddress> addresses = new ArrayList<>();
		// Linux answers for the whole of 127.0.0.0/8, so there is one even without
		// network.
		addresses.add(InetAddress.getByName("127.0.0.2"));
		for (NetworkInterface networkInterface : NetworkInterface.networkInterfaces().toList()) {
			addresses.addAll(networkInterface.inetAddresses().toList());
		}
		addresses.remove(InetAddress.getByName("127.0.0.1"));
		return addresses;
	}

	private static void connect(InetAddress address, int port) throws IOException {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(address, port), 5000);
		}
	}

	private void createAsAdministrator(String... statements) throws IOException, SQLException {
		String password = Files.readString(this.home.resolve("session-store.secret"));
		try (Connection connection = DriverManager
			.getConnection("jdbc:h2:file:" + this.home.resolve("sessions") + ";DB_CLOSE_DELAY=0", "LAUNCHER", password);
				Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	private void assertRefused(String name) {
		assertRefused(name, properties().get("spring.datasource.username"),
				properties().get("spring.datasource.password"));
	}

	private void assertRefused(String name, String user, String password) {
		String other = url().substring(0, url().lastIndexOf('/') + 1) + name;
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> DriverManager.getConnection(other, user, password).close())
			.extracting(SQLException::getErrorCode)
			.isEqualTo(ErrorCode.WRONG_USER_OR_PASSWORD);
	}

	private Map<String, String> properties() {
		return this.store.workerProperties();
	}

	private String url() {
		return properties().get("spring.datasource.url");
	}

	private static int port(String url) {
		return URI.create(url.substring("jdbc:h2:".length())).getPort();
	}

}

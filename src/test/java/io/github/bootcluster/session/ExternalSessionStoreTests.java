package io.github.bootcluster.session;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Tests for {@link ExternalSessionStore}, with an H2 server as the user's database. */
@ExtendWith(OutputCaptureExtension.class)
class ExternalSessionStoreTests {

	private static final String PASSWORD = "p4ssw0rd-of-the-user";

	@TempDir
	Path directory;

	private Server server;

	private String url;

	private MockEnvironment environment;

	private JdbcTemplate user;

	@BeforeEach
	void startDatabase() throws SQLException {
		DatabaseServer.bindToLoopback();
		this.server = Server
			.createTcpServer("-tcpPort", "0", "-tcpDaemon", "-ifNotExists", "-baseDir", this.directory.toString())
			.start();
		this.url = "jdbc:h2:tcp://127.0.0.1:" + this.server.getPort() + "/./app";
		this.environment = new MockEnvironment().withProperty("spring.datasource.url", this.url)
			.withProperty("spring.datasource.username", "APP")
			.withProperty("spring.datasource.password", PASSWORD);
		this.user = Workers.jdbc(workerProperties("SPRING_SESSION"));
	}

	@AfterEach
	void stopDatabase() {
		this.server.stop();
	}

	@Test
	void openCreatesTablesSessionsCanBeSavedIn() {
		try (SessionStore store = open()) {
			assertThat(store.type()).isEqualTo("h2");
			String id = Workers.saveSession(workerProperties("SPRING_SESSION"), "kept");
			assertThat(Workers.attributeOf(workerProperties("SPRING_SESSION"), id)).isEqualTo("kept");
		}
		assertThat(this.directory).isDirectoryNotContaining("glob:**session-store.secret");
	}

	@Test
	void workerPropertiesLeaveTheDataSourceToTheApplication() {
		try (SessionStore store = open()) {
			assertThat(store.workerProperties()).containsOnly(
					Map.entry("spring.session.jdbc.initialize-schema", "never"),
					Map.entry("cluster.sessions.own-pool", "true"));
			assertThat(store.toString()).contains("127.0.0.1").doesNotContain(PASSWORD);
		}
	}

	@Test
	void openWhenTablesAreThereLeavesThemAlone() {
		open().close();
		String id = Workers.saveSession(workerProperties("SPRING_SESSION"), "kept");
		open().close();
		assertThat(Workers.attributeOf(workerProperties("SPRING_SESSION"), id)).isEqualTo("kept");
	}

	@Test
	void openWhenOneTableIsMissingAddsIt() {
		open().close();
		this.user.execute("DROP TABLE SPRING_SESSION_ATTRIBUTES");
		open().close();
		String id = Workers.saveSession(workerProperties("SPRING_SESSION"), "kept");
		assertThat(Workers.attributeOf(workerProperties("SPRING_SESSION"), id)).isEqualTo("kept");
	}

	@Test
	void openWhenInitializationIsOffCreatesNothing() {
		this.environment.setProperty("spring.session.jdbc.initialize-schema", "never");
		open().close();
		assertThat(tables()).isZero();
	}

	@Test
	void openWhenInitializationIsForEmbeddedDatabasesOnlyCreatesTables() {
		this.environment.setProperty("spring.session.jdbc.initialize-schema", "embedded");
		open().close();
		assertThat(tables()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "MY_SESSIONS", "OWN.SESSIONS", "OWN.SPRING_SESSION" })
	void openWithTableNameCreatesTablesOfThatName(String name) {
		this.user.execute("CREATE SCHEMA OWN");
		this.environment.setProperty("spring.session.jdbc.table-name", name);
		open().close();
		open().close();
		String id = Workers.saveSession(workerProperties(name), "kept");
		assertThat(Workers.attributeOf(workerProperties(name), id)).isEqualTo("kept");
		assertThat(tables()).isEqualTo(2);
	}

	@Test
	void openWithScriptRunsItAsItIs() throws IOException {
		Path script = Files.writeString(this.directory.resolve("own-h2.sql"),
				"CREATE TABLE MINE (EXPIRY_TIME BIGINT); CREATE TABLE MINE_ATTRIBUTES (ID INT);");
		this.environment.setProperty("spring.session.jdbc.schema",
				script.toUri().toString().replace("own-h2.sql", "own-@@platform@@.sql"));
		this.environment.setProperty("spring.session.jdbc.table-name", "MINE");
		open().close();
		assertThat(tables()).isEqualTo(2);
	}

	@Test
	void openWithPlatformRunsItsScript() {
		this.environment.setProperty("spring.session.jdbc.platform", "hsqldb");
		open().close();
		assertThat(tables()).isEqualTo(2);
	}

	@Test
	void openWhenScriptFailsSaysWhy() {
		this.environment.setProperty("spring.session.jdbc.platform", "sybase");
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
			.withMessageContaining("lacks the tables SPRING_SESSION and SPRING_SESSION_ATTRIBUTES")
			.withMessageContaining("DATAROWS")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("initialize-schema=never"))
			.satisfies(this::revealsNoPassword);
	}

	@Test
	void openWhenThereIsNoScriptForPlatformFails() {
		this.environment.setProperty("spring.session.jdbc.platform", "unheard-of");
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
			.withMessageContaining("schema-unheard-of.sql");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:app", "jdbc:h2:file:./app", "jdbc:h2:./app", "jdbc:hsqldb:mem:app",
			"jdbc:derby:memory:app" })
	void openWhenDatabaseRunsInProcessFails(String inProcess) {
		this.environment.setProperty("spring.datasource.url", inProcess);
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
			.withMessageContaining(inProcess + " is private to the process that opens it")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("Remove spring.datasource.url"));
	}

	@Test
	void openWhenPasswordIsWrongFailsWithoutShowingIt() {
		open().close();
		this.environment.setProperty("spring.datasource.password", PASSWORD + "-wrong");
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
			.withMessageContaining("Wrong user name or password")
			.satisfies(this::revealsNoPassword);
	}

	@Test
	void openWhenDriverQuotesTheUrlHidesThePasswordInIt() {
		this.environment.setProperty("spring.datasource.url", this.url + ";PASSWORD=" + PASSWORD + ";no-setting");
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
			.withMessageContaining(this.url)
			.satisfies((ex) -> assertThat(ex.getCause()).isInstanceOf(SQLException.class))
			.satisfies(this::revealsNoPassword);
	}

	@Test
	void openWhenServerIsDownFails() {
		this.server.stop();
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
			.withMessageContaining(this.url + " cannot be used")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("database server runs"))
			.satisfies(this::revealsNoPassword);
	}

	@Test
	void openWithPatienceWaitsForAServerThatIsNotThereYet(CapturedOutput output) throws Exception {
		int port = this.server.getPort();
		this.server.stop();
		CompletableFuture<SessionStore> opening = CompletableFuture.supplyAsync(() -> open(Duration.ofMinutes(1)),
				(task) -> new Thread(task).start());
		await().atMost(Duration.ofMinutes(1))
			.until(() -> output.getOut().contains(this.url + " is not there yet; waiting for it, up to 60 s"));
		assertThat(opening).isNotDone();
		this.server = Server
			.createTcpServer("-tcpPort", Integer.toString(port), "-tcpDaemon", "-ifNotExists", "-baseDir",
					this.directory.toString())
			.start();
		opening.get(1, TimeUnit.MINUTES).close();
		assertThat(tables()).isEqualTo(2);
		assertThat(output.getOut()).containsOnlyOnce("is not there yet").doesNotContain(PASSWORD);
	}

	@Test
	void openWithPatienceFailsOnceThatIsOver() {
		this.server.stop();
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> open(Duration.ofMillis(600)))
			.withMessageContaining(this.url + " cannot be used")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("cluster.sessions.start-timeout"));
	}

	@Test
	void openWithPatienceDoesNotWaitForAPasswordToBecomeRight(CapturedOutput output) {
		open().close();
		this.environment.setProperty("spring.datasource.password", PASSWORD + "-wrong");
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> open(Duration.ofHours(1)))
			.withMessageContaining("Wrong user name or password");
		assertThat(output.getOut()).doesNotContain("is not there yet");
	}

	@Test
	void connectWhenServerDoesNotAnswerGivesUp() throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
			UserDatabase database = new UserDatabase(
					new JdbcUrl("jdbc:h2:tcp://127.0.0.1:" + silent.getLocalPort() + "/app"),
					new SessionSettings.DataSource(null, "APP", PASSWORD, null, null), Duration.ofMillis(50));
			assertThatExceptionOfType(SQLTimeoutException.class).isThrownBy(database::connect)
				.withMessageContaining("No answer");
		}
	}

	@Test
	void openWhenDriverIsMissingFails() {
		this.environment.setProperty("spring.datasource.url", "jdbc:mariadb://localhost/app?password=" + PASSWORD);
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
			.withMessageContaining("jdbc:mariadb://localhost/app needs a JDBC driver")
			.withMessageContaining("org.mariadb.jdbc.Driver")
			.satisfies(this::revealsNoPassword);
	}

	@Test
	void openWhenNoDriverIsKnownFails() {
		this.environment.setProperty("spring.datasource.url", "jdbc:unheard-of://localhost/app");
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
			.withMessageContaining("jdbc:unheard-of://localhost/app needs a JDBC driver");
	}

	@Test
	void openWhenConfiguredDriverIsNoDriverFails() {
		this.environment.setProperty("spring.datasource.driver-class-name", "java.lang.String");
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
			.withMessageContaining("java.lang.String");
	}

	private void revealsNoPassword(SessionStoreException exception) {
		StringWriter text = new StringWriter();
		exception.printStackTrace(new PrintWriter(text));
		assertThat(text.toString()).doesNotContain(PASSWORD);
		assertThat(exception.getStore() + exception.getProblem() + exception.getAction()).doesNotContain(PASSWORD);
	}

	private SessionStore open() {
		return open(Duration.ZERO);
	}

	private SessionStore open(Duration patience) {
		return SessionStore.open(this.environment, this.directory, StoreSettings.withPatience(patience));
	}

	private int tables() {
		Integer count = this.user.queryForObject(
				"SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA <> 'INFORMATION_SCHEMA'",
				Integer.class);
		return (count != null) ? count : 0;
	}

	private Map<String, String> workerProperties(String tableName) {
		Map<String, String> properties = new HashMap<>();
		properties.put("spring.datasource.url", this.url);
		properties.put("spring.datasource.username", "APP");
		properties.put("spring.datasource.password", PASSWORD);
		properties.put("spring.session.jdbc.table-name", tableName);
		return properties;
	}

}

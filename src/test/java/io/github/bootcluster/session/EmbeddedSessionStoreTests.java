package io.github.bootcluster.session;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Tests for {@link EmbeddedSessionStore}. */
@ExtendWith(OutputCaptureExtension.class)
class EmbeddedSessionStoreTests {

	@TempDir
	Path home;

	@Test
	void openWithoutDataSourceUrlOpensEmbeddedStore() {
		try (SessionStore store = open()) {
			assertThat(store.type()).isEqualTo("embedded-h2");
			assertThat(this.home.resolve("sessions.mv.db")).exists();
		}
	}

	@Test
	void openWithBlankDataSourceUrlOpensEmbeddedStore() {
		try (SessionStore store = SessionStore.open(new MockEnvironment().withProperty("spring.datasource.url", ""),
				this.home, StoreSettings.DEFAULTS)) {
			assertThat(store.type()).isEqualTo("embedded-h2");
		}
	}

	@Test
	void openIgnoresNamesMadeForAnotherDatabase() {
		MockEnvironment environment = new MockEnvironment().withProperty("spring.session.jdbc.table-name", "APP.MINE")
			.withProperty("spring.session.jdbc.initialize-schema", "never");
		try (SessionStore store = SessionStore.open(environment, this.home, StoreSettings.DEFAULTS)) {
			assertThat(store.workerProperties()).containsEntry("spring.session.jdbc.table-name", "SPRING_SESSION");
			String id = Workers.saveSession(store.workerProperties(), "kept");
			assertThat(Workers.attributeOf(store.workerProperties(), id)).isEqualTo("kept");
		}
	}

	@Test
	void workerPropertiesConfigureSessionsOfAWorker() {
		try (SessionStore store = open()) {
			new WebApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
						DataSourceTransactionManagerAutoConfiguration.class, JdbcSessionAutoConfiguration.class,
						SessionAutoConfiguration.class))
				.withPropertyValues(store.workerProperties()
					.entrySet()
					.stream()
					.map((entry) -> entry.getKey() + "=" + entry.getValue())
					.toArray(String[]::new))
				.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(JdbcIndexedSessionRepository.class));
		}
	}

	@Test
	void workersKeepFewConnectionsThatTheyDoNotUseAndWaitBrieflyForMore() {
		try (SessionStore store = open()) {
			assertThat(store.workerProperties()).containsEntry("spring.datasource.hikari.minimum-idle", "2")
				.containsEntry("spring.datasource.hikari.connection-timeout", "3000");
		}
	}

	@Test
	void workersKeepAsManyConnectionsAsTheOperatorSaysAndWaitAsLong() {
		MockEnvironment environment = new MockEnvironment().withProperty("spring.datasource.hikari.minimumIdle", "5")
			.withProperty("spring.datasource.hikari.connection-timeout", "5000");
		try (SessionStore store = SessionStore.open(environment, this.home, StoreSettings.DEFAULTS)) {
			assertThat(store.workerProperties()).doesNotContainKeys("spring.datasource.hikari.minimum-idle",
					"spring.datasource.hikari.connection-timeout");
		}
	}

	@Test
	void textRevealsNoPassword() {
		try (SessionStore store = open()) {
			String password = store.workerProperties().get("spring.datasource.password");
			assertThat(store.workerProperties().toString()).contains("spring.datasource.password")
				.doesNotContain(password);
			assertThat(store.toString()).doesNotContain(password).contains("sessions.mv.db");
		}
	}

	@Test
	void sessionsSurviveCloseAndReopen() {
		String id;
		try (SessionStore store = open()) {
			id = Workers.saveSession(store.workerProperties(), "kept");
		}
		try (SessionStore store = open()) {
			assertThat(Workers.attributeOf(store.workerProperties(), id)).isEqualTo("kept");
		}
	}

	@Test
	void reopenChangesPasswordOfWorkers() throws SQLException {
		Map<String, String> before;
		try (SessionStore store = open()) {
			before = store.workerProperties();
		}
		try (SessionStore store = open()) {
			assertThat(store.workerProperties().get("spring.datasource.password"))
				.isNotEqualTo(before.get("spring.datasource.password"));
			Map<String, String> mixed = Map.of("spring.datasource.url",
					store.workerProperties().get("spring.datasource.url"), "spring.datasource.username",
					before.get("spring.datasource.username"), "spring.datasource.password",
					before.get("spring.datasource.password"));
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Workers.connect(mixed))
				.withMessageContaining("Wrong user name or password");
		}
	}

	@Test
	void closeEndsConnectionsAndIsIdempotent() throws SQLException {
		SessionStore store = open();
		try (var connection = Workers.connect(store.workerProperties())) {
			store.close();
			store.close();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.prepareStatement("SELECT 1"));
		}
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Workers.connect(store.workerProperties()));
	}

	@Test
	void closeWhenInterruptedClosesCleanly() {
		SessionStore store = open();
		String id = Workers.saveSession(store.workerProperties(), "kept");
		Thread.currentThread().interrupt();
		store.close();
		assertThat(Thread.interrupted()).isTrue();
		try (SessionStore reopened = open()) {
			assertThat(Workers.attributeOf(reopened.workerProperties(), id)).isEqualTo("kept");
		}
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void filesAreTheirOwnersOnly() throws IOException {
		try (SessionStore store = open()) {
			Workers.saveSession(store.workerProperties(), "any");
			assertThat(filesInHome()).extracting((file) -> file.getFileName().toString())
				.containsExactlyInAnyOrder("sessions.mv.db", "sessions.trace.db", "session-store.secret");
			assertThat(filesInHome()).allSatisfy(this::isOwnersOnly);
		}
		for (Path file : filesInHome()) {
			Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
		}
		open().close();
		assertThat(filesInHome()).hasSize(3).allSatisfy(this::isOwnersOnly);
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void whatIsWrittenOfABrokenDatabaseIsItsOwnersOnly() throws Exception {
		try (SessionStore store = open()) {
			breakDatabase();
			assertThatException().isThrownBy(() -> Workers.connect(store.workerProperties()));
			assertThat(this.home.resolve("sessions.trace.db")).isNotEmptyFile();
			assertThat(filesInHome()).allSatisfy(this::isOwnersOnly);
		}
	}

	@Test
	void brokenDatabaseIsOpenedAgainForTheSameWorkers(CapturedOutput output) throws Exception {
		String id;
		try (SessionStore store = open()) {
			id = Workers.saveSession(store.workerProperties(), "kept");
		}
		try (SessionStore store = open()) {
			try (Connection connected = Workers.connect(store.workerProperties())) {
				closeDatabase();
				await(() -> !connected.isValid(0));
			}
			await(() -> store.trouble() != null);
			await(() -> store.trouble() == null);
			assertThat(Workers.attributeOf(store.workerProperties(), id)).isEqualTo("kept");
			Workers.saveSession(store.workerProperties(), "another");
			assertThat(output.getOut()).as("at once").doesNotContain("cannot be served");
		}
		open().close();
	}

	@Test
	void databaseThatCannotBeOpenedAgainIsNamed(CapturedOutput output) throws Exception {
		try (SessionStore store = open()) {
			breakDatabase();
			await(() -> output.getOut().contains("sessions.mv.db cannot be opened: "));
			assertThat(output.getOut()).containsOnlyOnce("sessions.mv.db has failed")
				.containsOnlyOnce("put a copy back, or");
			assertThat(isOpen(store)).isFalse();
			assertThat(store.trouble()).contains("the launcher's log says why").doesNotContain(this.home.toString());
			assertNobodyElseCanHave(portOf(store));
		}
	}

	/** Who tried it long enough could, if it were free between two attempts. */
	private static void assertNobodyElseCanHave(int port) {
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1")).close());
	}

	private static int portOf(SessionStore store) {
		return URI.create(store.workerProperties().get("spring.datasource.url").substring("jdbc:h2:".length()))
			.getPort();
	}

	private static boolean isOpen(SessionStore store) {
		try (Connection connection = Workers.connect(store.workerProperties())) {
			return connection.isValid(0);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(condition);
	}

	@Test
	void openWhenOpenInThisProcessFailsAndLeavesTheFirstAlone() {
		try (SessionStore store = open()) {
			assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
				.withMessageContaining("sessions.mv.db is in use by another launcher")
				.satisfies((ex) -> assertThat(ex.getAction()).contains("cluster.home"));
			String id = Workers.saveSession(store.workerProperties(), "kept");
			assertThat(Workers.attributeOf(store.workerProperties(), id)).isEqualTo("kept");
		}
	}

	@Test
	void openWhenOpenInAnotherProcessFails() throws Exception {
		try (OtherLauncher other = OtherLauncher.start(this.home)) {
			assertThat(other.workerProperties()).isNotEmpty();
			assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
				.withMessageContaining("sessions.mv.db is in use by another launcher");
		}
		open().close();
	}

	@Test
	void openWhenLastLauncherWasKilledRecovers() throws Exception {
		String id;
		try (SessionStore store = open()) {
			id = Workers.saveSession(store.workerProperties(), "kept");
		}
		OtherLauncher other = OtherLauncher.start(this.home);
		Workers.saveSession(other.workerProperties(), "perhaps not yet in the file");
		other.kill();
		try (SessionStore store = open()) {
			assertThat(Workers.attributeOf(store.workerProperties(), id)).isEqualTo("kept");
		}
	}

	@Test
	void openWhenSecretIsMissingFails() throws IOException {
		open().close();
		Files.delete(secret());
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
			.withMessageContaining("session-store.secret is missing")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("delete both files"));
	}

	@Test
	void openWhenSecretIsOfAnotherDatabaseFails() throws IOException {
		open().close();
		String wrong = Secret.random().value();
		Files.writeString(secret(), wrong);
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
			.withMessageContaining("session-store.secret is not the one of")
			.withMessageNotContaining(wrong);
	}

	@Test
	void openWhenSecretIsNoSecretFails() throws IOException {
		open().close();
		Files.writeString(secret(), "changed by hand");
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
			.withMessageContaining("session-store.secret is not the one of")
			.withMessageNotContaining("changed by hand");
	}

	@Test
	void openAfterStartThatFailedBeforeTheFirstWriteSucceeds() throws IOException {
		Files.createFile(this.home.resolve("sessions.mv.db"));
		open().close();
		assertThat(secret()).exists();
	}

	@Test
	void openWhenFileIsDamagedFails() throws IOException {
		open().close();
		damageDatabase();
		assertThatExceptionOfType(SessionStoreException.class).isThrownBy(this::open)
			.withMessageContaining("sessions.mv.db cannot be opened")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("damaged").contains("delete it"))
			.havingCause()
			.isInstanceOf(SQLException.class);
	}

	@Test
	void openWhenHomeIsMissingFails() {
		Path missing = this.home.resolve("missing");
		assertThatExceptionOfType(SessionStoreException.class)
			.isThrownBy(() -> SessionStore.open(new MockEnvironment(), missing, StoreSettings.DEFAULTS))
			.withMessageContaining(missing + " is not a directory");
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void openWhenHomeIsNotWritableFails() {
		// Of the kernel's own: not even root, who may run the tests, can write there.
		Path readOnly = Path.of("/proc/self");
		assumeTrue(Files.isDirectory(readOnly));
		assertThatExceptionOfType(SessionStoreException.class)
			.isThrownBy(() -> SessionStore.open(new MockEnvironment(), readOnly, StoreSettings.DEFAULTS))
			.withMessageContaining("cannot be written to")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("cluster.home"));
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void openWhenHomeHasSemicolonFails() throws IOException {
		Path semicolon = Files.createDirectory(this.home.resolve("a;INIT=x"));
		assertThatExceptionOfType(SessionStoreException.class)
			.isThrownBy(() -> SessionStore.open(new MockEnvironment(), semicolon, StoreSettings.DEFAULTS))
			.withMessageContaining("semicolon");
		assertThat(semicolon).isEmptyDirectory();
	}

	@Test
	void openInHomeWithUnusualNameSucceeds() throws IOException {
		Path unusual = Files.createDirectory(this.home.resolve("ü %20 a=b #?"));
		try (SessionStore store = SessionStore.open(new MockEnvironment(), unusual, StoreSettings.DEFAULTS)) {
			String id = Workers.saveSession(store.workerProperties(), "kept");
			assertThat(Workers.attributeOf(store.workerProperties(), id)).isEqualTo("kept");
		}
		assertThat(unusual.resolve("sessions.mv.db")).exists();
	}

	private SessionStore open() {
		return SessionStore.open(new MockEnvironment(), this.home, StoreSettings.DEFAULTS);
	}

	/** With damage done. */
	private void breakDatabase() throws Exception {
		closeDatabase();
		damageDatabase();
	}

	/** As H2 does where it cannot write. */
	private void closeDatabase() throws Exception {
		try (Connection connection = DriverManager.getConnection("jdbc:h2:file:" + this.home.resolve("sessions"),
				"LAUNCHER", Files.readString(secret()).trim()); Statement statement = connection.createStatement()) {
			statement.execute("SHUTDOWN IMMEDIATELY");
		}
	}

	private void damageDatabase() throws IOException {
		byte[] noise = new byte[64 * 1024];
		new Random(1).nextBytes(noise);
		Files.write(this.home.resolve("sessions.mv.db"), noise, StandardOpenOption.TRUNCATE_EXISTING);
	}

	private Path secret() {
		return this.home.resolve("session-store.secret");
	}

	private List<Path> filesInHome() throws IOException {
		try (Stream<Path> files = Files.list(this.home)) {
			return files.toList();
		}
	}

	private void isOwnersOnly(Path file) throws IOException {
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).as(file.toString())
			.isEqualTo("rw-------");
	}

}

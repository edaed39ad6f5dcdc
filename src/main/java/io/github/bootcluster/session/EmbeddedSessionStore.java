package io.github.bootcluster.session;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionProperties;
import org.springframework.util.ClassUtils;

/** Sessions in an H2 database in the launcher, which workers reach over loopback. */
final class EmbeddedSessionStore implements SessionStore {

	/**
	 * Connections a worker keeps open though it does not use them. Hikari would keep all
	 * ten, each a thread and 100 KB of buffers in the launcher; over loopback a new one
	 * takes milliseconds, and up to ten there are when they are needed.
	 */
	private static final String MINIMUM_IDLE = "2";

	private final StoreFiles files;

	private final DatabaseKeeper keeper;

	private final Map<String, String> workerProperties;

	private EmbeddedSessionStore(StoreFiles files, DatabaseKeeper keeper, Map<String, String> workerProperties) {
		this.files = files;
		this.keeper = keeper;
		this.workerProperties = workerProperties;
	}

	/**
	 * Open the store.
	 * @param timeout how long a request waits for a connection to it
	 */
	static EmbeddedSessionStore open(Path home, SessionSettings.DataSource dataSource, Duration timeout) {
		StoreFiles files = StoreFiles.in(home);
		if (!ClassUtils.isPresent("org.h2.Driver", null)) {
			throw new SessionStoreException(files.database().toString(), "needs H2, which is not on the class path",
					"Add the dependency com.h2database:h2, or set spring.datasource.url to the URL of a database server.",
					null);
		}
		DatabaseServer.bindToLoopback();
		// Our own database, so our own names: an application's were made for another.
		JdbcSessionProperties tables = new JdbcSessionProperties();
		Secret name = Secret.random();
		Secret password = Secret.random();
		DatabaseKeeper keeper = DatabaseKeeper.start(files,
				(port) -> ServedDatabase.open(files, name, port, password, tables));
		return new EmbeddedSessionStore(files, keeper,
				workerProperties(DatabaseServer.url(name, keeper.port()), password, tables, dataSource, timeout));
	}

	private static Map<String, String> workerProperties(String url, Secret password, JdbcSessionProperties tables,
			SessionSettings.DataSource dataSource, Duration timeout) {
		Map<String, String> properties = new HashMap<>(StoreProperties.COMMON);
		properties.put("spring.datasource.url", url);
		properties.put("spring.datasource.username", EmbeddedDatabase.WORKER);
		properties.put("spring.datasource.password", password.value());
		properties.put("spring.datasource.driver-class-name", "org.h2.Driver");
		properties.put("spring.session.jdbc.table-name", tables.getTableName());
		if (!dataSource.saysMinimumIdle()) {
			properties.put("spring.datasource.hikari.minimum-idle", MINIMUM_IDLE);
		}
		if (!dataSource.saysConnectionTimeout()) {
			properties.put("spring.datasource.hikari.connection-timeout", Long.toString(timeout.toMillis()));
		}
		// Logs the URL at INFO, and with it the name that keeps strangers out.
		properties.put("logging.level.com.zaxxer.hikari.pool.HikariPool", "warn");
		return new StoreProperties(properties);
	}

	@Override
	public String type() {
		return "embedded-h2";
	}

	@Override
	public @Nullable String trouble() {
		return this.keeper.trouble();
	}

	@Override
	public Map<String, String> workerProperties() {
		return this.workerProperties;
	}

	@Override
	public void close() {
		this.keeper.close();
	}

	@Override
	public String toString() {
		return "EmbeddedSessionStore[" + this.files.database() + "]";
	}

}

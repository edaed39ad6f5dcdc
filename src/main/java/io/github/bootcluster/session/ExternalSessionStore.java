package io.github.bootcluster.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionProperties;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.core.NestedExceptionUtils;

/** Sessions in a database server of the user's, which workers log in to by themselves. */
final class ExternalSessionStore implements SessionStore {

	/** Of somebody who asks how it is. */
	private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(3);

	private final JdbcUrl url;

	private final LoginProbe probe;

	private ExternalSessionStore(JdbcUrl url, LoginProbe probe) {
		this.url = url;
		this.probe = probe;
	}

	static ExternalSessionStore open(String value, SessionSettings settings, Duration patience) {
		JdbcUrl url = new JdbcUrl(value);
		if (url.isInProcess()) {
			throw new SessionStoreException(url.withoutSecrets(),
					"is private to the process that opens it, so the workers could not share their sessions",
					"Remove spring.datasource.url to get the embedded session store,"
							+ " or set it to the URL of a database server.",
					null);
		}
		UserDatabase database = new UserDatabase(url, settings.dataSource());
		prepare(new PatientLogin(database, url, patience), url, settings.session());
		return new ExternalSessionStore(url,
				new LoginProbe(UserDatabase.toProbe(url, settings.dataSource(), PROBE_TIMEOUT), System::nanoTime));
	}

	/**
	 * Logs in even if there is nothing to prepare: better a clear word now than from N
	 * workers.
	 */
	private static void prepare(PatientLogin login, JdbcUrl url, JdbcSessionProperties properties) {
		try (Connection connection = login.connect()) {
			if (properties.getInitializeSchema() != DatabaseInitializationMode.NEVER) {
				new SessionSchema(properties).prepare(connection);
			}
		}
		catch (SQLException ex) {
			throw new SessionStoreException(url.withoutSecrets(), "cannot be used: " + ex.getMessage(),
					"Check that the database server runs and can be reached from this machine, and that"
							+ " spring.datasource.url, spring.datasource.username and spring.datasource.password"
							+ " are right. If it was still starting, set cluster.sessions.start-timeout to the time"
							+ " the launcher shall wait for it.",
					ex);
		}
		catch (RuntimeException ex) {
			throw new SessionStoreException(url.withoutSecrets(),
					"lacks the tables %1$s and %1$s_ATTRIBUTES, and they cannot be created: %2$s".formatted(
							properties.getTableName(), NestedExceptionUtils.getMostSpecificCause(ex).getMessage()),
					"Allow the user to create tables, or create them by hand and set"
							+ " spring.session.jdbc.initialize-schema=never. If the kind of database was not"
							+ " recognised, set spring.session.jdbc.platform or spring.session.jdbc.schema.",
					ex);
		}
	}

	@Override
	public String type() {
		return this.url.subProtocol();
	}

	@Override
	public @Nullable String trouble() {
		return this.probe.trouble();
	}

	@Override
	public Status status() {
		return (this.probe.knownTrouble() != null) ? Status.UNAVAILABLE : Status.UP;
	}

	@Override
	public Map<String, String> workerProperties() {
		Map<String, String> properties = new HashMap<>(StoreProperties.COMMON);
		properties.put(SessionPool.WANTED, "true");
		return new StoreProperties(properties);
	}

	@Override
	public void close() {
		// Workers log in and out by themselves.
	}

	@Override
	public String toString() {
		return "ExternalSessionStore[" + this.url + "]";
	}

}

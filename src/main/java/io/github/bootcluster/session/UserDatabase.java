package io.github.bootcluster.session;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanInstantiationException;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.util.ClassUtils;

/**
 * The user's own database. Without a pool: the launcher needs one connection, when it
 * starts, and another one now and then to see how the database is.
 */
class UserDatabase {

	private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);

	/** Time for the driver to report its own timeout, which says more than ours. */
	private static final Duration GRACE = Duration.ofSeconds(2);

	private final JdbcUrl url;

	private final Driver driver;

	private final Properties credentials = new Properties();

	private final Duration timeout;

	UserDatabase(JdbcUrl url, SessionSettings.DataSource settings) {
		this(url, settings, LOGIN_TIMEOUT.plus(GRACE));
	}

	/**
	 * One to ask how it is: nothing is left of a login that was not answered.
	 * @param timeout for that
	 */
	static UserDatabase toProbe(JdbcUrl url, SessionSettings.DataSource settings, Duration timeout) {
		UserDatabase database = new UserDatabase(url, settings, timeout);
		if (DatabaseDriver.fromJdbcUrl(url.value()) == DatabaseDriver.POSTGRESQL) {
			database.credentials.setProperty("socketTimeout", Long.toString(timeout.toSeconds()));
		}
		return database;
	}

	UserDatabase(JdbcUrl url, SessionSettings.DataSource settings, Duration timeout) {
		this.url = url;
		this.driver = findDriver(url, settings.driverClassName());
		this.timeout = timeout;
		if (settings.username() != null) {
			this.credentials.setProperty("user", settings.username());
		}
		if (settings.password() != null) {
			this.credentials.setProperty("password", settings.password());
		}
		if (DriverManager.getLoginTimeout() == 0) {
			// The one setting drivers agree on; most read it even without DriverManager.
			DriverManager.setLoginTimeout((int) LOGIN_TIMEOUT.toSeconds());
		}
	}

	private static Driver findDriver(JdbcUrl url, @Nullable String configuredClassName) {
		String className = (configuredClassName != null) ? configuredClassName
				: DatabaseDriver.fromJdbcUrl(url.value()).getDriverClassName();
		try {
			if (className == null) {
				return DriverManager.getDriver(url.value());
			}
			Class<?> type = ClassUtils.forName(className, ClassUtils.getDefaultClassLoader());
			return BeanUtils.instantiateClass(type.asSubclass(Driver.class));
		}
		catch (ClassNotFoundException | LinkageError | SQLException | ClassCastException
				| BeanInstantiationException ex) {
			throw new SessionStoreException(url.withoutSecrets(),
					"needs a JDBC driver that cannot be loaded" + ((className != null) ? ": " + className : ""),
					"Add its dependency to the application, or correct spring.datasource.url"
							+ " and spring.datasource.driver-class-name.",
					Redacted.throwable(ex, url.value()));
		}
	}

	/**
	 * Log in, in bounded time even if the driver knows no timeout of its own.
	 * @return a new connection, to be closed by the caller
	 * @throws SQLException if that fails; its text contains no password
	 */
	Connection connect() throws SQLException {
		CompletableFuture<Connection> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> login(result), "cluster-session-login");
		thread.setDaemon(true);
		thread.start();
		try {
			return result.get(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			if (!result.cancel(false) && !result.isCompletedExceptionally()) {
				return result.join();
			}
			throw new SQLTimeoutException("No answer within " + this.timeout.toSeconds() + " s");
		}
		catch (InterruptedException ex) {
			result.cancel(false);
			Thread.currentThread().interrupt();
			throw new SQLException("Interrupted while logging in", ex);
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			Throwable redacted = Redacted.throwable(cause, this.url.value(),
					this.credentials.getProperty("password", ""));
			throw (redacted instanceof SQLException failure) ? failure
					: new SQLException("The JDBC driver failed: " + redacted, redacted);
		}
	}

	private void login(CompletableFuture<Connection> result) {
		try {
			Connection connection = this.driver.connect(this.url.value(), this.credentials);
			if (connection == null) {
				throw new SQLException(this.driver.getClass().getName() + " does not accept such a URL");
			}
			if (!result.complete(connection)) {
				// Nobody waits any more.
				connection.close();
			}
		}
		catch (Throwable ex) {
			// Whatever it is, the waiting thread is the one to report it.
			result.completeExceptionally(ex);
		}
	}

	@Override
	public String toString() {
		return this.url.withoutSecrets();
	}

}

package io.github.bootcluster.session;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionProperties;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * What the application's own configuration says about the store.
 *
 * @param dataSource the database
 * @param session the tables in it
 */
record SessionSettings(DataSource dataSource, JdbcSessionProperties session) {

	static SessionSettings from(Environment environment) {
		Binder binder = Binder.get(environment);
		return new SessionSettings(binder.bindOrCreate("spring.datasource", DataSource.class),
				binder.bindOrCreate("spring.session.jdbc", JdbcSessionProperties.class));
	}

	/**
	 * The part of {@code spring.datasource.*} that tells how to log in. Boot's own class
	 * is made for a bean factory and picks an in-memory database where no URL is set.
	 *
	 * @param url JDBC URL, or {@code null} to use the embedded store
	 * @param username user to log in as, or {@code null} if the URL says it
	 * @param password that user's password, or {@code null}
	 * @param driverClassName JDBC driver, or {@code null} to choose it by the URL
	 * @param hikari how connections are kept, or {@code null} if nothing is said of it
	 */
	record DataSource(@Nullable String url, @Nullable String username, @Nullable String password,
			@Nullable String driverClassName, @Nullable Hikari hikari) {

		DataSource {
			url = textOrNull(url);
			username = textOrNull(username);
			password = textOrNull(password);
			driverClassName = textOrNull(driverClassName);
		}

		private static @Nullable String textOrNull(@Nullable String value) {
			return StringUtils.hasText(value) ? value : null;
		}

		/** Reveals neither the password nor the URL, which may contain one. */
		@Override
		public String toString() {
			return "DataSource[driverClassName=" + this.driverClassName + "]";
		}

		/** Whether it is said how many connections are kept open that nobody uses. */
		boolean saysMinimumIdle() {
			return this.hikari != null && this.hikari.minimumIdle() != null;
		}

		/** Whether it is said how long a connection is waited for. */
		boolean saysConnectionTimeout() {
			return this.hikari != null && this.hikari.connectionTimeout() != null;
		}

	}

	/**
	 * The part of {@code spring.datasource.hikari.*} that is not overruled.
	 *
	 * @param minimumIdle connections that are kept open though nobody uses them
	 * @param connectionTimeout how long one is waited for, in milliseconds
	 */
	record Hikari(@Nullable Integer minimumIdle, @Nullable Long connectionTimeout) {

	}

}

package io.github.bootcluster.session;

import java.sql.DriverManager;
import java.time.Duration;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Connections for sessions alone. With the application's own ones, a request that asks
 * for its session within a transaction would hold one connection and wait for a second;
 * as many such requests as there are connections would wait for ever. And a request must
 * learn soon that the store is down, where the application's own work may take its time.
 */
public final class SessionPool {

	/** Set by the launcher if the store is a database that the application uses, too. */
	public static final String WANTED = "cluster.sessions.own-pool";

	/** Further ones come when they are needed, within milliseconds. */
	private static final int IDLE = 2;

	private SessionPool() {
	}

	/**
	 * Open a pool.
	 * @param environment where {@code spring.datasource.*} is read, as the launcher does
	 * @param size its largest number of connections
	 * @param timeout how long a request waits for one
	 */
	public static HikariDataSource open(Environment environment, int size, Duration timeout) {
		HikariConfig config = new HikariConfig();
		Binder.get(environment).bind("spring.datasource.hikari", Bindable.ofInstance(config));
		SessionSettings.DataSource settings = SessionSettings.from(environment).dataSource();
		config.setDataSourceClassName(null);
		config.setJdbcUrl(settings.url());
		config.setUsername(settings.username());
		config.setPassword(settings.password());
		if (settings.driverClassName() != null) {
			config.setDriverClassName(settings.driverClassName());
		}
		config.setReadOnly(false);
		config.setPoolName("cluster-sessions");
		config.setMaximumPoolSize(size);
		config.setMinimumIdle(Math.min(size, IDLE));
		config.setConnectionTimeout(timeout.toMillis());
		config.setValidationTimeout(timeout.toMillis());
		// A worker that starts while the database is down serves what needs no session.
		config.setInitializationFailTimeout(-1);
		// The pool sets it for all the JVM, and so for the application's own connections.
		int loginTimeout = DriverManager.getLoginTimeout();
		try {
			return new HikariDataSource(config);
		}
		finally {
			DriverManager.setLoginTimeout(loginTimeout);
		}
	}

	/**
	 * A worker's part of all connections.
	 * @param all how many the database allows for
	 * @param processes how many workers there may be at a time
	 */
	public static int share(int all, int processes) {
		return Math.max(1, all / processes);
	}

}

package io.github.bootcluster.session;

import java.sql.DriverManager;
import java.time.Duration;
import java.util.Properties;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Connections for sessions alone. With the application's own ones, a request that asks
 * for its session within a transaction would hold one connection and wait for a second;
 * as many such requests as there are connections would wait for ever. And a request must
 * learn soon that the store is down, where the application's own work may take its time.
 */
public final class SessionPool {

	/** Set by the launcher if the store is a database that the application uses, too. */
	public static final String WANTED = "cluster.sessions.own-pool";

	/**
	 * What a statement has beyond its own time, before its connection is given up: enough
	 * for a server that is merely slow to be told to leave off.
	 */
	private static final Duration GRACE = Duration.ofSeconds(2);

	/** Further ones come when they are needed, within milliseconds. */
	private static final int IDLE = 2;

	private SessionPool() {
	}

	/**
	 * Open a pool.
	 * @param environment where {@code spring.datasource.*} is read, as the launcher does
	 * @param size its largest number of connections
	 * @param timeout how long a request waits for one, and for what it asks the database
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
		if (DatabaseDriver.fromJdbcUrl(config.getJdbcUrl()) == DatabaseDriver.POSTGRESQL) {
			boundPostgresql(config.getDataSourceProperties(), timeout);
		}
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
	 * The driver itself waits for ever for a server that has vanished without a word.
	 * What the URL says of it counts more.
	 */
	private static void boundPostgresql(Properties driver, Duration timeout) {
		String seconds = Integer.toString(seconds(timeout.plus(GRACE)));
		driver.putIfAbsent("connectTimeout", seconds);
		driver.putIfAbsent("socketTimeout", seconds);
		driver.putIfAbsent("cancelSignalTimeout", Long.toString(GRACE.toSeconds()));
		driver.putIfAbsent("tcpKeepAlive", "true");
	}

	/**
	 * Transactions of sessions: none lasts longer than a request waits for a connection.
	 * @param dataSource the pool
	 * @param timeout time for all statements of one; rounded up to whole seconds
	 */
	public static TransactionOperations transactions(DataSource dataSource, Duration timeout) {
		TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		transactions.setTimeout(seconds(timeout));
		return transactions;
	}

	/** Rounded up. */
	static int seconds(Duration duration) {
		return Math.toIntExact(duration.plusSeconds(1).minusNanos(1).toSeconds());
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

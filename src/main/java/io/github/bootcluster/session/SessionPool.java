package io.github.bootcluster.session;

import java.time.Duration;

import com.zaxxer.hikari.HikariDataSource;

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
	 * Make a pool one for sessions.
	 * @param size its largest number of connections
	 * @param timeout how long a request waits for one
	 */
	public static void configure(HikariDataSource pool, int size, Duration timeout) {
		pool.setPoolName("cluster-sessions");
		pool.setMaximumPoolSize(size);
		pool.setMinimumIdle(Math.min(size, IDLE));
		pool.setConnectionTimeout(timeout.toMillis());
		pool.setValidationTimeout(timeout.toMillis());
		// A worker that starts while the database is down serves what needs no session.
		pool.setInitializationFailTimeout(-1);
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

package io.github.bootcluster.session;

import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;

/** In the embedded store's kind of database. */
class ConcurrentRequestsH2Tests extends ConcurrentRequestsTests {

	private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000";

	@Override
	HikariDataSource connect() {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(this.url);
		return pool;
	}

	@Override
	String waiting() {
		return "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID IS NOT NULL";
	}

}

package io.github.bootcluster.session;

import com.zaxxer.hikari.HikariDataSource;
import io.github.bootcluster.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** In PostgreSQL. */
class ConcurrentRequestsPostgresTests extends ConcurrentRequestsTests {

	private static PostgresServer server;

	@BeforeAll
	static void startServer() {
		server = PostgresServer.start();
	}

	@AfterAll
	static void stopServer() {
		if (server != null) {
			server.close();
		}
	}

	@Override
	HikariDataSource connect() {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(server.url());
		pool.setUsername(PostgresServer.USER);
		pool.setPassword(PostgresServer.PASSWORD);
		return pool;
	}

	@Override
	String waiting() {
		return "SELECT COUNT(*) FROM PG_STAT_ACTIVITY WHERE WAIT_EVENT_TYPE = 'Lock'";
	}

}

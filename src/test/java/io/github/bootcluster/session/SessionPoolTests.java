package io.github.bootcluster.session;

import java.time.Duration;
import java.util.Properties;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

import org.springframework.mock.env.MockEnvironment;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** How long the connections of sessions wait. */
class SessionPoolTests {

	private static final String URL = "jdbc:postgresql://127.0.0.1:1/nobody";

	@Test
	void postgresqlIsGivenUpShortlyAfterAStatementsTime() {
		Properties driver = driverProperties(new MockEnvironment());
		assertThat(PGProperty.SOCKET_TIMEOUT.getOrDefault(driver)).isEqualTo("5");
		assertThat(PGProperty.CONNECT_TIMEOUT.getOrDefault(driver)).isEqualTo("5");
		assertThat(PGProperty.CANCEL_SIGNAL_TIMEOUT.getOrDefault(driver)).isEqualTo("2");
		assertThat(PGProperty.TCP_KEEP_ALIVE.getOrDefault(driver)).isEqualTo("true");
	}

	@Test
	void whatIsSaidOfThatCountsMore() {
		Properties driver = driverProperties(new MockEnvironment()
			.withProperty("spring.datasource.hikari.data-source-properties.socketTimeout", "60"));
		assertThat(PGProperty.SOCKET_TIMEOUT.getOrDefault(driver)).isEqualTo("60");
		Properties ofUrl = Driver.parseURL(URL + "?socketTimeout=70&tcpKeepAlive=false", driver);
		assertThat(PGProperty.SOCKET_TIMEOUT.getOrDefault(ofUrl)).isEqualTo("70");
		assertThat(PGProperty.TCP_KEEP_ALIVE.getOrDefault(ofUrl)).isEqualTo("false");
		assertThat(PGProperty.CONNECT_TIMEOUT.getOrDefault(ofUrl)).isEqualTo("5");
	}

	@Test
	void timeOfATransactionIsRoundedUp() {
		assertThat(((TransactionTemplate) SessionPool.transactions(new HikariDataSource(), Duration.ofMillis(2001)))
			.getTimeout()).isEqualTo(3);
		assertThat(((TransactionTemplate) SessionPool.transactions(new HikariDataSource(), Duration.ofSeconds(2)))
			.getTimeout()).isEqualTo(2);
	}

	private static Properties driverProperties(MockEnvironment environment) {
		environment.setProperty("spring.datasource.url", URL);
		try (HikariDataSource pool = SessionPool.open(environment, 1, Duration.ofMillis(2500))) {
			return pool.getDataSourceProperties();
		}
	}

}

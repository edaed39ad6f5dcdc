package io.github.bootcluster.autoconfigure;

import java.sql.DriverManager;
import java.util.UUID;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.bootcluster.worker.StandaloneCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.session.SessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.config.annotation.SpringSessionDataSource;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** Which connections the sessions of a worker use. */
class SessionPoolConfigurationTests {

	private final WebApplicationContextRunner worker = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
				TransactionAutoConfiguration.class, JdbcSessionAutoConfiguration.class, SessionAutoConfiguration.class,
				SharedSessionAutoConfiguration.class, SessionPoolConfiguration.class))
		.withBean(StandaloneCluster.class)
		.withPropertyValues("spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
				"spring.datasource.username=sa", "spring.datasource.hikari.maximum-pool-size=1",
				"spring.datasource.hikari.connection-timeout=5000");

	private final WebApplicationContextRunner withPool = this.worker.withPropertyValues(
			"cluster.sessions.own-pool=true", "cluster.sessions.max-connections=9", "cluster.standby=1",
			"cluster.sessions.timeout=2s");

	@Test
	void sessionsHaveConnectionsOfTheirOwnAndNobodyElseGetsThem() {
		this.withPool.run((context) -> {
			HikariDataSource sessions = sessionDataSource(context);
			assertThat(sessions.getPoolName()).isEqualTo("cluster-sessions");
			assertThat(sessions.getMaximumPoolSize()).as("9 for this one, the standby and that of a reload")
				.isEqualTo(3);
			assertThat(sessions.getConnectionTimeout()).isEqualTo(2000);
			DataSource application = context.getBean(DataSource.class);
			assertThat(application).isNotSameAs(sessions);
			assertThat(context.getBean(JdbcTemplate.class).getDataSource()).isSameAs(application);
			assertThat(context.getBean(TransactionTemplate.class)).isNotNull();
		});
	}

	@Test
	@Timeout(30)
	void requestWithinATransactionGetsItsSessionThoughThereIsNoOtherConnection() {
		this.withPool.run((context) -> {
			SessionRepository<?> repository = context.getBean(SessionRepository.class);
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
				assertThat(jdbc.queryForObject("SELECT 1", Integer.class)).isOne();
				assertThat(repository.findById("unknown")).isNull();
			});
		});
	}

	@Test
	void withoutNeedTheyUseTheApplications() {
		this.worker
			.run((context) -> assertThat(sessionDataSource(context)).isSameAs(context.getBean(DataSource.class)));
	}

	@Test
	void dataSourceThatTheApplicationHasForThemIsKept() {
		this.withPool.withUserConfiguration(OwnDataSource.class)
			.run((context) -> assertThat(sessionDataSource(context)).isSameAs(context.getBean("own")));
	}

	@Test
	void transactionsThatTheApplicationHasForThemAreOnItsOwnConnections() {
		this.withPool.withUserConfiguration(OwnTransactions.class)
			.run((context) -> assertThat(sessionDataSource(context)).isSameAs(context.getBean(DataSource.class)));
	}

	@Test
	void applicationsOwnSettingsDoNotBreakThem() {
		int loginTimeout = DriverManager.getLoginTimeout();
		this.withPool
			.withPropertyValues("spring.datasource.hikari.auto-commit=false",
					"spring.datasource.hikari.pool-name=application", "spring.datasource.hikari.read-only=true")
			.run((context) -> {
				HikariDataSource sessions = sessionDataSource(context);
				assertThat(sessions.getPoolName()).isEqualTo("cluster-sessions");
				assertThat(sessions.isReadOnly()).isFalse();
				assertThat(sessions.isAutoCommit()).isFalse();
			});
		assertThat(DriverManager.getLoginTimeout()).isEqualTo(loginTimeout);
	}

	private static HikariDataSource sessionDataSource(ApplicationContext context) {
		JdbcTemplate jdbc = (JdbcTemplate) ReflectionTestUtils
			.getField(context.getBean(JdbcIndexedSessionRepository.class), "jdbcOperations");
		return (HikariDataSource) jdbc.getDataSource();
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTransactions {

		@Bean(defaultCandidate = false)
		TransactionOperations springSessionTransactionOperations(PlatformTransactionManager transactions) {
			return new TransactionTemplate(transactions);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean(defaultCandidate = false)
		@SpringSessionDataSource
		HikariDataSource own() {
			HikariDataSource dataSource = new HikariDataSource();
			dataSource.setJdbcUrl("jdbc:h2:mem:own");
			return dataSource;
		}

	}

}

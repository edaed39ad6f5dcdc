package io.github.bootcluster.autoconfigure;

import java.util.UUID;

import io.github.bootcluster.leader.Leadership;
import io.github.bootcluster.session.SessionCleanup;
import org.junit.jupiter.api.Test;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.config.annotation.web.http.EnableJdbcHttpSession;

import static org.assertj.core.api.Assertions.assertThat;

/** Who removes expired sessions in a worker. */
class SessionCleanupConfigurationTests {

	private final WebApplicationContextRunner worker = new WebApplicationContextRunner()
		.withUserConfiguration(SessionCleanupConfiguration.class)
		.withBean(Leadership.class, Leadership::always);

	private final WebApplicationContextRunner withSessions = this.worker
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, JdbcSessionAutoConfiguration.class,
				SessionAutoConfiguration.class))
		.withPropertyValues("spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID());

	@Test
	void ourCleanupTakesThePlaceOfSpringSessions() {
		this.withSessions.run((context) -> {
			assertThat(context.getBean(SessionCleanup.class).isRunning()).isTrue();
			assertThat(context.getBean(JdbcIndexedSessionRepository.class)).extracting("taskScheduler").isNull();
		});
	}

	@Test
	void ourCleanupIsThereThoughBeansAreLazy() {
		this.withSessions
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context.getBean(SessionCleanup.class).isRunning()).isTrue());
	}

	@Test
	void nobodyCleansIfTheApplicationSaysSo() {
		this.withSessions.withPropertyValues("spring.session.jdbc.cleanup-cron=-").run((context) -> {
			assertThat(context.getBean(SessionCleanup.class).isRunning()).isFalse();
			assertThat(context.getBean(JdbcIndexedSessionRepository.class)).extracting("taskScheduler").isNull();
		});
	}

	@Test
	void scheduleThatIsNotBootsStaysSpringSessions() {
		this.worker
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID())
			.withUserConfiguration(OwnSchedule.class)
			.run((context) -> {
				assertThat(context.getBean(SessionCleanup.class).isRunning()).isFalse();
				assertThat(context.getBean(JdbcIndexedSessionRepository.class)).extracting("cleanupCron")
					.isEqualTo("0 0 3 * * *");
			});
	}

	@Test
	void applicationWithoutSuchSessionsHasNothingToClean() {
		this.worker.run((context) -> assertThat(context.getBean(SessionCleanup.class).isRunning()).isFalse());
		this.worker.withClassLoader(new FilteredClassLoader(JdbcIndexedSessionRepository.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SessionCleanup.class));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableJdbcHttpSession(cleanupCron = "0 0 3 * * *")
	static class OwnSchedule {

	}

}

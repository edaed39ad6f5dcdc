package io.github.bootcluster.autoconfigure;

import java.util.HashMap;
import java.util.UUID;

import javax.sql.DataSource;

import io.github.bootcluster.session.SessionStoreExceptionResolver;
import io.github.bootcluster.session.SharedSessionRepository;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.SessionRepository;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.config.annotation.web.http.EnableJdbcHttpSession;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** Which sessions an application uses. */
class SharedSessionAutoConfigurationTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, JdbcSessionAutoConfiguration.class,
				SessionAutoConfiguration.class, SharedSessionAutoConfiguration.class))
		.withPropertyValues("spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID());

	@Test
	void requestsUseSharedSessions() {
		this.runner.run((context) -> {
			assertThat(context.getBean(SessionRepository.class)).isInstanceOf(SharedSessionRepository.class);
			assertThat(context.getBean(FindByIndexNameSessionRepository.class))
				.isInstanceOf(SharedSessionRepository.class);
			assertThat(context.getBean(SessionRepositoryFilter.class)).extracting("sessionRepository")
				.isInstanceOf(SharedSessionRepository.class);
			assertThat(context).hasSingleBean(JdbcIndexedSessionRepository.class);
			assertThat(statement(context.getBean(JdbcIndexedSessionRepository.class))).contains("MERGE INTO SPRING_");
			assertThat(update(context.getBean(JdbcIndexedSessionRepository.class))).doesNotContain("SET SESSION_ID");
			assertThat(context).hasSingleBean(SessionStoreExceptionResolver.class);
			assertThat(context.getBean("bootClusterSessionStoreFilter")).isInstanceOf(FilterRegistrationBean.class);
		});
	}

	/** Else an id that a login changes would not be stored. */
	@Test
	void rowsAreSpringSessionsWhereItStoresASessionFirst() {
		this.runner.withPropertyValues("spring.session.jdbc.flush-mode=immediate").run((context) -> {
			assertThat(context.getBean(SessionRepository.class)).isInstanceOf(SharedSessionRepository.class);
			assertThat(update(context.getBean(JdbcIndexedSessionRepository.class))).contains("SET SESSION_ID");
		});
	}

	@Test
	void rowsAreSpringSessionsWhereRequestsUseAnotherRepository() {
		this.runner.withUserConfiguration(Hidden.class).run((context) -> {
			assertThat(context).doesNotHaveBean(SharedSessionRepository.class);
			assertThat(update(context.getBean(JdbcIndexedSessionRepository.class))).contains("SET SESSION_ID");
		});
	}

	@Test
	void statementsAreForTheTableOfTheApplication() {
		this.runner.withPropertyValues("spring.session.jdbc.table-name=SESSION")
			.run((context) -> assertThat(statement(context.getBean(JdbcIndexedSessionRepository.class)))
				.contains("MERGE INTO SESSION_ATTRIBUTES"));
	}

	@Test
	void statementsOfTheApplicationAreKept() {
		this.runner.withUserConfiguration(OwnStatements.class)
			.run((context) -> assertThat(statement(context.getBean(JdbcIndexedSessionRepository.class)))
				.isEqualTo("INSERT"));
	}

	@Test
	void applicationThatSaysWhichRepositoryItUsesKeepsIt() {
		this.runner.withUserConfiguration(Several.class)
			.run((context) -> assertThat(context).hasSingleBean(JdbcIndexedSessionRepository.class)
				.hasBean("another")
				.doesNotHaveBean(SharedSessionRepository.class));
		this.runner.withUserConfiguration(PrimaryStore.class)
			.run((context) -> assertThat(context.getBean(SessionRepository.class))
				.isInstanceOf(JdbcIndexedSessionRepository.class));
	}

	@Test
	void senselessGrainFailsTheStart() {
		this.runner.withPropertyValues("cluster.sessions.last-access-grain=-1s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("cluster.sessions.last-access-grain"));
	}

	@Test
	void nothingIsThereWithoutSuchSessions() {
		this.runner.withClassLoader(new FilteredClassLoader(JdbcIndexedSessionRepository.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SharedSessionRepository.class));
	}

	private static String statement(JdbcIndexedSessionRepository repository) {
		return (String) ReflectionTestUtils.getField(repository, "createSessionAttributeQuery");
	}

	private static String update(JdbcIndexedSessionRepository repository) {
		return (String) ReflectionTestUtils.getField(repository, "updateSessionQuery");
	}

	/** From Boot's conditions. */
	@Configuration(proxyBeanMethods = false)
	static class Hidden {

		@Bean(autowireCandidate = false)
		MapSessionRepository another() {
			return new MapSessionRepository(new HashMap<>());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnStatements {

		@Bean
		@Order(0)
		SessionRepositoryCustomizer<JdbcIndexedSessionRepository> statements() {
			return (repository) -> repository.setCreateSessionAttributeQuery("INSERT");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableJdbcHttpSession
	static class Several {

		@Bean
		@Primary
		MapSessionRepository another() {
			return new MapSessionRepository(new HashMap<>());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryStore {

		@Bean
		@Primary
		JdbcIndexedSessionRepository store(DataSource dataSource, PlatformTransactionManager transactions) {
			return new JdbcIndexedSessionRepository(new JdbcTemplate(dataSource),
					new TransactionTemplate(transactions));
		}

	}

}

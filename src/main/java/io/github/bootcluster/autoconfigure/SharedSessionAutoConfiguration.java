package io.github.bootcluster.autoconfigure;

import javax.sql.DataSource;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.session.SharedSessionCustomizer;
import io.github.bootcluster.session.SharedSessionRepository;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.session.FlushMode;
import org.springframework.session.IndexResolver;
import org.springframework.session.Session;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.config.annotation.SpringSessionDataSource;

/**
 * Sessions in a database that several processes use: workers, or standalone processes
 * such as the pods of an orchestrator.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = JdbcSessionAutoConfiguration.class)
@ConditionalOnClass({ JdbcIndexedSessionRepository.class, JdbcSessionAutoConfiguration.class })
@ConditionalOnBean(JdbcIndexedSessionRepository.class)
public final class SharedSessionAutoConfiguration {

	private static final String REPOSITORY = "bootClusterSessionRepository";

	/**
	 * After Boot's own, which sets the table's name, and before an application's. Rows
	 * are left to Spring Session where requests do not use the repository that changes
	 * them, or a session is in the database before that repository saves it.
	 */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE + 100)
	SharedSessionCustomizer bootClusterSessionCustomizer(
			@SpringSessionDataSource ObjectProvider<DataSource> sessionDataSource,
			ObjectProvider<DataSource> dataSource, ObjectProvider<JdbcSessionProperties> properties,
			ObjectProvider<IndexResolver<Session>> indexes, BeanFactory beans, Environment environment) {
		JdbcSessionProperties tables = beans.containsBean(REPOSITORY) ? properties.getIfUnique() : null;
		return new SharedSessionCustomizer(() -> {
			DataSource own = sessionDataSource.getIfAvailable();
			return (own != null) ? own : dataSource.getIfUnique();
		}, (tables != null && tables.getFlushMode() == FlushMode.ON_SAVE) ? tables.getTableName() : null,
				indexes.getIfUnique(), settings(environment).timeout());
	}

	private static ClusterProperties.Sessions settings(Environment environment) {
		return Binder.get(environment)
			.bindOrCreate(ClusterProperties.Sessions.PREFIX, ClusterProperties.Sessions.class);
	}

	/** What requests use. */
	@Configuration(proxyBeanMethods = false)
	@Conditional(OnSoleSessionStoreCondition.class)
	@Import(SessionFilterConfiguration.class)
	static class RepositoryConfiguration {

		@Bean(REPOSITORY)
		@Primary
		SharedSessionRepository<?> bootClusterSessionRepository(JdbcIndexedSessionRepository store,
				SharedSessionCustomizer customizer, Environment environment) {
			return SharedSessionRepository.of(store, customizer, settings(environment).lastAccessGrain());
		}

	}

}

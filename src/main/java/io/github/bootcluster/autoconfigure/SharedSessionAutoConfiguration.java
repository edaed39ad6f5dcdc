package io.github.bootcluster.autoconfigure;

import javax.sql.DataSource;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.session.SessionStoreExceptionResolver;
import io.github.bootcluster.session.SessionStoreFilter;
import io.github.bootcluster.session.SharedSessionCustomizer;
import io.github.bootcluster.session.SharedSessionRepository;
import jakarta.servlet.DispatcherType;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.session.IndexResolver;
import org.springframework.session.Session;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.config.annotation.SpringSessionDataSource;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

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

	/** After Boot's own, which sets the table's name, and before an application's. */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE + 100)
	SharedSessionCustomizer bootClusterSessionCustomizer(
			@SpringSessionDataSource ObjectProvider<DataSource> sessionDataSource,
			ObjectProvider<DataSource> dataSource, ObjectProvider<JdbcSessionProperties> properties,
			ObjectProvider<IndexResolver<Session>> indexes, Environment environment) {
		JdbcSessionProperties tables = properties.getIfUnique();
		return new SharedSessionCustomizer(() -> {
			DataSource own = sessionDataSource.getIfAvailable();
			return (own != null) ? own : dataSource.getIfUnique();
		}, (tables != null) ? tables.getTableName() : null, indexes.getIfUnique(), settings(environment).timeout());
	}

	private static ClusterProperties.Sessions settings(Environment environment) {
		return Binder.get(environment)
			.bindOrCreate(ClusterProperties.Sessions.PREFIX, ClusterProperties.Sessions.class);
	}

	/** What requests use. */
	@Configuration(proxyBeanMethods = false)
	@Conditional(OnSoleSessionStoreCondition.class)
	static class RepositoryConfiguration {

		@Bean
		@Primary
		SharedSessionRepository<?> bootClusterSessionRepository(JdbcIndexedSessionRepository store,
				SharedSessionCustomizer customizer, Environment environment) {
			return SharedSessionRepository.of(store, customizer, settings(environment).lastAccessGrain());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Conditional(OnSoleSessionStoreCondition.class)
	@ConditionalOnWebApplication(type = Type.SERVLET)
	static class FilterConfiguration {

		@Bean
		FilterRegistrationBean<SessionStoreFilter> bootClusterSessionStoreFilter(SharedSessionRepository<?> repository,
				Environment environment) {
			FilterRegistrationBean<SessionStoreFilter> filter = new FilterRegistrationBean<>(
					new SessionStoreFilter(repository));
			filter.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
			filter.setOrder(environment.getProperty("spring.session.servlet.filter-order", Integer.class,
					SessionRepositoryFilter.DEFAULT_ORDER) - 1);
			return filter;
		}

		@Bean
		@ConditionalOnClass(HandlerExceptionResolver.class)
		SessionStoreExceptionResolver bootClusterSessionStoreExceptionResolver() {
			return new SessionStoreExceptionResolver();
		}

	}

}

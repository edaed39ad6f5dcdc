package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.session.SessionStoreExceptionResolver;
import io.github.bootcluster.session.SessionStoreFilter;
import io.github.bootcluster.session.SharedSessionRepository;
import jakarta.servlet.DispatcherType;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** What stands between requests and a {@link SharedSessionRepository}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = Type.SERVLET)
class SessionFilterConfiguration {

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

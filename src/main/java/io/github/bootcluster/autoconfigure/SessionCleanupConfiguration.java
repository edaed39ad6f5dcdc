package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.leader.Leadership;
import io.github.bootcluster.session.SessionCleanup;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;

/**
 * Has the leader remove expired sessions in place of every worker's Spring Session, at
 * the times {@code spring.session.jdbc.cleanup-cron} says.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ JdbcIndexedSessionRepository.class, JdbcSessionProperties.class })
class SessionCleanupConfiguration {

	/** The last of the customizers: Boot's own sets the schedule. */
	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	SessionRepositoryCustomizer<JdbcIndexedSessionRepository> bootClusterSessionCleanupCustomizer() {
		return (repository) -> repository.setCleanupCron(Scheduled.CRON_DISABLED);
	}

	@Bean
	SessionCleanup bootClusterSessionCleanup(ObjectProvider<JdbcIndexedSessionRepository> repositories,
			ObjectProvider<JdbcSessionProperties> properties, Leadership leadership) {
		return new SessionCleanup(
				() -> repositories.stream().<Runnable>map((repository) -> repository::cleanUpExpiredSessions).toList(),
				properties.getIfUnique(JdbcSessionProperties::new).getCleanupCron(), leadership);
	}

}

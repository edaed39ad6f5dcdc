package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.leader.Leadership;
import io.github.bootcluster.session.Removal;
import io.github.bootcluster.session.SessionCleanup;
import io.github.bootcluster.session.SharedSessionCustomizer;
import org.jspecify.annotations.Nullable;

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

	/**
	 * After Boot's own, which sets the schedule, and before an application's. Where it
	 * was not Boot that set it, nothing is known of it, and it stays Spring Session's.
	 */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE + 100)
	SessionRepositoryCustomizer<JdbcIndexedSessionRepository> bootClusterSessionCleanupCustomizer(
			ObjectProvider<JdbcSessionProperties> properties) {
		return (repository) -> properties.ifUnique((known) -> repository.setCleanupCron(Scheduled.CRON_DISABLED));
	}

	@Bean
	SessionCleanup bootClusterSessionCleanup(ObjectProvider<JdbcIndexedSessionRepository> repositories,
			ObjectProvider<SharedSessionCustomizer> customizer, ObjectProvider<JdbcSessionProperties> properties,
			Leadership leadership) {
		JdbcSessionProperties known = properties.getIfUnique();
		return new SessionCleanup(() -> repositories.stream()
			.map((repository) -> removal(repository, customizer.getIfAvailable()))
			.toList(), (known != null) ? known.getCleanupCron() : Scheduled.CRON_DISABLED, leadership);
	}

	private static Removal removal(JdbcIndexedSessionRepository repository,
			@Nullable SharedSessionCustomizer customizer) {
		return (customizer != null) ? customizer.removalOfExpired(repository)
				: Removal.atOnce(repository::cleanUpExpiredSessions);
	}

}

package io.github.bootcluster.autoconfigure;

import java.util.List;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterOperations;
import io.github.bootcluster.Role;
import io.github.bootcluster.actuate.ClusterEndpoint;
import io.github.bootcluster.event.EventSubscription;
import io.github.bootcluster.leader.LeaderOnlyPostProcessor;
import io.github.bootcluster.leader.Leadership;
import io.github.bootcluster.worker.ReadinessReporter;
import io.github.bootcluster.worker.StandaloneCluster;
import io.github.bootcluster.worker.WorkerAgent;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.AbstractApplicationContext;

/**
 * What an application finds of its cluster: a {@link Cluster}, in a worker as well as in
 * an ordinary process.
 *
 * @since 0.1.0
 */
@AutoConfiguration
public final class ClusterAutoConfiguration {

	/** Static, and without what it asks for at once: it is there before other beans. */
	@Bean
	static LeaderOnlyPostProcessor bootClusterLeaderOnlyPostProcessor(ObjectProvider<Leadership> leadership) {
		return new LeaderOnlyPostProcessor(leadership::getObject);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnRole(Role.WORKER)
	static class WorkerConfiguration {

		private final WorkerAgent agent = WorkerAgent.current().orElseThrow();

		@Bean
		Cluster bootCluster() {
			return this.agent.cluster();
		}

		@Bean
		ReadinessReporter bootClusterReadinessReporter() {
			return new ReadinessReporter(this.agent);
		}

		@Bean
		Leadership bootClusterLeadership() {
			return this.agent.leadership();
		}

		@Bean
		EventSubscription bootClusterEventSubscription(AbstractApplicationContext context) {
			return new EventSubscription(this.agent.events(), context);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnRole(Role.STANDALONE)
	static class StandaloneConfiguration {

		@Bean
		StandaloneCluster bootCluster() {
			return new StandaloneCluster();
		}

		@Bean
		Leadership bootClusterLeadership() {
			return Leadership.always();
		}

		@Bean
		@ConditionalOnAvailableEndpoint
		ClusterEndpoint bootClusterEndpoint(Cluster cluster) {
			return new ClusterEndpoint(cluster, (id) -> List.of(), ClusterOperations
				.none("This is a single process, not a cluster: start it with the profile 'launcher'."));
		}

	}

}

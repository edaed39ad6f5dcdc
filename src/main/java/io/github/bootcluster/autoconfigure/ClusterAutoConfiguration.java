package io.github.bootcluster.autoconfigure;

import java.util.List;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterOperations;
import io.github.bootcluster.OutputLines;
import io.github.bootcluster.Role;
import io.github.bootcluster.WorkerDiagnostics;
import io.github.bootcluster.actuate.ClusterEndpoint;
import io.github.bootcluster.actuate.ClusterView;
import io.github.bootcluster.messaging.MessagingNode;
import io.github.bootcluster.messaging.OperatorBroadcast;
import io.github.bootcluster.messaging.Post;
import io.github.bootcluster.messaging.PostOffice;
import io.github.bootcluster.event.EventSubscription;
import io.github.bootcluster.leader.LeaderOnlyPostProcessor;
import io.github.bootcluster.leader.Leadership;
import io.github.bootcluster.metrics.RegistryReader;
import io.github.bootcluster.worker.MeterTeller;
import io.github.bootcluster.worker.ReadinessReporter;
import io.github.bootcluster.worker.SharedPortCustomizer;
import io.github.bootcluster.worker.StandaloneCluster;
import io.github.bootcluster.worker.StandaloneTelemetry;
import io.github.bootcluster.worker.UnsharablePortException;
import io.github.bootcluster.worker.WorkerAgent;
import io.github.bootcluster.worker.WorkerPost;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
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
	@Import({ MessagingConfiguration.class, SessionCleanupConfiguration.class, SessionPoolConfiguration.class })
	static class WorkerConfiguration {

		private final WorkerAgent agent = WorkerAgent.current().orElseThrow();

		@Bean
		Cluster bootCluster() {
			return this.agent.cluster();
		}

		@Bean
		WorkerPost bootClusterPost() {
			return new WorkerPost(this.agent);
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

	/** Workers of an application that has meters. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnRole(Role.WORKER)
	@ConditionalOnClass(PrometheusRegistry.class)
	static class MetersConfiguration {

		@Bean
		MeterTeller bootClusterMeterTeller(ObjectProvider<PrometheusRegistry> registry,
				ObjectProvider<MeterRegistry> meters) {
			return new MeterTeller(WorkerAgent.current().orElseThrow(),
					() -> registry.stream().flatMap((one) -> new RegistryReader(one, meters).get().stream()).toList());
		}

	}

	/** Workers that have no dispatcher before them. */
	@Configuration(proxyBeanMethods = false)
	@Conditional(OnSharedPortCondition.class)
	static class SharedPortConfiguration {

		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass(TomcatWebServerFactory.class)
		static class Tomcat {

			@Bean
			static SharedPortCustomizer bootClusterSharedPort() {
				return new SharedPortCustomizer();
			}

		}

		@Configuration(proxyBeanMethods = false)
		@ConditionalOnMissingClass("org.springframework.boot.tomcat.TomcatWebServerFactory")
		static class OtherServer {

			@Bean
			static WebServerFactoryCustomizer<ConfigurableWebServerFactory> bootClusterSharedPort() {
				return (factory) -> {
					throw new UnsharablePortException(factory.getClass().getSimpleName());
				};
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnRole(Role.STANDALONE)
	@Import(MessagingConfiguration.class)
	static class StandaloneConfiguration {

		@Bean
		StandaloneCluster bootCluster() {
			return new StandaloneCluster();
		}

		@Bean
		Post bootClusterPost(Cluster cluster, Environment environment) {
			int capacity = MessagingConfiguration.properties(environment).queueCapacity();
			return new PostOffice((worker) -> true, capacity).local(cluster.workerId().orElseThrow());
		}

		@Bean
		Leadership bootClusterLeadership() {
			return Leadership.always();
		}

		@Bean
		@ConditionalOnAvailableEndpoint
		ClusterEndpoint bootClusterEndpoint(Cluster cluster, MessagingNode messaging) {
			String why = "This is a single process, not a cluster: start it with the profile 'launcher'.";
			ClusterView view = new ClusterView(cluster, new StandaloneTelemetry(cluster), (number) -> List.of(),
					(id, number) -> OutputLines.NONE, null);
			return new ClusterEndpoint(view, ClusterOperations.none(why), new OperatorBroadcast(messaging),
					WorkerDiagnostics.none(why));
		}

	}

}

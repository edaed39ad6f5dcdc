package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterMeasures;
import io.github.bootcluster.ClusterOperations;
import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.ClusterTimeline;
import io.github.bootcluster.SessionStoreHealth;
import io.github.bootcluster.WorkerDiagnostics;
import io.github.bootcluster.WorkerOutput;
import io.github.bootcluster.actuate.ClusterEndpoint;
import io.github.bootcluster.actuate.ClusterHealthIndicator;
import io.github.bootcluster.actuate.ClusterView;
import io.github.bootcluster.actuate.SessionStoreHealthIndicator;
import io.github.bootcluster.actuate.WriteGuard;
import io.github.bootcluster.messaging.MessagingNode;
import io.github.bootcluster.messaging.OperatorBroadcast;
import io.github.bootcluster.messaging.Post;
import io.github.bootcluster.messaging.PostOffice;
import io.github.bootcluster.metrics.PrometheusEndpoint;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.actuate.web.ServletManagementContextAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.actuate.endpoint.web.WebMvcHealthEndpointExtensionAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.actuate.web.WebMvcEndpointManagementContextConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * The launcher's own context: a small web server with the endpoints about the cluster.
 * The auto-configurations are listed one by one, so that whatever else is on the
 * application's class path (a data source, security, messaging) never starts here. This
 * is the management server itself, so Boot's plan for one beside the application is left
 * out, with its checks of {@code management.server.*}.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({ PropertyPlaceholderAutoConfiguration.class, ConfigurationPropertiesAutoConfiguration.class,
		JacksonAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class,
		TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
		WebMvcAutoConfiguration.class, ErrorMvcAutoConfiguration.class, EndpointAutoConfiguration.class,
		JacksonEndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
		ServletManagementContextAutoConfiguration.class, WebMvcEndpointManagementContextConfiguration.class,
		HealthContributorRegistryAutoConfiguration.class, HealthContributorAutoConfiguration.class,
		HealthEndpointAutoConfiguration.class, WebMvcHealthEndpointExtensionAutoConfiguration.class })
@Import({ MessagingConfiguration.class, DashboardConfiguration.class })
class LauncherConfiguration {

	@Bean
	Post clusterPost(PostOffice postOffice) {
		return postOffice.launcher();
	}

	@Bean
	ClusterView clusterView(Cluster cluster, ClusterTelemetry telemetry, ClusterTimeline timeline, WorkerOutput output,
			SessionStoreHealth sessionStore) {
		return new ClusterView(cluster, telemetry, timeline, output, sessionStore);
	}

	@Bean
	@ConditionalOnAvailableEndpoint
	ClusterEndpoint clusterEndpoint(ClusterView view, ClusterOperations operations, MessagingNode messaging,
			WorkerDiagnostics diagnostics) {
		return new ClusterEndpoint(view, operations, new OperatorBroadcast(messaging), diagnostics);
	}

	@Bean
	@ConditionalOnAvailableEndpoint
	PrometheusEndpoint clusterPrometheusEndpoint(Cluster cluster, ClusterMeasures measures,
			ClusterTelemetry telemetry) {
		return new PrometheusEndpoint(cluster, measures, telemetry);
	}

	@Bean
	WriteGuard clusterWriteGuard() {
		return new WriteGuard();
	}

	@Bean
	ClusterHealthIndicator clusterHealthContributor(Cluster cluster, Environment environment) {
		ClusterProperties.Health settings = Binder.get(environment)
			.bindOrCreate(ClusterProperties.Health.PREFIX, ClusterProperties.Health.class);
		return new ClusterHealthIndicator(cluster, settings.minReadyWorkers());
	}

	@Bean
	SessionStoreHealthIndicator sessionStoreHealthContributor(SessionStoreHealth store) {
		return new SessionStoreHealthIndicator(store);
	}

}

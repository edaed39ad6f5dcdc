package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterTimeline;
import io.github.bootcluster.actuate.ClusterEndpoint;
import io.github.bootcluster.dashboard.DashboardPage;
import io.github.bootcluster.dashboard.DashboardServlet;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.Assert;

/**
 * The page over the cluster's endpoint, as public as that is. The server is made before
 * the endpoints are, so they are looked up when somebody looks at the page.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "cluster.dashboard.enabled", matchIfMissing = true)
@ConditionalOnAvailableEndpoint(endpoint = ClusterEndpoint.class, exposure = EndpointExposure.WEB)
class DashboardConfiguration {

	private static final EndpointId ENDPOINT = EndpointId.of("cluster");

	@Bean
	DashboardServlet clusterDashboard(Environment environment, ObjectProvider<ClusterEndpoint> endpoint,
			ObjectProvider<PathMappedEndpoints> paths, ObjectProvider<EndpointAccessResolver> access,
			ClusterTimeline timeline, ObjectProvider<EndpointJsonMapper> endpointJson,
			ObjectProvider<JsonMapper> json) {
		EndpointJsonMapper mapper = endpointJson.getIfAvailable(() -> json::getObject);
		return new DashboardServlet(() -> page(environment, paths.getObject(), access.getObject()),
				() -> endpoint.getObject().cluster(), timeline, mapper.get());
	}

	@Bean
	ServletRegistrationBean<DashboardServlet> clusterDashboardRegistration(DashboardServlet dashboard,
			Environment environment) {
		return new ServletRegistrationBean<>(dashboard, path(environment) + "/*");
	}

	private static DashboardPage page(Environment environment, PathMappedEndpoints paths,
			EndpointAccessResolver access) {
		String endpoint = paths.getPath(ENDPOINT);
		Assert.state(endpoint != null, "The endpoint that the dashboard shows has no path");
		return new DashboardPage(path(environment), endpoint,
				access.accessFor(ENDPOINT, Access.READ_ONLY) == Access.UNRESTRICTED);
	}

	private static String path(Environment environment) {
		return Binder.get(environment)
			.bindOrCreate(ClusterProperties.Dashboard.PREFIX, ClusterProperties.Dashboard.class)
			.path();
	}

}

package io.github.bootcluster.launcher;

import java.util.List;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.InvalidClusterPropertyException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.actuate.autoconfigure.endpoint.PropertiesEndpointAccessResolver;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.IncludeExcludeEndpointFilter;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Where the dashboard is: known before the launcher's own context is there, since the
 * public port is open by then.
 */
final class DashboardPath {

	private static final Logger logger = LoggerFactory.getLogger(DashboardPath.class);

	private static final EndpointId ENDPOINT = EndpointId.of("cluster");

	private DashboardPath() {
	}

	/**
	 * Find it.
	 * @param basePath that of the endpoints, empty for the root
	 * @return the path, without the context path, or {@code null} if there is no
	 * dashboard: its path is the application's then
	 * @throws InvalidClusterPropertyException if it is wanted where the endpoints are
	 */
	static @Nullable String find(Environment environment, String basePath) {
		Binder binder = Binder.get(environment);
		ClusterProperties.Dashboard dashboard = binder.bindOrCreate(ClusterProperties.Dashboard.PREFIX,
				ClusterProperties.Dashboard.class);
		if (!dashboard.enabled() || !isReadable(environment)) {
			return null;
		}
		for (String taken : paths(environment, basePath)) {
			if (isBelow(dashboard.path(), taken) || isBelow(taken, dashboard.path())) {
				if (binder.bind(ClusterProperties.Dashboard.PATH, String.class).isBound()) {
					throw new InvalidClusterPropertyException(ClusterProperties.Dashboard.PATH, dashboard.path(),
							"must be apart from '%s', where the launcher's endpoints are (or set cluster.dashboard.enabled=false)"
								.formatted(taken));
				}
				// Nobody asked for it there, and endpoints have been there before it.
				logger.warn(
						"There is no dashboard: its path '{}' is not apart from '{}', where the launcher's endpoints are. "
								+ "Set {} to have it elsewhere, or cluster.dashboard.enabled=false to do without",
						dashboard.path(), taken, ClusterProperties.Dashboard.PATH);
				return null;
			}
		}
		return dashboard.path();
	}

	/** As the endpoint itself is found to be there, or not, in the launcher's context. */
	private static boolean isReadable(Environment environment) {
		return new IncludeExcludeEndpointFilter<>(ExposableWebEndpoint.class, environment,
				"management.endpoints.web.exposure", AdminServer.EXPOSED.toArray(String[]::new))
			.match(ENDPOINT)
				&& new PropertiesEndpointAccessResolver(environment).accessFor(ENDPOINT,
						Access.READ_ONLY) != Access.NONE;
	}

	/** With no base path, endpoints lie among everything else. */
	private static List<String> paths(Environment environment, String basePath) {
		if (!basePath.isEmpty()) {
			return List.of(basePath);
		}
		return AdminServer.EXPOSED.stream()
			.map((id) -> "/" + environment.getProperty("management.endpoints.web.path-mapping." + id, id))
			.toList();
	}

	private static boolean isBelow(String path, String other) {
		return path.equals(other) || path.startsWith(other + "/");
	}

}

package io.github.bootcluster.launcher;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.bootcluster.SchedulingPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * What {@code server.*} and {@code management.*} mean in a launcher: the public port is
 * the dispatcher's, and the actuator is served there under its own paths unless it has a
 * port to itself.
 *
 * @param address address of the public port, or {@code null} for all
 * @param port the public port, 0 for any free one
 * @param contextPath context path of the application, empty for the root
 * @param tls TLS of the public port, or {@code null} if it speaks plain HTTP
 * @param admin where the launcher's own endpoints are served
 * @param probePaths paths of the public port, besides, at which the launcher tells
 * whether the cluster lives and is ready; none unless Boot's property asks for them
 * @param dashboard path of the dashboard, with the context path of wherever the
 * launcher's own endpoints are served, or {@code null} if there is none
 */
record FrontSettings(@Nullable InetAddress address, int port, String contextPath, @Nullable TlsSettings tls,
		Admin admin, List<String> probePaths, @Nullable String dashboard) {

	private static final Logger logger = LoggerFactory.getLogger(FrontSettings.class);

	private static final int DEFAULT_PORT = 8080;

	private static final int MAX_PORT = 65535;

	/** Those of Boot, which are not below the base path. */
	static final String LIVENESS = "/livez";

	static final String READINESS = "/readyz";

	private static final String PROBE_PATHS = "management.endpoint.health.probes.add-additional-paths";

	private static final String BASE_PATH = "management.endpoints.web.base-path";

	/**
	 * Read the settings.
	 * @param policy tells whether a dispatcher will be there or the workers themselves
	 * @throws LaunchException if they ask for something that a launcher cannot do
	 */
	static FrontSettings from(Environment environment, SchedulingPolicy policy) {
		boolean dispatched = policy != SchedulingPolicy.NONE;
		Integer port = environment.getProperty("server.port", Integer.class, DEFAULT_PORT);
		refuseBeyondLast("server.port", port);
		if (port < 0) {
			throw new LaunchException("Property 'server.port' is %d: a launcher needs a port to serve.".formatted(port),
					"Set server.port to a free port, or to 0 for any.");
		}
		String contextPath = withoutTrailingSlash(environment.getProperty("server.servlet.context-path", ""));
		if (dispatched && environment.getProperty("server.http2.enabled", Boolean.class, false)) {
			logger.warn("Property 'server.http2.enabled' has no effect: the public port speaks HTTP/1.1 only");
		}
		TlsSettings tls = TlsSettings.find(environment, "server.ssl");
		InetAddress address = address(environment, "server.address");
		Admin admin = admin(environment, address, port, contextPath, tls);
		if (!dispatched && admin instanceof Admin.BehindFront) {
			throw new LaunchException(
					"The launcher's endpoints have no port: with cluster.scheduling-policy=none the workers alone listen at the public one.",
					"Set management.server.port to give the endpoints a port of their own, or to -1 to do without them.");
		}
		boolean probed = admin instanceof Admin.BehindFront
				&& environment.getProperty(PROBE_PATHS, Boolean.class, false);
		return new FrontSettings(address, port, contextPath, enabled(tls), admin,
				probed ? List.of(contextPath + LIVENESS, contextPath + READINESS) : List.of(),
				dashboard(environment, admin, contextPath));
	}

	/** Paths of the public port that are the launcher's. */
	List<String> adminPaths() {
		if (this.admin instanceof Admin.BehindFront behindFront) {
			return Stream.of(Stream.of(behindFront.path()), Stream.ofNullable(this.dashboard), this.probePaths.stream())
				.flatMap(Function.identity())
				.toList();
		}
		return List.of();
	}

	private static Admin admin(Environment environment, @Nullable InetAddress address, int port, String contextPath,
			@Nullable TlsSettings frontTls) {
		Integer managementPort = environment.getProperty("management.server.port", Integer.class);
		if (managementPort != null && managementPort < 0) {
			return new Admin.Disabled();
		}
		TlsSettings ownTls = TlsSettings.find(environment, "management.server.ssl");
		String basePath = basePath(environment);
		if (managementPort != null && (managementPort == 0 || managementPort != port)) {
			String ownContextPath = withoutTrailingSlash(environment.getProperty("management.server.base-path", ""));
			refuseBeyondLast("management.server.port", managementPort);
			InetAddress ownAddress = address(environment, "management.server.address");
			return new Admin.OwnPort((ownAddress != null) ? ownAddress : address, managementPort, ownContextPath,
					ownContextPath + basePath, enabled((ownTls != null) ? ownTls : frontTls));
		}
		if (enabled(ownTls) != null) {
			throw new LaunchException(
					"The properties 'management.server.ssl.*' ask for TLS of a port that the endpoints do not have.",
					"Set management.server.port to give them one, or remove management.server.ssl.*: "
							+ "on the public port server.ssl.* counts.");
		}
		if (basePath.isEmpty()) {
			throw new LaunchException(
					"Property '%s' is '/': the launcher's endpoints would hide every path of the application."
						.formatted(BASE_PATH),
					"Set management.server.port to give the endpoints a port of their own, or choose another base path.");
		}
		return new Admin.BehindFront(contextPath + basePath);
	}

	private static @Nullable String dashboard(Environment environment, Admin admin, String contextPath) {
		if (admin instanceof Admin.Disabled) {
			return null;
		}
		String path = DashboardPath.find(environment, basePath(environment));
		if (path == null) {
			return null;
		}
		return ((admin instanceof Admin.OwnPort ownPort) ? ownPort.contextPath() : contextPath) + path;
	}

	private static String basePath(Environment environment) {
		return withoutTrailingSlash(environment.getProperty(BASE_PATH, "/actuator"));
	}

	private static void refuseBeyondLast(String property, int port) {
		if (port > MAX_PORT) {
			throw new LaunchException("Property '%s' is %d: ports go up to %d.".formatted(property, port, MAX_PORT),
					"Set %s to a free port up to %d, or to 0 for any.".formatted(property, MAX_PORT));
		}
	}

	private static String withoutTrailingSlash(String path) {
		return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
	}

	private static @Nullable TlsSettings enabled(@Nullable TlsSettings tls) {
		return (tls != null && tls.ssl().isEnabled()) ? tls : null;
	}

	private static @Nullable InetAddress address(Environment environment, String property) {
		String address = environment.getProperty(property);
		if (!StringUtils.hasText(address)) {
			return null;
		}
		try {
			return InetAddress.getByName(address);
		}
		catch (UnknownHostException ex) {
			throw new LaunchException("Property '%s' is '%s', which is no address.".formatted(property, address),
					"Set it to an address of this machine, or remove it to listen on all.", ex);
		}
	}

	/** Where the launcher's own endpoints are served. */
	sealed interface Admin {

		/**
		 * On the public port.
		 *
		 * @param path what they are below of
		 */
		record BehindFront(String path) implements Admin {

		}

		/**
		 * On a port of their own, never on the public one.
		 *
		 * @param address its address, or {@code null} for all
		 * @param port that port, 0 for any free one
		 * @param contextPath context path there, empty for the root
		 * @param path what they are below of
		 * @param tls TLS of that port, or {@code null} if it speaks plain HTTP
		 */
		record OwnPort(@Nullable InetAddress address, int port, String contextPath, String path,
				@Nullable TlsSettings tls) implements Admin {

		}

		/** Nowhere. */
		record Disabled() implements Admin {

		}

	}

}

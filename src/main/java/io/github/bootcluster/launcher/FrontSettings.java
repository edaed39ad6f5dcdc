package io.github.bootcluster.launcher;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

import org.jspecify.annotations.Nullable;

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
 * @param admin where the launcher's own endpoints are served
 */
record FrontSettings(@Nullable InetAddress address, int port, String contextPath, Admin admin) {

	private static final int DEFAULT_PORT = 8080;

	private static final String BASE_PATH = "management.endpoints.web.base-path";

	/**
	 * Read the settings.
	 * @throws LaunchException if they ask for something that a launcher cannot do
	 */
	static FrontSettings from(Environment environment) {
		refuseTls(environment);
		Integer port = environment.getProperty("server.port", Integer.class, DEFAULT_PORT);
		if (port < 0 || port > 65535) {
			throw new LaunchException("Property 'server.port' is %d: a launcher needs a port to serve.".formatted(port),
					"Set server.port to a free port, or to 0 for any.");
		}
		String contextPath = withoutTrailingSlash(environment.getProperty("server.servlet.context-path", ""));
		return new FrontSettings(address(environment, "server.address"), port, contextPath,
				admin(environment, port, contextPath));
	}

	private static Admin admin(Environment environment, int port, String contextPath) {
		Integer managementPort = environment.getProperty("management.server.port", Integer.class);
		if (managementPort != null && managementPort < 0) {
			return new Admin.Disabled();
		}
		String basePath = withoutTrailingSlash(environment.getProperty(BASE_PATH, "/actuator"));
		if (managementPort != null && (managementPort == 0 || managementPort != port)) {
			String ownContextPath = withoutTrailingSlash(environment.getProperty("management.server.base-path", ""));
			return new Admin.OwnPort(managementPort, ownContextPath, ownContextPath + basePath);
		}
		if (basePath.isEmpty()) {
			throw new LaunchException(
					"Property '%s' is '/': the launcher's endpoints would hide every path of the application."
						.formatted(BASE_PATH),
					"Set management.server.port to give the endpoints a port of their own, or choose another base path.");
		}
		return new Admin.BehindFront(contextPath + basePath);
	}

	private static String withoutTrailingSlash(String path) {
		return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
	}

	private static void refuseTls(Environment environment) {
		for (String prefix : List.of("server.ssl.", "management.server.ssl.")) {
			boolean enabled = environment.getProperty(prefix + "enabled", Boolean.class, true);
			for (String key : List.of("key-store", "certificate", "bundle")) {
				if (enabled && environment.containsProperty(prefix + key)) {
					throw new LaunchException(
							"Property '%s%s' asks for TLS, which the launcher does not speak; it must not fall back to plain text."
								.formatted(prefix, key),
							"Let a proxy in front end TLS and set %senabled=false.".formatted(prefix));
				}
			}
		}
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
		 * @param port that port, 0 for any free one
		 * @param contextPath context path there, empty for the root
		 * @param path what they are below of
		 */
		record OwnPort(int port, String contextPath, String path) implements Admin {

		}

		/** Nowhere. */
		record Disabled() implements Admin {

		}

	}

}

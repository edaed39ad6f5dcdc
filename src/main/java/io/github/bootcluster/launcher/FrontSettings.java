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
		String contextPath = environment.getProperty("server.servlet.context-path", "");
		return new FrontSettings(address(environment, "server.address"), port, contextPath,
				admin(environment, port, contextPath));
	}

	private static Admin admin(Environment environment, int port, String contextPath) {
		Integer managementPort = environment.getProperty("management.server.port", Integer.class);
		if (managementPort != null && managementPort < 0) {
			return new Admin.Disabled();
		}
		if (managementPort != null && managementPort != port) {
			return new Admin.OwnPort(managementPort);
		}
		String basePath = environment.getProperty(BASE_PATH, "/actuator");
		if (basePath.isEmpty() || basePath.equals("/")) {
			throw new LaunchException(
					"Property '%s' is '/': the launcher's endpoints would hide every path of the application."
						.formatted(BASE_PATH),
					"Set management.server.port to give the endpoints a port of their own, or choose another base path.");
		}
		return new Admin.BehindFront(List.of(contextPath + basePath));
	}

	private static void refuseTls(Environment environment) {
		boolean enabled = environment.getProperty("server.ssl.enabled", Boolean.class, true);
		for (String key : List.of("key-store", "certificate", "bundle")) {
			String property = "server.ssl." + key;
			if (enabled && environment.containsProperty(property)) {
				throw new LaunchException(
						"Property '%s' asks for TLS, which the dispatcher does not speak; it must not fall back to plain text."
							.formatted(property),
						"Let a proxy in front end TLS and set server.ssl.enabled=false.");
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

		/** On the public port, under these paths. */
		record BehindFront(List<String> paths) implements Admin {

		}

		/** On a port of their own, never on the public one. */
		record OwnPort(int port) implements Admin {

		}

		/** Nowhere. */
		record Disabled() implements Admin {

		}

	}

}

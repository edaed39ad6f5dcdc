package io.github.bootcluster.launcher;

import java.io.Console;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.WorkerSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * The Spring properties that make the same application a worker. They outrank all of the
 * application's own, and are computed here, from the launcher's environment, so that
 * there is one place that knows.
 */
final class WorkerProperties implements Function<WorkerSpec, Map<String, String>> {

	/** A worker must never close a kept-alive connection before the dispatcher does. */
	private static final Duration KEEP_ALIVE_MARGIN = Duration.ofSeconds(30);

	/** Where the dispatcher is. As ranges, else Tomcat takes it for a pattern. */
	private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1/128");

	private static final Map<String, String> ANY_LOOPBACK_PORT = Map.of("server.port", "0", "server.address",
			"127.0.0.1");

	private static final Bindable<List<String>> LIST = Bindable.listOf(String.class);

	private static final Bindable<Map<String, List<String>>> GROUPS = Bindable
		.of(ResolvableType.forClassWithGenerics(Map.class, ResolvableType.forClass(String.class), LIST.getType()));

	private static final String LAUNCHER_PROFILE = "launcher";

	private static final String WORKER_PROFILE = "worker";

	private final Map<String, String> common;

	private final @Nullable String logFile;

	/**
	 * Compute what all workers have in common.
	 * @param shared what the session store adds
	 * @param sharedPort where the workers listen if there is no dispatcher
	 */
	WorkerProperties(Environment environment, ClusterProperties properties, Map<String, String> shared,
			@Nullable InetSocketAddress sharedPort) {
		this.common = new LinkedHashMap<>();
		beWorkerInsteadOfLauncher(environment);
		leaveTheActuatorToTheLauncher();
		stopGracefully(properties.worker());
		if (sharedPort != null) {
			listenAt(sharedPort);
		}
		else {
			listenOnLoopbackOnly();
			keepConnectionsAlive(properties.dispatch());
			trustTheLauncher(environment);
			trustWhatTheDispatcherTrusts(environment, properties.dispatch());
		}
		writeToTheLaunchersOutput(environment);
		this.common.putAll(shared);
		this.logFile = logFile(environment);
	}

	@Override
	public Map<String, String> apply(WorkerSpec spec) {
		Map<String, String> properties = new HashMap<>(this.common);
		if (spec.slot() == WorkerSnapshot.NO_SLOT) {
			// One that trains or stands by is no business of the system's, which would
			// send it connections at a shared port.
			properties.putAll(ANY_LOOPBACK_PORT);
		}
		if (StringUtils.hasText(this.logFile)) {
			properties.put("logging.file.name", logFileOf(this.logFile, spec.logFile()));
		}
		return properties;
	}

	private void beWorkerInsteadOfLauncher(Environment environment) {
		String[] active = environment.getActiveProfiles();
		putProfiles("spring.profiles.active",
				Arrays.asList((active.length > 0) ? active : environment.getDefaultProfiles()));
		// These would bring the launcher's profile back in.
		Binder binder = Binder.get(environment);
		binder.bind("spring.profiles.include", LIST).ifBound((included) -> {
			if (included.contains(LAUNCHER_PROFILE)) {
				putProfiles("spring.profiles.include", included);
			}
		});
		binder.bind("spring.profiles.group", GROUPS).ifBound((groups) -> groups.forEach((name, members) -> {
			if (members.contains(LAUNCHER_PROFILE)) {
				putProfiles("spring.profiles.group." + name, members);
			}
		}));
	}

	private void putProfiles(String property, List<String> profiles) {
		this.common.put(property,
				profiles.stream()
					.map((profile) -> profile.equals(LAUNCHER_PROFILE) ? WORKER_PROFILE : profile)
					.collect(Collectors.joining(",")));
	}

	private void listenOnLoopbackOnly() {
		this.common.putAll(ANY_LOOPBACK_PORT);
		// TLS ends at the dispatcher.
		this.common.put("server.ssl.enabled", "false");
	}

	/** TLS is as the application has it, and all else that is Tomcat's. */
	private void listenAt(InetSocketAddress sharedPort) {
		InetAddress address = sharedPort.getAddress();
		this.common.put("server.port", Integer.toString(sharedPort.getPort()));
		this.common.put("server.address", address.isAnyLocalAddress() ? "" : address.getHostAddress());
	}

	private void leaveTheActuatorToTheLauncher() {
		// The launcher answers for the cluster. Paths that are disguised from the
		// dispatcher must not find an actuator behind it.
		this.common.put("management.server.port", "-1");
	}

	private void stopGracefully(ClusterProperties.Worker settings) {
		this.common.put("server.shutdown", "graceful");
		this.common.put("spring.lifecycle.timeout-per-shutdown-phase", millis(settings.stopTimeout()));
	}

	private void keepConnectionsAlive(ClusterProperties.Dispatch settings) {
		String timeout = millis(settings.idleTimeout().plus(KEEP_ALIVE_MARGIN));
		this.common.put("server.tomcat.max-keep-alive-requests", "-1");
		this.common.put("server.tomcat.keep-alive-timeout", timeout);
		this.common.put("server.jetty.connection-idle-timeout", timeout);
	}

	private void trustTheLauncher(Environment environment) {
		// Without, the application would take the launcher for its client.
		if ("none".equalsIgnoreCase(environment.getProperty("server.forward-headers-strategy", "none"))) {
			this.common.put("server.forward-headers-strategy", "native");
		}
	}

	private void writeToTheLaunchersOutput(Environment environment) {
		putIfAbsent(environment, "spring.main.banner-mode", "off");
		if (isTerminal()) {
			putIfAbsent(environment, "spring.output.ansi.enabled", "always");
		}
	}

	private void trustWhatTheDispatcherTrusts(Environment environment, ClusterProperties.Dispatch settings) {
		putIfAbsent(environment, "server.tomcat.remoteip.internal-proxies", trustedHops(settings));
	}

	/**
	 * Those of whom a server behind the dispatcher believes what they say of clients.
	 * Tomcat's own default is all private networks: it would go on behind a client that
	 * has an address there, and believe what that one says of itself.
	 */
	static String trustedHops(ClusterProperties.Dispatch settings) {
		List<String> hops = new ArrayList<>(LOOPBACK);
		settings.trustedProxies().stream().map(String::trim).forEach(hops::add);
		return String.join(", ", hops);
	}

	private void putIfAbsent(Environment environment, String name, String value) {
		if (!environment.containsProperty(name)) {
			this.common.put(name, value);
		}
	}

	/** What {@code System.console()} alone told until Java 22. */
	private static boolean isTerminal() {
		Console console = System.console();
		if (console == null) {
			return false;
		}
		Method method = ReflectionUtils.findMethod(Console.class, "isTerminal");
		return method == null || Boolean.TRUE.equals(ReflectionUtils.invokeMethod(method, console));
	}

	private static @Nullable String logFile(Environment environment) {
		String name = environment.getProperty("logging.file.name");
		String path = environment.getProperty("logging.file.path");
		return (StringUtils.hasText(name) || !StringUtils.hasText(path)) ? name : path + "/spring.log";
	}

	/** Several processes cannot roll one log file: each gets its own. */
	private static String logFileOf(String logFile, int number) {
		int name = Math.max(logFile.lastIndexOf('/'), logFile.lastIndexOf('\\')) + 1;
		int extension = logFile.lastIndexOf('.');
		int end = (extension > name) ? extension : logFile.length();
		return logFile.substring(0, end) + "-worker-" + number + logFile.substring(end);
	}

	private static String millis(Duration duration) {
		return duration.toMillis() + "ms";
	}

}

package io.github.bootcluster.launcher;

import java.util.List;
import java.util.Map;

import io.github.bootcluster.ClusterProperties;

/** What of the launcher's environment its workers get, and what is added for them. */
final class WorkerEnvironment {

	/** Would act on every worker what was meant for the launcher's JVM. */
	private static final List<String> JVM_VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

	/**
	 * The launcher's own dealings with systemd: a worker that knows them, too, would
	 * speak for the whole service.
	 */
	private static final List<String> SERVICE_VARIABLES = List.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID",
			"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES");

	private WorkerEnvironment() {
	}

	/** Turn a copy of the launcher's environment into that of a worker. */
	static void prepare(Map<String, String> environment, ClusterProperties.Worker settings) {
		JVM_VARIABLES.forEach(environment::remove);
		SERVICE_VARIABLES.forEach(environment::remove);
		environment.putAll(settings.environment());
	}

}

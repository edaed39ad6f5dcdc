package io.github.bootcluster.launcher;

import java.util.HashMap;
import java.util.Map;

import io.github.bootcluster.ClusterProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class WorkerEnvironmentTests {

	private final MockEnvironment settings = new MockEnvironment();

	private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/bin"));

	@ParameterizedTest
	@ValueSource(strings = { "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS" })
	void whatTunesTheLaunchersJvmIsNotInherited(String name) {
		this.environment.put(name, "-Xmx64m");
		assertThat(prepared()).containsOnlyKeys("PATH");
	}

	@ParameterizedTest
	@ValueSource(strings = { "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS",
			"LISTEN_FDNAMES" })
	void whatTiesTheLauncherToItsServiceManagerIsNotInherited(String name) {
		this.environment.put(name, "1");
		assertThat(prepared()).containsOnlyKeys("PATH");
	}

	@Test
	void whatIsSetForTheWorkersIsTheirs() {
		this.environment.put("NOTIFY_SOCKET", "/run/systemd/notify");
		this.settings.setProperty("cluster.worker.environment.NOTIFY_SOCKET", "/run/other");
		assertThat(prepared()).containsEntry("NOTIFY_SOCKET", "/run/other").containsEntry("PATH", "/bin");
	}

	private Map<String, String> prepared() {
		ClusterProperties properties = Binder.get(this.settings).bindOrCreate("cluster", ClusterProperties.class);
		WorkerEnvironment.prepare(this.environment, properties.worker());
		return this.environment;
	}

}

package io.github.bootcluster.launcher;

import java.net.BindException;

import io.github.bootcluster.dispatch.DispatcherBindException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The advice is about what happened. */
class PortUnavailableExceptionTests {

	@Test
	void portThatIsTakenShallBeFreed() {
		LaunchException failure = failure(81, "Address already in use");
		assertThat(failure.getDescription()).contains("port 81").contains("Address already in use");
		assertThat(failure.getAction()).startsWith("Stop what listens there");
	}

	@Test
	void portOfTheSystemNeedsAPrivilege() {
		LaunchException failure = failure(81, "bind(..) failed with error(-13): Permission denied");
		assertThat(failure.getAction()).startsWith("Ports below 1024 need a privilege")
			.contains("CAP_NET_BIND_SERVICE", "server.port");
	}

	@Test
	void portThatIsForbiddenOtherwiseShallBeAnother() {
		LaunchException failure = failure(8081, "Permission denied");
		assertThat(failure.getAction()).contains("server.port").doesNotContain("CAP_NET_BIND_SERVICE", "Stop");
	}

	private static LaunchException failure(int port, String reason) {
		return new PortUnavailableException(new DispatcherBindException(null, port, new BindException(reason)));
	}

}

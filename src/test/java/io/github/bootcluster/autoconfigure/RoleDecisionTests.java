package io.github.bootcluster.autoconfigure;

import java.util.HashMap;
import java.util.Map;

import io.github.bootcluster.Role;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class RoleDecisionTests {

	private final MockEnvironment environment = new MockEnvironment();

	@ParameterizedTest
	@CsvSource({ ",, STANDALONE", "launcher,, LAUNCHER", "'prod,launcher',, LAUNCHER", "prod,, STANDALONE",
			", node server.js, LAUNCHER", "prod, node server.js, LAUNCHER", "standalone, node server.js, STANDALONE",
			"'standalone,launcher', node server.js, LAUNCHER", ", '', LAUNCHER" })
	void profilesAndCommandDecide(String profiles, String command, Role role) {
		if (profiles != null) {
			this.environment.setActiveProfiles(profiles.split(","));
		}
		if (command != null) {
			this.environment.setProperty("cluster.worker.command", command);
		}
		assertThat(RoleDecision.of(this.environment, Map.of())).isEqualTo(role);
	}

	@Test
	void commandMayBeAList() {
		this.environment.setProperty("cluster.worker.command[0]", "node");
		this.environment.setProperty("cluster.worker.command[1]", "server.js");
		assertThat(RoleDecision.of(this.environment, Map.of())).isEqualTo(Role.LAUNCHER);
	}

	@Test
	void programOfALauncherIsNeverALauncherItself() {
		Map<String, String> systemEnvironment = new HashMap<>();
		ControlAddress.mark(systemEnvironment, WorkerId.of(3));
		this.environment.setActiveProfiles("launcher");
		this.environment.setProperty("cluster.worker.command", "java -jar app.jar");
		assertThat(RoleDecision.of(this.environment, systemEnvironment)).isEqualTo(Role.STANDALONE);
	}

}

package io.github.bootcluster.autoconfigure;

import java.util.List;
import java.util.Map;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.Role;
import io.github.bootcluster.control.ControlAddress;
import io.github.bootcluster.worker.WorkerAgent;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/**
 * What a process is in its cluster, decided once its configuration is known:
 * <ol>
 * <li>started by a launcher: a worker if it joined, else, being the program of
 * {@code cluster.worker.command}, an ordinary process. Never a launcher again, though the
 * environment, its working directory and so its configuration may be the launcher's;</li>
 * <li>profile {@code launcher}, or {@code cluster.worker.command} without the profile
 * {@code standalone}: a launcher;</li>
 * <li>else an ordinary process.</li>
 * </ol>
 */
final class RoleDecision {

	private static final Profiles LAUNCHER = Profiles.of("launcher");

	private static final Profiles STANDALONE = Profiles.of("standalone");

	private RoleDecision() {
	}

	static Role of(Environment environment, Map<String, String> systemEnvironment) {
		if (WorkerAgent.current().isPresent()) {
			return Role.WORKER;
		}
		if (ControlAddress.isWorker(systemEnvironment)) {
			return Role.STANDALONE;
		}
		if (environment.acceptsProfiles(LAUNCHER)) {
			return Role.LAUNCHER;
		}
		return (hasCommand(environment) && !environment.acceptsProfiles(STANDALONE)) ? Role.LAUNCHER : Role.STANDALONE;
	}

	/** Also an empty one, which the launcher then refuses. */
	private static boolean hasCommand(Environment environment) {
		return Binder.get(environment).bind(ClusterProperties.Worker.COMMAND, Bindable.listOf(String.class)).isBound();
	}

}

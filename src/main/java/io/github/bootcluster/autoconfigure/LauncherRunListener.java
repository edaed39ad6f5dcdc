package io.github.bootcluster.autoconfigure;

import java.util.List;

import io.github.bootcluster.launcher.Launcher;
import io.github.bootcluster.worker.WorkerAgent;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Profiles;

/**
 * Makes the process a launcher if the profile {@code launcher} is active and no launcher
 * started it. At this moment the configuration is known and no bean exists: the
 * application's context is never created, and its {@code run} never returns.
 */
class LauncherRunListener implements SpringApplicationRunListener {

	private static final Profiles LAUNCHER = Profiles.of("launcher");

	private final String[] arguments;

	LauncherRunListener(SpringApplication application, String[] arguments) {
		this.arguments = arguments;
	}

	@Override
	public void environmentPrepared(ConfigurableBootstrapContext bootstrapContext,
			ConfigurableEnvironment environment) {
		if (WorkerAgent.current().isEmpty() && environment.acceptsProfiles(LAUNCHER)) {
			Launcher.run(environment, List.of(this.arguments), LauncherConfiguration.class);
		}
	}

}

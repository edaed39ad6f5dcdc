package io.github.bootcluster.autoconfigure;

import java.util.List;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.Role;
import io.github.bootcluster.ctl.ClusterCtl;
import io.github.bootcluster.launcher.Launcher;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Makes the process a launcher if that is its {@link RoleDecision role}. At this moment
 * the configuration is known and no bean exists: the application's context is never
 * created, and its {@code run} never returns. Neither does it in a process that only
 * commands a launcher.
 */
class LauncherRunListener implements SpringApplicationRunListener {

	private final String[] arguments;

	LauncherRunListener(SpringApplication application, String[] arguments) {
		this.arguments = arguments;
		ClusterCtl.answerLate(arguments);
	}

	@Override
	public void environmentPrepared(ConfigurableBootstrapContext bootstrapContext,
			ConfigurableEnvironment environment) {
		if (ClusterCtl.isUnanswered()) {
			ClusterCtl.answerFor(
					Binder.get(environment).bind(ClusterProperties.HOME, Bindable.of(String.class)).orElse(null));
		}
		if (RoleDecision.of(environment, System.getenv()) == Role.LAUNCHER) {
			Launcher.run(environment, List.of(this.arguments), LauncherConfiguration.class);
		}
	}

}

package io.github.bootcluster.autoconfigure;

import java.util.Map;

import io.github.bootcluster.worker.WorkerAgent;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Makes the process a worker if a launcher started it: joins the launcher and lets its
 * properties outrank all others. Early enough for them to choose the profiles whose
 * configuration is loaded.
 */
class WorkerEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	static final String PROPERTY_SOURCE = "clusterWorker";

	@Override
	public int getOrder() {
		return ConfigDataEnvironmentPostProcessor.ORDER - 1;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		WorkerAgent.join(System.getenv())
			.ifPresent((agent) -> environment.getPropertySources()
				.addFirst(new MapPropertySource(PROPERTY_SOURCE, Map.copyOf(agent.properties()))));
	}

}

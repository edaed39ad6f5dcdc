package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.worker.WorkerAgent;

import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Tells a worker when its application has set logging up, which Boot's own listener does
 * before this one is asked: levels that were chosen while the cluster runs come on top.
 */
class WorkerRunListener implements SpringApplicationRunListener {

	@Override
	public void environmentPrepared(ConfigurableBootstrapContext bootstrapContext,
			ConfigurableEnvironment environment) {
		WorkerAgent.current().ifPresent(WorkerAgent::loggingIsReady);
	}

}

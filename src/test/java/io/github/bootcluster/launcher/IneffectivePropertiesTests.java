package io.github.bootcluster.launcher;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class IneffectivePropertiesTests {

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void nothingIsFoundWhereNothingIsSet() {
		this.environment.setProperty("cluster.worker.max-lifetime", "1h");
		this.environment.setProperty("cluster.workers", "2");
		assertThat(IneffectiveProperties.find(this.environment)).isEmpty();
	}

	@Test
	void whatIsAboutADispatcherIsFoundHoweverItIsWritten() {
		this.environment.setProperty("cluster.worker.max-requests", "1000");
		this.environment.setProperty("cluster.dispatch.slowStart", "0s");
		this.environment.setProperty("cluster.dispatch.access-log.enabled", "true");
		this.environment.setProperty("cluster.dispatch.trusted-proxies[0]", "10.0.0.1");
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
					Map.of("CLUSTER_DISPATCH_IDLETIMEOUT", "5s")));
		assertThat(IneffectiveProperties.find(this.environment)).containsExactly("cluster.worker.max-requests",
				"cluster.dispatch.slow-start", "cluster.dispatch.idle-timeout", "cluster.dispatch.trusted-proxies",
				"cluster.dispatch.access-log.enabled");
	}

}

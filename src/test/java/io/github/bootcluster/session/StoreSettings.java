package io.github.bootcluster.session;

import java.time.Duration;

import io.github.bootcluster.ClusterProperties;

/** What the launcher is told of sessions, in tests. */
final class StoreSettings {

	/** As without any word of the operator's. */
	static final ClusterProperties.Sessions DEFAULTS = withPatience(Duration.ZERO);

	private StoreSettings() {
	}

	static ClusterProperties.Sessions withPatience(Duration startTimeout) {
		return new ClusterProperties.Sessions(Duration.ofSeconds(30), 20, Duration.ofSeconds(3), startTimeout);
	}

}

package io.github.bootcluster.actuate;

import io.github.bootcluster.SessionStoreHealth;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * UP, or UNAVAILABLE: a status of its own, that leaves the cluster's as it is. Requests
 * without a session are answered, and a balancer would gain nothing by leaving a host out
 * whose database is that of all others, too.
 *
 * @since 0.1.0
 */
public class SessionStoreHealthIndicator extends AbstractHealthIndicator {

	/** The status of a store that cannot be used. */
	public static final Status UNAVAILABLE = new Status("UNAVAILABLE");

	private final SessionStoreHealth store;

	public SessionStoreHealthIndicator(SessionStoreHealth store) {
		super("The state of the session store could not be read");
		this.store = store;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		String trouble = this.store.trouble();
		builder.status((trouble != null) ? UNAVAILABLE : Status.UP).withDetail("type", this.store.type());
		if (trouble != null) {
			builder.withDetail("trouble", trouble);
		}
	}

}

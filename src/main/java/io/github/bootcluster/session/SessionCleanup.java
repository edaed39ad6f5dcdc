package io.github.bootcluster.session;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.github.bootcluster.leader.Leadership;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.support.CronTrigger;

/**
 * Removes the sessions that expired, in the cluster's leader alone: Spring Session itself
 * would do it in every worker at the same second. Every worker keeps the schedule, on a
 * thread of its own.
 */
public final class SessionCleanup implements SmartLifecycle {

	/** Time a removal under way has when the application closes. */
	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

	private static final Logger logger = LoggerFactory.getLogger(SessionCleanup.class);

	private final Supplier<List<Removal>> removals;

	private final String cron;

	private final Leadership leadership;

	/** Confined to the thread that starts and stops the context. */
	private @Nullable ThreadPoolTaskScheduler scheduler;

	/**
	 * Written by the thread that starts and stops the context, read by the scheduler's.
	 */
	private volatile boolean stopping;

	/** Confined to the scheduler's thread. */
	private boolean failing;

	/**
	 * Create the clean-up.
	 * @param removals remove what has expired from one store each; asked for when the
	 * context starts
	 * @param cron when, as for {@link Scheduled#cron()}; {@code -} for never
	 * @param leadership who does it
	 */
	public SessionCleanup(Supplier<List<Removal>> removals, String cron, Leadership leadership) {
		this.removals = removals;
		this.cron = cron;
		this.leadership = leadership;
	}

	@Override
	public void start() {
		List<Removal> stores = this.removals.get();
		if (stores.isEmpty() || Scheduled.CRON_DISABLED.equals(this.cron)) {
			return;
		}
		this.stopping = false;
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setThreadNamePrefix("cluster-session-cleanup-");
		scheduler.setDaemon(true);
		scheduler.setWaitForTasksToCompleteOnShutdown(true);
		scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
		scheduler.setAwaitTerminationMillis(STOP_TIMEOUT.toMillis());
		scheduler.initialize();
		scheduler.schedule(() -> stores.forEach(this::clean), new CronTrigger(this.cron));
		this.scheduler = scheduler;
	}

	/** Leads only as long as it takes to remove some: another one may want to. */
	void clean(Removal removal) {
		AtomicBoolean more = new AtomicBoolean(true);
		try {
			while (more.get() && !this.stopping) {
				if (!this.leadership.run(() -> more.set(removal.removeSome()))) {
					return;
				}
			}
			if (this.failing) {
				this.failing = false;
				logger.info("Expired sessions are removed again");
			}
		}
		catch (RuntimeException ex) {
			if (!this.failing) {
				this.failing = true;
				logger.warn("Expired sessions could not be removed; trying again as scheduled ({}): {}", this.cron,
						ex.toString());
			}
		}
	}

	@Override
	public void stop() {
		this.stopping = true;
		if (this.scheduler != null) {
			this.scheduler.destroy();
			this.scheduler = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.scheduler != null;
	}

}

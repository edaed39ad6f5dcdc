package io.github.bootcluster.session;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One daemon thread that cleans once a minute, the first time after a minute. */
class CleanupSchedule implements AutoCloseable {

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

	private final ScheduledExecutorService executor;

	CleanupSchedule(Runnable cleanup) {
		this.executor = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "cluster-session-cleanup");
			thread.setDaemon(true);
			return thread;
		});
		this.executor.scheduleWithFixedDelay(cleanup, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Clean no more. Waits a moment for a removal under way but does not interrupt it: an
	 * interrupt in the middle of its I/O would break the embedded database.
	 */
	@Override
	public void close() {
		this.executor.shutdown();
		try {
			this.executor.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}

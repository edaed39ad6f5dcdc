package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.WorkerSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the supervisor what the workers use up, as often as it takes to end none of them
 * much too late. Does nothing where no limit is set.
 */
final class UsageMeter implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(UsageMeter.class);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private final Supplier<ClusterSnapshot> cluster;

	private final Consumer<Fact> facts;

	private final boolean readsMemory;

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "cluster-usage");
		thread.setDaemon(true);
		return thread;
	});

	private UsageMeter(Supplier<ClusterSnapshot> cluster, Consumer<Fact> facts, boolean readsMemory) {
		this.cluster = cluster;
		this.facts = facts;
		this.readsMemory = readsMemory;
	}

	/**
	 * Begin to measure.
	 * @param cluster gives the cluster with the counts of its traffic
	 */
	static UsageMeter start(ClusterProperties.Worker settings, Supplier<ClusterSnapshot> cluster,
			Consumer<Fact> facts) {
		boolean limitsMemory = settings.maxMemory().toBytes() > 0;
		if (limitsMemory && !ResidentMemory.isSupported()) {
			logger.warn("Property 'cluster.worker.max-memory' has no effect: "
					+ "this system does not tell how much memory a process takes");
		}
		UsageMeter meter = new UsageMeter(cluster, facts, limitsMemory && ResidentMemory.isSupported());
		if (meter.readsMemory || settings.maxRequests() > 0) {
			meter.timer.scheduleWithFixedDelay(meter::measure, INTERVAL.toMillis(), INTERVAL.toMillis(),
					TimeUnit.MILLISECONDS);
		}
		return meter;
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
	}

	private void measure() {
		try {
			this.cluster.get().workers().stream().filter((worker) -> worker.state().isAlive()).forEach(this::measure);
		}
		catch (RuntimeException ex) {
			// One that escapes would be the last.
			logger.error("What the workers use up could not be measured", ex);
		}
	}

	private void measure(WorkerSnapshot worker) {
		long memory = (this.readsMemory && worker.pid() != null) ? ResidentMemory.bytesOf(worker.pid()).orElse(0) : 0;
		this.facts.accept(new Fact.Measured(worker.id(), worker.requests(), memory));
	}

}

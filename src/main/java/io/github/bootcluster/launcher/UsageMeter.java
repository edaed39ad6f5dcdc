package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.WorkerSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures once a second what the workers use: for whoever looks at them, and where there
 * are limits for the supervisor, which ends none much too late then.
 */
final class UsageMeter implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(UsageMeter.class);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private final Supplier<ClusterSnapshot> cluster;

	private final Vitals vitals;

	private final Consumer<Fact> facts;

	private final boolean limited;

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "cluster-usage");
		thread.setDaemon(true);
		return thread;
	});

	private UsageMeter(Supplier<ClusterSnapshot> cluster, Vitals vitals, Consumer<Fact> facts, boolean limited) {
		this.cluster = cluster;
		this.vitals = vitals;
		this.facts = facts;
		this.limited = limited;
	}

	/**
	 * Begin to measure.
	 * @param cluster gives the cluster with the counts of its traffic
	 * @param vitals is told what was found
	 * @param facts takes it, too, if a worker may have too much of it
	 */
	static UsageMeter start(ClusterProperties.Worker settings, Supplier<ClusterSnapshot> cluster, Vitals vitals,
			Consumer<Fact> facts) {
		boolean limitsMemory = settings.maxMemory().toBytes() > 0;
		if (limitsMemory && !ResidentMemory.isSupported()) {
			logger.warn("Property 'cluster.worker.max-memory' has no effect: "
					+ "this system does not tell how much memory a process takes");
		}
		UsageMeter meter = new UsageMeter(cluster, vitals, facts, limitsMemory || settings.maxRequests() > 0);
		meter.timer.scheduleWithFixedDelay(meter::measure, INTERVAL.toMillis(), INTERVAL.toMillis(),
				TimeUnit.MILLISECONDS);
		return meter;
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
	}

	private void measure() {
		try {
			List<WorkerSnapshot> workers = this.cluster.get()
				.workers()
				.stream()
				.filter((worker) -> worker.state().isAlive())
				.toList();
			workers.forEach(this::measure);
			this.vitals.retain(workers.stream().map(WorkerSnapshot::id).collect(Collectors.toSet()));
		}
		catch (RuntimeException ex) {
			// One that escapes would be the last.
			logger.error("What the workers use up could not be measured", ex);
		}
	}

	private void measure(WorkerSnapshot worker) {
		Long pid = worker.pid();
		OptionalLong memory = (pid != null) ? ResidentMemory.bytesOf(pid) : OptionalLong.empty();
		Duration processorTime = (pid != null)
				? ProcessHandle.of(pid).flatMap((process) -> process.info().totalCpuDuration()).orElse(null) : null;
		this.vitals.measured(worker.id(), System.nanoTime(), processorTime,
				memory.isPresent() ? memory.getAsLong() : null);
		if (this.limited) {
			this.facts.accept(new Fact.Measured(worker.id(), worker.requests(), memory.orElse(0)));
		}
	}

}

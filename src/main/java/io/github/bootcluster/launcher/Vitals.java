package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.control.JvmUsage;
import org.jspecify.annotations.Nullable;

/**
 * What the processes of the workers use: what the system says of each, and what those
 * that are JVMs say of themselves.
 */
final class Vitals {

	/** Owned by the thread that measures. */
	private final Map<WorkerId, ProcessorGauge> gauges = new HashMap<>();

	/** Written by the thread that measures, read by any. */
	private final Map<WorkerId, ProcessUsage> processes = new ConcurrentHashMap<>();

	/** Written by the threads that listen to workers, read by any. */
	private final Map<WorkerId, JvmUsage> jvms = new ConcurrentHashMap<>();

	/**
	 * The system was asked about the process of a worker. Called by the thread that
	 * measures.
	 * @param nanoTime when
	 * @param processorTime what it had used by then, or {@code null} if not known
	 * @param residentBytes memory it occupies, or {@code null} if not known
	 */
	void measured(WorkerId worker, long nanoTime, @Nullable Duration processorTime, @Nullable Long residentBytes) {
		Double cpu = (processorTime != null)
				? this.gauges.computeIfAbsent(worker, (id) -> new ProcessorGauge()).read(nanoTime, processorTime)
				: null;
		this.processes.put(worker, new ProcessUsage(cpu, residentBytes));
	}

	/** A JVM told of itself. */
	void told(WorkerId worker, JvmUsage usage) {
		this.jvms.put(worker, usage);
	}

	/** Only these live. Called by the thread that measures. */
	void retain(Set<WorkerId> workers) {
		this.gauges.keySet().retainAll(workers);
		this.processes.keySet().retainAll(workers);
		this.jvms.keySet().retainAll(workers);
	}

	/** Empty if nothing is known of it. */
	Optional<WorkerVitals> of(WorkerId worker) {
		ProcessUsage process = this.processes.get(worker);
		JvmUsage jvm = this.jvms.get(worker);
		if (process == null && jvm == null) {
			return Optional.empty();
		}
		ProcessUsage known = (process != null) ? process : ProcessUsage.UNKNOWN;
		return Optional.of((jvm != null) ? jvm.vitals(known.cpu(), known.residentBytes())
				: new WorkerVitals(known.cpu(), known.residentBytes(), null, null, null, null, null));
	}

	private record ProcessUsage(@Nullable Double cpu, @Nullable Long residentBytes) {

		private static final ProcessUsage UNKNOWN = new ProcessUsage(null, null);

	}

}

package io.github.bootcluster.control;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;

import io.github.bootcluster.WorkerVitals;
import org.jspecify.annotations.Nullable;

/**
 * What a JVM uses.
 *
 * @param heapUsed bytes of its heap that are in use
 * @param heapMax most bytes its heap can have, or {@code null} if there is no limit
 * @param gcCount collections of garbage so far
 * @param gcMillis time they took so far, in milliseconds
 * @param threads live threads
 */
public record JvmUsage(long heapUsed, @Nullable Long heapMax, long gcCount, long gcMillis, int threads) {

	/** That of this JVM, now. */
	public static JvmUsage ofThisProcess() {
		MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
		List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
		// Both are -1 where a collector does not know.
		long count = collectors.stream().mapToLong((collector) -> Math.max(0, collector.getCollectionCount())).sum();
		long millis = collectors.stream().mapToLong((collector) -> Math.max(0, collector.getCollectionTime())).sum();
		return new JvmUsage(heap.getUsed(), (heap.getMax() >= 0) ? heap.getMax() : null, count, millis,
				ManagementFactory.getThreadMXBean().getThreadCount());
	}

	/** With what the system says of the process. */
	public WorkerVitals vitals(@Nullable Double cpu, @Nullable Long residentBytes) {
		return new WorkerVitals(cpu, residentBytes, this.heapUsed, this.heapMax, this.gcCount, this.gcMillis / 1000.0,
				this.threads);
	}

}

package io.github.bootcluster.worker;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import com.sun.management.OperatingSystemMXBean;
import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.TrafficRates;
import io.github.bootcluster.TrafficRates.Rates;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.control.JvmUsage;
import org.jspecify.annotations.Nullable;

/** Of a cluster of one: what its JVM knows of itself. Nobody counts its requests. */
public final class StandaloneTelemetry implements ClusterTelemetry {

	private final Cluster cluster;

	public StandaloneTelemetry(Cluster cluster) {
		this.cluster = cluster;
	}

	@Override
	public TrafficRates traffic() {
		return new TrafficRates(Duration.ZERO, Rates.NONE, Map.of());
	}

	@Override
	public Optional<WorkerVitals> vitals(WorkerId id) {
		return this.cluster.workerId().filter(id::equals).map((self) -> JvmUsage.ofThisProcess().vitals(cpu(), null));
	}

	/** Since it was last asked, as the JVM reckons. */
	private static @Nullable Double cpu() {
		try {
			OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
			double share = system.getProcessCpuLoad();
			return (share >= 0) ? share * system.getAvailableProcessors() : null;
		}
		catch (IllegalArgumentException | LinkageError ex) {
			// A JVM without the module jdk.management: it does not say.
			return null;
		}
	}

}

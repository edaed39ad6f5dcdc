package io.github.bootcluster.launcher;

import java.util.Optional;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.TrafficRates;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerVitals;

/** Traffic as the public port counts it, and what the workers use. */
final class LauncherTelemetry implements ClusterTelemetry {

	private final Supplier<TrafficRates> traffic;

	private final Vitals vitals;

	LauncherTelemetry(Supplier<TrafficRates> traffic, Vitals vitals) {
		this.traffic = traffic;
		this.vitals = vitals;
	}

	@Override
	public TrafficRates traffic() {
		return this.traffic.get();
	}

	@Override
	public Optional<WorkerVitals> vitals(WorkerId id) {
		return this.vitals.of(id);
	}

}

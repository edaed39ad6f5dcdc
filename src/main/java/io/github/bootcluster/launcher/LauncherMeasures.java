package io.github.bootcluster.launcher;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterMeasures;
import io.github.bootcluster.LifeReport;
import io.github.bootcluster.MetricFamily;
import io.github.bootcluster.TrafficReport;
import io.github.bootcluster.WorkerId;

/** What a launcher counts itself, and what its workers tell it. */
final class LauncherMeasures implements ClusterMeasures {

	private final Supplier<TrafficReport> traffic;

	private final LifeCounts life;

	private final MeterCalls meters;

	LauncherMeasures(Supplier<TrafficReport> traffic, LifeCounts life, MeterCalls meters) {
		this.traffic = traffic;
		this.life = life;
		this.meters = meters;
	}

	@Override
	public TrafficReport traffic() {
		return this.traffic.get();
	}

	@Override
	public LifeReport life() {
		return this.life.report();
	}

	@Override
	public Map<WorkerId, List<MetricFamily>> workers() {
		return this.meters.ask();
	}

}

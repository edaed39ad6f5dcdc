package io.github.bootcluster.metrics;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.zaxxer.hikari.metrics.PoolStats;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.github.bootcluster.ExitInfo.Cause;
import io.github.bootcluster.LatencyHistogram;
import io.github.bootcluster.LifeReport;
import io.github.bootcluster.MetricFamily;
import io.github.bootcluster.TrafficReport;
import io.github.bootcluster.TrafficReport.Ending;
import io.github.bootcluster.TrafficReport.Kind;
import io.github.bootcluster.TrafficReport.MethodClass;
import io.github.bootcluster.TrafficReport.Rejection;
import io.github.bootcluster.TrafficReport.RetryPhase;
import io.github.bootcluster.TrafficReport.Served;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.metrics.PrometheusEndpointTests.FakeCluster;
import io.github.bootcluster.metrics.PrometheusEndpointTests.FakeMeasures;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import static org.awaitility.Awaitility.await;

/**
 * A scrape of a cluster in which everything has happened that is counted, and whose
 * worker has the meters that Spring Boot gives it.
 */
final class FullScrape {

	private FullScrape() {
	}

	static String text() {
		FakeMeasures measures = new FakeMeasures();
		Served served = served();
		measures.traffic = new TrafficReport(
				Map.of("1", served, TrafficReport.LAUNCHER, served, TrafficReport.NOBODY, served), 1,
				LatencyHistogram.EMPTY, each(Rejection.class), each(RetryPhase.class), Map.of(400, 1L));
		measures.life = new LifeReport(Map.of(1, 1L), Map.of(1, each(Cause.class)), 1, 1);
		measures.answers = Map.of(WorkerId.of(1), metersOfWorker());
		return new PrometheusEndpoint(
				new FakeCluster(MeterBookTests.cluster(MeterBookTests.worker(1, 1, WorkerState.READY))), measures,
				new PrometheusEndpointTests.FakeTelemetry())
			.scrape(null);
	}

	private static Served served() {
		Map<Kind, Long> kinds = Stream.of(MethodClass.values())
			.flatMap((method) -> Stream.of(Ending.values()).map((ending) -> new Kind(method, ending)))
			.collect(Collectors.toMap(Function.identity(), (kind) -> 1L));
		return new Served(kinds, LatencyHistogram.EMPTY, LatencyHistogram.EMPTY, 1, 1);
	}

	private static <E extends Enum<E>> Map<E, Long> each(Class<E> type) {
		return Arrays.stream(type.getEnumConstants()).collect(Collectors.toMap(Function.identity(), (value) -> 1L));
	}

	private static List<MetricFamily> metersOfWorker() {
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		try (JvmGcMetrics collector = new JvmGcMetrics()) {
			collector.bindTo(registry);
			new JvmMemoryMetrics().bindTo(registry);
			new ProcessorMetrics().bindTo(registry);
			new MicrometerMetricsTrackerFactory(registry).create("pool", new NoConnections());
			// There is no pause among the meters before the first.
			System.gc();
			await().until(() -> registry.find("jvm.gc.pause").timer() != null);
			return new RegistryReader(registry.getPrometheusRegistry(), Collections.singleton(registry)).get();
		}
	}

	/** The samples of a text: by name, the labels of each with their values. */
	static Map<String, List<Map<String, String>>> read(String text) {
		return text.lines()
			.filter((line) -> !line.startsWith("#"))
			.collect(Collectors.groupingBy((line) -> line.split("[{ ]", 2)[0], LinkedHashMap::new,
					Collectors.mapping(FullScrape::labels, Collectors.toList())));
	}

	private static Map<String, String> labels(String line) {
		Map<String, String> labels = new LinkedHashMap<>();
		Query.LABEL.matcher(line.substring(0, line.lastIndexOf(' ')))
			.results()
			.forEach((label) -> labels.put(label.group(1), label.group(3)));
		return labels;
	}

	private static final class NoConnections extends PoolStats {

		NoConnections() {
			super(1);
		}

		@Override
		protected void update() {
			// All are 0.
		}

	}

}

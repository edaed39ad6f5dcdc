package io.github.bootcluster.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.github.bootcluster.MetricFamily;
import io.github.bootcluster.MetricFamily.Sample;
import io.github.bootcluster.MetricFamily.Type;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;

/**
 * Reads the meters of a worker out of its registry: those of Micrometer, and whatever
 * else is registered there. Exemplars and native histograms have no place in the text
 * format and are left out.
 *
 * @since 0.1.0
 */
public final class RegistryReader implements Supplier<List<MetricFamily>> {

	private static final String COUNT = "_count";

	private static final String SUM = "_sum";

	private static final String TOTAL = "_total";

	private final PrometheusRegistry registry;

	private final Iterable<MeterRegistry> meters;

	/**
	 * Create one.
	 * @param registry what is read
	 * @param meters tell of what is in there which of it are timers of tasks that go on
	 */
	public RegistryReader(PrometheusRegistry registry, Iterable<MeterRegistry> meters) {
		this.registry = registry;
		this.meters = meters;
	}

	@Override
	public List<MetricFamily> get() {
		Set<String> ongoing = ongoing();
		List<MetricFamily> families = new ArrayList<>();
		for (MetricSnapshot snapshot : this.registry.scrape()) {
			MetricFamily family = familyOf(snapshot);
			if (ongoing.contains(family.name())) {
				families.addAll(gaugesOf(family));
			}
			else {
				families.add(family);
			}
		}
		return families;
	}

	/** Names of what the registry takes for summaries or histograms. */
	private Set<String> ongoing() {
		Set<String> names = new HashSet<>();
		for (MeterRegistry registry : this.meters) {
			for (Meter meter : registry.getMeters()) {
				if (meter instanceof LongTaskTimer) {
					names.add(meter.getId().getConventionName(registry.config().namingConvention()));
				}
			}
		}
		return names;
	}

	/**
	 * Tasks that go on become fewer again, and so does what they have taken: a counter
	 * that the launcher kept from stepping back would grow for ever.
	 */
	private static List<MetricFamily> gaugesOf(MetricFamily family) {
		Map<String, List<Sample>> samples = new LinkedHashMap<>();
		family.samples()
			.forEach((sample) -> samples.computeIfAbsent(sample.suffix(), (suffix) -> new ArrayList<>())
				.add(new Sample("", sample.labels(), sample.value())));
		List<MetricFamily> gauges = new ArrayList<>();
		samples.forEach((suffix, some) -> gauges
			.add(new MetricFamily(family.name() + suffix, Type.GAUGE, family.help(), some)));
		return gauges;
	}

	private static MetricFamily familyOf(MetricSnapshot snapshot) {
		String name = snapshot.getMetadata().getPrometheusName();
		List<Sample> samples = new ArrayList<>();
		Type type = Type.UNTYPED;
		if (snapshot instanceof CounterSnapshot counter) {
			type = Type.COUNTER;
			name += TOTAL;
			counter.getDataPoints().forEach((point) -> samples.add(sample("", point, point.getValue())));
		}
		else if (snapshot instanceof GaugeSnapshot gauge) {
			type = Type.GAUGE;
			gauge.getDataPoints().forEach((point) -> samples.add(sample("", point, point.getValue())));
		}
		else if (snapshot instanceof HistogramSnapshot histogram) {
			type = Type.HISTOGRAM;
			histogram.getDataPoints().forEach((point) -> addHistogram(point, samples));
		}
		else if (snapshot instanceof SummarySnapshot summary) {
			type = Type.SUMMARY;
			summary.getDataPoints().forEach((point) -> addSummary(point, samples));
		}
		else if (snapshot instanceof InfoSnapshot info) {
			type = Type.GAUGE;
			name += "_info";
			info.getDataPoints().forEach((point) -> samples.add(sample("", point, 1)));
		}
		else if (snapshot instanceof StateSetSnapshot states) {
			type = Type.GAUGE;
			String label = name;
			states.getDataPoints()
				.forEach((point) -> point.forEach((state) -> samples
					.add(new Sample("", labels(point.getLabels(), label, state.getName()), state.isTrue() ? 1 : 0))));
		}
		else if (snapshot instanceof UnknownSnapshot unknown) {
			unknown.getDataPoints().forEach((point) -> samples.add(sample("", point, point.getValue())));
		}
		String help = snapshot.getMetadata().getHelp();
		return new MetricFamily(name, type, (help != null) ? help : "", samples);
	}

	private static void addHistogram(HistogramSnapshot.HistogramDataPointSnapshot point, List<Sample> samples) {
		if (point.hasClassicHistogramData()) {
			ClassicHistogramBuckets buckets = point.getClassicBuckets();
			long below = 0;
			for (int i = 0; i < buckets.size(); i++) {
				below += buckets.getCount(i);
				samples.add(new Sample("_bucket",
						labels(point.getLabels(), "le", TextFormat.number(buckets.getUpperBound(i))), below));
			}
		}
		addTotals(point.hasCount() ? point.getCount() : 0, point.hasSum() ? point.getSum() : 0, point, samples);
	}

	private static void addSummary(SummarySnapshot.SummaryDataPointSnapshot point, List<Sample> samples) {
		for (Quantile quantile : point.getQuantiles()) {
			samples.add(new Sample("", labels(point.getLabels(), "quantile", TextFormat.number(quantile.getQuantile())),
					quantile.getValue()));
		}
		addTotals(point.hasCount() ? point.getCount() : 0, point.hasSum() ? point.getSum() : 0, point, samples);
	}

	private static void addTotals(long count, double sum, DataPointSnapshot point, List<Sample> samples) {
		samples.add(sample(COUNT, point, count));
		samples.add(sample(SUM, point, sum));
	}

	private static Sample sample(String suffix, DataPointSnapshot point, double value) {
		return new Sample(suffix, TextFormat.labels(labelsOf(point.getLabels())), value);
	}

	private static String labels(Labels labels, String name, String value) {
		Map<String, String> all = labelsOf(labels);
		all.put(name, value);
		return TextFormat.labels(all);
	}

	/**
	 * What the launcher says goes first: a label of the application's that is called the
	 * same is renamed, as Prometheus does with such ones.
	 */
	private static Map<String, String> labelsOf(Labels labels) {
		Map<String, String> map = new LinkedHashMap<>();
		for (int i = 0; i < labels.size(); i++) {
			String name = labels.getPrometheusName(i);
			map.put(name.equals(MeterBook.WORKER) ? "exported_" + name : name, labels.getValue(i));
		}
		return map;
	}

}

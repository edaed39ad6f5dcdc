package io.github.bootcluster.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.MetricFamily;
import io.github.bootcluster.MetricFamily.Sample;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.metrics.SeriesValues.Series;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the workers told of their meters, by slot. What only grows goes on growing from
 * one worker of a slot to the next, and stays when a slot is gone or its worker does not
 * answer; all else is told of those that answered just now. Used by one thread at a time.
 */
final class MeterBook {

	private static final Logger logger = LoggerFactory.getLogger(MeterBook.class);

	/** Label that names the slot. */
	static final String WORKER = "worker";

	private final Map<Integer, Page> pages = new TreeMap<>();

	/** What families are, as the latest answer that had them says; samples left out. */
	private final Map<String, MetricFamily> kinds = new LinkedHashMap<>();

	/**
	 * Write down what was told.
	 * @param cluster the cluster then
	 * @param answers what those who answered told, some of which may be gone by now
	 */
	void update(ClusterSnapshot cluster, Map<WorkerId, List<MetricFamily>> answers) {
		Set<WorkerId> present = new HashSet<>();
		this.pages.values().forEach(Page::turn);
		cluster.workers().stream().sorted(Comparator.comparing(MeterBook::rank)).forEach((worker) -> {
			if (!worker.state().isAlive()) {
				return;
			}
			present.add(worker.id());
			List<MetricFamily> answer = answers.get(worker.id());
			if (worker.slot() != WorkerSnapshot.NO_SLOT && answer != null) {
				answer.forEach(this::note);
				this.pages.computeIfAbsent(worker.slot(), (added) -> new Page()).write(worker.id(), answer);
			}
		});
		answers.forEach((worker, answer) -> {
			if (!present.contains(worker)) {
				this.pages.values().forEach((page) -> page.writeLast(worker, answer));
			}
		});
		this.pages.values().forEach((page) -> page.closeAllBut(present));
	}

	private void note(MetricFamily family) {
		if (this.kinds.size() < SeriesValues.CAPACITY || this.kinds.containsKey(family.name())) {
			this.kinds.put(family.name(), new MetricFamily(family.name(), family.type(), family.help(), List.of()));
		}
	}

	/** Of two workers of a slot the one that serves, or came later, has the last word. */
	private static long rank(WorkerSnapshot worker) {
		return (worker.isRoutable() ? 1L << 62 : 0) + worker.id().value();
	}

	/** All of it, each sample with the slot it belongs to. */
	List<MetricFamily> bySlot() {
		return read((family, samples) -> {
			this.pages.forEach((slot, page) -> {
				page.cumulative(family.name()).forEach((series, value) -> samples.add(sample(series, slot, value)));
				page.momentary(family.name()).forEach((series, value) -> samples.add(sample(series, slot, value)));
			});
		});
	}

	/** The sums over all slots of what can be summed up, and the rest by slot. */
	List<MetricFamily> merged() {
		return read((family, samples) -> {
			Map<Series, Double> sums = new LinkedHashMap<>();
			this.pages.values()
				.forEach((page) -> page.cumulative(family.name())
					.forEach((series, value) -> sums.merge(series, value, Double::sum)));
			sums.forEach((series, value) -> samples.add(sample(series, null, value)));
			this.pages.forEach((slot, page) -> page.momentary(family.name())
				.forEach((series, value) -> samples.add(sample(series, slot, value))));
		});
	}

	private List<MetricFamily> read(Reading reading) {
		List<MetricFamily> families = new ArrayList<>();
		for (MetricFamily kind : this.kinds.values()) {
			List<Sample> samples = new ArrayList<>();
			reading.read(kind, samples);
			if (!samples.isEmpty()) {
				families.add(new MetricFamily(kind.name(), kind.type(), kind.help(), samples));
			}
		}
		return families;
	}

	/** Collects the samples of a family. */
	@FunctionalInterface
	private interface Reading {

		void read(MetricFamily family, List<Sample> samples);

	}

	private static Sample sample(Series series, @Nullable Integer slot, double value) {
		return new Sample(series.suffix(),
				(slot != null) ? TextFormat.withLabel(WORKER, slot.toString(), series.labels()) : series.labels(),
				value);
	}

	/** The values of one slot. */
	private static final class Page {

		/** Of workers that are gone, and of counters that began anew. */
		private final SeriesValues carried = new SeriesValues();

		private final Map<WorkerId, SeriesValues> live = new LinkedHashMap<>();

		private final SeriesValues momentary = new SeriesValues();

		/** Whether it was said that not all is kept. */
		private boolean warned;

		/** Whatever is not cumulative holds for one moment. */
		void turn() {
			this.momentary.clear();
		}

		/** One that has nothing to tell yet does not speak for another that has. */
		void write(WorkerId worker, List<MetricFamily> answer) {
			if (!answer.isEmpty()) {
				this.momentary.clear();
				write(this.live.computeIfAbsent(worker, (added) -> new SeriesValues()), answer, this.momentary);
			}
		}

		/** One that is gone has said how far it came. */
		void writeLast(WorkerId worker, List<MetricFamily> answer) {
			SeriesValues known = this.live.get(worker);
			if (known != null) {
				write(known, answer, new SeriesValues());
			}
		}

		private void write(SeriesValues known, List<MetricFamily> answer, SeriesValues now) {
			for (MetricFamily family : answer) {
				for (Sample sample : family.samples()) {
					Series series = new Series(sample.suffix(), sample.labels());
					if (!family.type().isCumulative(sample.suffix())) {
						now.put(family.name(), series, sample.value());
					}
					else if (!Double.isNaN(sample.value())) {
						// What is no number now may be one again, and go on from where it
						// was.
						count(known, family.name(), series, sample.value());
					}
				}
			}
		}

		void closeAllBut(Set<WorkerId> present) {
			List<WorkerId> gone = this.live.keySet().stream().filter((worker) -> !present.contains(worker)).toList();
			for (WorkerId worker : gone) {
				SeriesValues last = this.live.remove(worker);
				if (last != null) {
					last.addTo(this.carried);
				}
			}
			if (this.carried.isFull() && !this.warned) {
				this.warned = true;
				logger.warn(
						"Former workers of a slot had more than {} series of meters: what is beyond is not told of."
								+ " Labels that are different for each worker or request have no end",
						SeriesValues.CAPACITY);
			}
		}

		Map<Series, Double> cumulative(String family) {
			Map<Series, Double> sums = new LinkedHashMap<>(this.carried.of(family));
			this.live.values()
				.forEach((values) -> values.of(family)
					.forEach((series, value) -> sums.merge(series, value, Double::sum)));
			return sums;
		}

		Map<Series, Double> momentary(String family) {
			return this.momentary.of(family);
		}

		/**
		 * One that is less than it was has begun anew, as counters that were removed do.
		 */
		private void count(SeriesValues known, String family, Series series, double value) {
			Double before = known.put(family, series, value);
			if (before != null && value < before) {
				this.carried.add(family, series, before);
			}
		}

	}

}

package io.github.bootcluster.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.MetricFamily;
import io.github.bootcluster.MetricFamily.Sample;
import io.github.bootcluster.MetricFamily.Type;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** {@link MeterBook}. */
class MeterBookTests {

	private final MeterBook book = new MeterBook();

	@Test
	void samplesAreMarkedWithTheSlot() {
		this.book.update(cluster(worker(7, 2, WorkerState.READY)),
				Map.of(WorkerId.of(7), List.of(gauge("heap", "area=\"old\"", 5), counter("seen_total", "", 3))));
		assertThat(TextFormat.write(this.book.bySlot())).isEqualTo("""
				# HELP heap Help of heap
				# TYPE heap gauge
				heap{worker="2",area="old"} 5
				# HELP seen_total Help of seen_total
				# TYPE seen_total counter
				seen_total{worker="2"} 3
				""");
	}

	@Test
	void counterOfASlotGoesOnWithTheNextWorkerAndGaugesDoNot() {
		this.book.update(cluster(worker(1, 1, WorkerState.READY)),
				Map.of(WorkerId.of(1), List.of(counter("seen_total", "", 10), gauge("heap", "", 5))));
		this.book.update(cluster(worker(1, 1, WorkerState.BACKOFF)), Map.of());
		assertThat(lines()).containsExactly("seen_total{worker=\"1\"} 10");
		this.book.update(cluster(worker(2, 1, WorkerState.STARTING)), Map.of());
		assertThat(lines()).containsExactly("seen_total{worker=\"1\"} 10");
		this.book.update(cluster(worker(2, 1, WorkerState.READY)),
				Map.of(WorkerId.of(2), List.of(counter("seen_total", "", 2), gauge("heap", "", 1))));
		assertThat(lines()).containsExactlyInAnyOrder("seen_total{worker=\"1\"} 12", "heap{worker=\"1\"} 1");
	}

	@Test
	void workersThatShareASlotAreSummedUpAndTheOneThatServesHasTheGauges() {
		this.book.update(cluster(worker(1, 1, WorkerState.READY), worker(2, 1, WorkerState.STARTING)),
				Map.of(WorkerId.of(1), List.of(counter("seen_total", "", 10), gauge("heap", "", 5)), WorkerId.of(2),
						List.of(counter("seen_total", "", 1), gauge("heap", "", 7))));
		assertThat(lines()).containsExactlyInAnyOrder("seen_total{worker=\"1\"} 11", "heap{worker=\"1\"} 5");
		this.book.update(cluster(worker(1, 1, WorkerState.DRAINING), worker(2, 1, WorkerState.READY)),
				Map.of(WorkerId.of(1), List.of(counter("seen_total", "", 12), gauge("heap", "", 5)), WorkerId.of(2),
						List.of(counter("seen_total", "", 2), gauge("heap", "", 7))));
		assertThat(lines()).containsExactlyInAnyOrder("seen_total{worker=\"1\"} 14", "heap{worker=\"1\"} 7");
	}

	@Test
	void slotThatIsNoMoreKeepsItsCounters() {
		this.book.update(cluster(worker(1, 1, WorkerState.READY), worker(2, 2, WorkerState.READY)),
				Map.of(WorkerId.of(1), List.of(counter("seen_total", "", 1)), WorkerId.of(2),
						List.of(counter("seen_total", "", 2))));
		this.book.update(cluster(worker(1, 1, WorkerState.READY)),
				Map.of(WorkerId.of(1), List.of(counter("seen_total", "", 4))));
		assertThat(lines()).containsExactly("seen_total{worker=\"1\"} 4", "seen_total{worker=\"2\"} 2");
		assertThat(TextFormat.write(this.book.merged())).endsWith("seen_total 6\n");
	}

	@Test
	void workerThatStandsByIsNotTold() {
		this.book.update(cluster(worker(3, WorkerSnapshot.NO_SLOT, WorkerState.STANDBY)),
				Map.of(WorkerId.of(3), List.of(counter("seen_total", "", 1))));
		assertThat(lines()).isEmpty();
		this.book.update(cluster(worker(3, 1, WorkerState.READY)),
				Map.of(WorkerId.of(3), List.of(counter("seen_total", "", 2))));
		assertThat(lines()).containsExactly("seen_total{worker=\"1\"} 2");
	}

	@Test
	void counterThatBeganAnewInAWorkerDoesNotStepBack() {
		ClusterSnapshot cluster = cluster(worker(1, 1, WorkerState.READY));
		for (double value : new double[] { 5, 2, Double.NaN, 3 }) {
			this.book.update(cluster, Map.of(WorkerId.of(1), List.of(counter("seen_total", "", value))));
		}
		assertThat(lines()).containsExactly("seen_total{worker=\"1\"} 8");
	}

	@Test
	void labelsWithoutEndDoNotFillTheMemory() {
		for (int worker = 1; worker <= 3; worker++) {
			List<Sample> samples = new ArrayList<>();
			for (int i = 0; i < SeriesValues.CAPACITY / 2 + 1; i++) {
				samples.add(new Sample("", "id=\"" + worker + "-" + i + '"', 1));
			}
			this.book.update(cluster(worker(worker, 1, WorkerState.READY)),
					Map.of(WorkerId.of(worker), List.of(new MetricFamily("seen_total", Type.COUNTER, "", samples))));
		}
		this.book.update(cluster(worker(4, 1, WorkerState.READY)), Map.of());
		assertThat(lines()).hasSize(SeriesValues.CAPACITY);
	}

	@Test
	void workerThatIsDeadDoesNotSpeakForItsSlot() {
		this.book.update(cluster(worker(1, 1, WorkerState.READY)),
				Map.of(WorkerId.of(1), List.of(counter("seen_total", "", 5), gauge("heap", "", 1))));
		this.book.update(cluster(worker(1, 1, WorkerState.BACKOFF)),
				Map.of(WorkerId.of(1), List.of(counter("seen_total", "", 8), gauge("heap", "", 2))));
		assertThat(lines()).containsExactly("seen_total{worker=\"1\"} 8");
	}

	@Test
	void workerThatHasNothingToTellYetDoesNotSilenceTheOneThatServes() {
		this.book.update(cluster(worker(1, 1, WorkerState.READY), worker(2, 1, WorkerState.READY)),
				Map.of(WorkerId.of(1), List.of(gauge("heap", "", 1)), WorkerId.of(2), List.of()));
		assertThat(lines()).containsExactly("heap{worker=\"1\"} 1");
	}

	@Test
	void lastWordsOfAWorkerThatIsGoneCount() {
		this.book.update(cluster(worker(1, 1, WorkerState.READY)),
				Map.of(WorkerId.of(1), List.of(counter("seen_total", "", 5), gauge("heap", "", 1))));
		this.book.update(cluster(worker(2, 1, WorkerState.READY)),
				Map.of(WorkerId.of(1), List.of(counter("seen_total", "", 8), gauge("heap", "", 2)), WorkerId.of(9),
						List.of(counter("seen_total", "", 99))));
		assertThat(lines()).containsExactly("seen_total{worker=\"1\"} 8");
	}

	@Test
	void histogramsAndSummariesAreMergedAsFarAsThatMakesSense() {
		MetricFamily histogram = new MetricFamily("time", Type.HISTOGRAM, "",
				List.of(new Sample("_bucket", "le=\"1\"", 2), new Sample("_bucket", "le=\"+Inf\"", 3),
						new Sample("_count", "", 3), new Sample("_sum", "", 2.5)));
		MetricFamily summary = new MetricFamily("size", Type.SUMMARY, "",
				List.of(new Sample("", "quantile=\"0.5\"", 7), new Sample("_count", "", 1)));
		List<MetricFamily> told = List.of(histogram, summary);
		this.book.update(cluster(worker(1, 1, WorkerState.READY), worker(2, 2, WorkerState.READY)),
				Map.of(WorkerId.of(1), told, WorkerId.of(2), told));
		assertThat(TextFormat.write(this.book.merged())).isEqualTo("""
				# TYPE time histogram
				time_bucket{le="1"} 4
				time_bucket{le="+Inf"} 6
				time_count 6
				time_sum 5
				# TYPE size summary
				size_count 2
				size{worker="1",quantile="0.5"} 7
				size{worker="2",quantile="0.5"} 7
				""");
	}

	/** Whatever happens in whatever order, and whoever answers or not. */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void noCounterEverStepsBackOrVanishes(long seed) {
		Random random = new Random(seed);
		Map<WorkerId, Double> counts = new HashMap<>();
		List<WorkerSnapshot> workers = new ArrayList<>(
				List.of(worker(1, 1, WorkerState.READY), worker(2, 2, WorkerState.READY)));
		long ids = 2;
		double told = 0;
		for (int step = 0; step < 3000; step++) {
			if (random.nextInt(4) == 0) {
				workers.remove(random.nextInt(workers.size()));
				WorkerState[] states = { WorkerState.READY, WorkerState.STARTING, WorkerState.DRAINING };
				workers.add(worker(++ids, 1 + random.nextInt(3), states[random.nextInt(states.length)]));
			}
			Map<WorkerId, List<MetricFamily>> answers = new HashMap<>();
			for (WorkerSnapshot worker : workers) {
				double count = counts.merge(worker.id(), (double) random.nextInt(5), Double::sum);
				if (random.nextInt(5) > 0) {
					answers.put(worker.id(), List.of(counter("seen_total", "", count)));
				}
			}
			Map<String, Double> before = values();
			this.book.update(cluster(workers.toArray(WorkerSnapshot[]::new)), answers);
			Map<String, Double> after = values();
			before.forEach((series, value) -> assertThat(after.get(series)).as(series).isGreaterThanOrEqualTo(value));
			told = after.values().stream().mapToDouble(Double::doubleValue).sum();
		}
		assertThat(told).isPositive()
			.isLessThanOrEqualTo(counts.values().stream().mapToDouble(Double::doubleValue).sum());
	}

	private Map<String, Double> values() {
		Map<String, Double> values = new HashMap<>();
		lines().forEach((line) -> values.put(line.split(" ")[0], Double.valueOf(line.split(" ")[1])));
		return values;
	}

	private List<String> lines() {
		return TextFormat.write(this.book.bySlot()).lines().filter((line) -> !line.startsWith("#")).toList();
	}

	private static MetricFamily counter(String name, String labels, double value) {
		return new MetricFamily(name, Type.COUNTER, "Help of " + name, List.of(new Sample("", labels, value)));
	}

	private static MetricFamily gauge(String name, String labels, double value) {
		return new MetricFamily(name, Type.GAUGE, "Help of " + name, List.of(new Sample("", labels, value)));
	}

	static ClusterSnapshot cluster(WorkerSnapshot... workers) {
		return new ClusterSnapshot(1, ClusterState.RUNNING, SchedulingPolicy.ROUND_ROBIN, 1, 2,
				LauncherSnapshot.ofThisProcess(), DispatcherSnapshot.none(0), "none", Arrays.asList(workers), null,
				null);
	}

	static WorkerSnapshot worker(long id, int slot, WorkerState state) {
		return new WorkerSnapshot(WorkerId.of(id), slot, 1, 100 + id, 1, state, Instant.EPOCH, 0, 0, 0, 0, null, null,
				null);
	}

}

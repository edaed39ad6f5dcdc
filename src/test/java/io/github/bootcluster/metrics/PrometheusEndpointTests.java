package io.github.bootcluster.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterMeasures;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.ExitInfo.Cause;
import io.github.bootcluster.LatencyHistogram;
import io.github.bootcluster.LifeReport;
import io.github.bootcluster.MetricFamily;
import io.github.bootcluster.MetricFamily.Sample;
import io.github.bootcluster.MetricFamily.Type;
import io.github.bootcluster.Role;
import io.github.bootcluster.TrafficRates;
import io.github.bootcluster.TrafficReport;
import io.github.bootcluster.TrafficReport.Ending;
import io.github.bootcluster.TrafficReport.Kind;
import io.github.bootcluster.TrafficReport.MethodClass;
import io.github.bootcluster.TrafficReport.Rejection;
import io.github.bootcluster.TrafficReport.RetryPhase;
import io.github.bootcluster.TrafficReport.Served;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** {@link PrometheusEndpoint}. */
class PrometheusEndpointTests {

	private final ClusterSnapshot snapshot = MeterBookTests.cluster(MeterBookTests.worker(1, 1, WorkerState.READY),
			MeterBookTests.worker(2, 2, WorkerState.STARTING));

	private final FakeMeasures measures = new FakeMeasures();

	private final PrometheusEndpoint endpoint = new PrometheusEndpoint(new FakeCluster(this.snapshot), this.measures,
			new FakeTelemetry());

	@Test
	void clusterAndItsWorkersAreInOneText() {
		this.measures.answers = Map.of(WorkerId.of(1),
				List.of(new MetricFamily("seen_total", Type.COUNTER, "", List.of(new Sample("", "", 4)))));
		assertThat(this.endpoint.scrape(null)).contains("cluster_state{state=\"running\"} 1\n",
				"cluster_workers_desired 2\n", "cluster_workers{state=\"ready\"} 1\n",
				"cluster_workers{state=\"starting\"} 1\n", "cluster_worker_up{worker=\"1\"} 1\n",
				"cluster_worker_up{worker=\"2\"} 0\n", "cluster_worker_ready{worker=\"2\"} 0\n",
				"cluster_generation 1\n", "seen_total{worker=\"1\"} 4\n");
		assertThat(this.endpoint.scrape("workers")).contains("seen_total{worker=\"1\"} 4\n");
		assertThat(this.endpoint.scrape("merged")).contains("seen_total 4\n");
	}

	@Test
	void whatProcessesUseIsToldAsFarAsItIsKnown() {
		assertThat(this.endpoint.scrape(null))
			.contains("cluster_worker_cpu_cores{worker=\"1\"} 0.5\n",
					"cluster_worker_resident_bytes{worker=\"1\"} 1024\n",
					"cluster_worker_resident_bytes{worker=\"2\"} 1024\n")
			.doesNotContain("cluster_worker_cpu_cores{worker=\"2\"}");
	}

	@Test
	void launcherTellsOfItself() {
		assertThat(this.endpoint.scrape(null)).containsPattern("cluster_launcher_heap_used_bytes [1-9]")
			.containsPattern("cluster_launcher_threads [1-9]")
			.containsPattern("cluster_launcher_cpu_seconds_total [0-9]*[.]?[0-9]*[1-9]")
			.containsPattern("cluster_launcher_open_files [1-9]");
	}

	@Test
	void trafficIsTold() {
		long[] counts = new long[LatencyHistogram.BUCKETS];
		counts[LatencyHistogram.bucketOf(3_000_000)] = 2;
		LatencyHistogram histogram = LatencyHistogram.of(counts, 6_000_000);
		this.measures.traffic = new TrafficReport(
				Map.of("1",
						new Served(Map.of(new Kind(MethodClass.SAFE, Ending.CLIENT_GONE), 2L), histogram, histogram, 3,
								5)),
				9, histogram, Map.of(Rejection.QUEUE_FULL, 1L), Map.of(RetryPhase.SENT, 6L), Map.of(431, 7L));
		assertThat(this.endpoint.scrape(null)).contains(
				"cluster_dispatcher_requests_total{worker=\"1\",method=\"safe\",outcome=\"client-gone\"} 2\n",
				"cluster_dispatcher_requests_total{worker=\"1\",method=\"safe\",outcome=\"failed\"} 0\n",
				"cluster_dispatcher_request_duration_seconds_bucket{worker=\"1\",le=\"0.0025\"} 0\n",
				"cluster_dispatcher_request_duration_seconds_bucket{worker=\"1\",le=\"0.005\"} 2\n",
				"cluster_dispatcher_request_duration_seconds_bucket{worker=\"1\",le=\"+Inf\"} 2\n",
				"cluster_dispatcher_request_duration_seconds_sum{worker=\"1\"} 0.006\n",
				"cluster_dispatcher_upstream_duration_seconds_count{worker=\"1\"} 2\n",
				"cluster_dispatcher_queue_wait_seconds_count 2\n",
				"cluster_dispatcher_request_bytes_total{worker=\"1\"} 3\n",
				"cluster_dispatcher_response_bytes_total{worker=\"1\"} 5\n", "cluster_dispatcher_connections_total 9\n",
				"cluster_dispatcher_rejections_total{reason=\"queue-full\"} 1\n",
				"cluster_dispatcher_retries_total{phase=\"sent\"} 6\n",
				"cluster_dispatcher_violations_total{status=\"431\"} 7\n");
	}

	@Test
	void livesOfProcessesAreTold() {
		this.measures.life = new LifeReport(Map.of(1, 3L, 2, 1L), Map.of(1, Map.of(Cause.SIGNAL, 2L)), 4, 5);
		assertThat(this.endpoint.scrape(null)).contains("cluster_worker_starts_total{worker=\"1\"} 3\n",
				"cluster_worker_exits_total{worker=\"1\",cause=\"signal\"} 2\n",
				"cluster_worker_exits_total{worker=\"1\",cause=\"asked\"} 0\n",
				"cluster_worker_exits_total{worker=\"2\",cause=\"signal\"} 0\n",
				"cluster_reloads_total{outcome=\"succeeded\"} 4\n", "cluster_reloads_total{outcome=\"failed\"} 5\n");
	}

	/** Two families of one name would make the whole text unreadable. */
	@Test
	void workersCannotSayWhatOnlyTheLauncherKnows() {
		this.measures.answers = Map.of(WorkerId.of(1),
				List.of(new MetricFamily("cluster_generation", Type.GAUGE, "", List.of(new Sample("", "", 4.25)))));
		assertThat(this.endpoint.scrape(null)).contains("cluster_generation 1\n").doesNotContain("cluster_generation{");
	}

	@Test
	void everyFamilyIsToldOnceWithWhatItIs() {
		List<String> types = this.endpoint.scrape(null).lines().filter((line) -> line.startsWith("# TYPE")).toList();
		assertThat(types).doesNotHaveDuplicates().hasSizeGreaterThan(20);
		assertThat(this.endpoint.scrape(null).lines().filter((line) -> line.startsWith("# HELP"))).hasSameSizeAs(types);
	}

	@Test
	void otherViewsAreRefused() {
		assertThatExceptionOfType(InvalidEndpointRequestException.class).isThrownBy(() -> this.endpoint.scrape("all"))
			.withMessageContaining("'workers'");
	}

	/** However many ask, workers are asked once for all who do so at about one time. */
	@Test
	void thoseWhoAskMeanwhileShareAScrape() throws Exception {
		ExecutorService askers = Executors.newFixedThreadPool(8);
		try {
			this.measures.gate = new CountDownLatch(1);
			Future<String> first = askers.submit(() -> this.endpoint.scrape(null));
			await().until(() -> this.measures.asked.get() == 1);
			List<Future<String>> others = java.util.stream.IntStream.range(0, 7)
				.mapToObj((i) -> askers.submit(() -> this.endpoint.scrape(null)))
				.toList();
			await().until(() -> waiting() == 7);
			this.measures.gate.countDown();
			String text = first.get();
			assertThat(text).isNotEmpty();
			for (Future<String> other : others) {
				assertThat(other.get()).isNotEmpty();
			}
			assertThat(this.measures.asked).hasValueLessThanOrEqualTo(2);
		}
		finally {
			askers.shutdownNow();
		}
	}

	private static long waiting() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().getState() == Thread.State.BLOCKED
					&& java.util.Arrays.stream(entry.getValue())
						.anyMatch((frame) -> frame.getClassName().equals(PrometheusEndpoint.class.getName())))
			.count();
	}

	record FakeCluster(ClusterSnapshot snapshot) implements Cluster {

		@Override
		public Role role() {
			return Role.LAUNCHER;
		}

		@Override
		public Optional<WorkerId> workerId() {
			return Optional.empty();
		}

	}

	static final class FakeTelemetry implements ClusterTelemetry {

		@Override
		public TrafficRates traffic() {
			return new TrafficRates(Duration.ZERO, TrafficRates.Rates.NONE, Map.of());
		}

		@Override
		public Optional<WorkerVitals> vitals(WorkerId id) {
			Double cpu = id.equals(WorkerId.of(1)) ? 0.5 : null;
			return Optional.of(new WorkerVitals(cpu, 1024L, null, null, null, null, null));
		}

	}

	static final class FakeMeasures implements ClusterMeasures {

		private final AtomicInteger asked = new AtomicInteger();

		TrafficReport traffic = TrafficReport.NONE;

		LifeReport life = new LifeReport(Map.of(), Map.of(), 0, 0);

		volatile Map<WorkerId, List<MetricFamily>> answers = Map.of();

		private volatile CountDownLatch gate = new CountDownLatch(0);

		@Override
		public TrafficReport traffic() {
			return this.traffic;
		}

		@Override
		public LifeReport life() {
			return this.life;
		}

		@Override
		public Map<WorkerId, List<MetricFamily>> workers() {
			this.asked.incrementAndGet();
			try {
				this.gate.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return this.answers;
		}

	}

}

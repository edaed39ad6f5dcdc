package io.github.bootcluster.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.github.bootcluster.MetricFamily;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@link RegistryReader}, beside what Prometheus' own writer makes of the same. */
class RegistryReaderTests {

	private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	private final PrometheusRegistry registry = this.meters.getPrometheusRegistry();

	@Test
	void metersOfMicrometerReadAsTheirOwnWriterWritesThem() throws Exception {
		Counter.builder("seen")
			.description("What was \"seen\"")
			.tag("path", "/a\\b\n")
			.register(this.meters)
			.increment(3);
		Gauge.builder("pool.size", () -> 2.5).baseUnit("bytes").register(this.meters);
		Timer timer = Timer.builder("work").publishPercentileHistogram().register(this.meters);
		timer.record(Duration.ofMillis(20));
		timer.record(Duration.ofSeconds(100));
		Timer.builder("rest")
			.publishPercentiles(0.5, 0.99)
			.tag("kind", "a")
			.register(this.meters)
			.record(Duration.ofMillis(3));
		assertSameAsWritten();
	}

	@Test
	void kindsThatMicrometerDoesNotUseAreReadToo() throws Exception {
		this.registry.register(() -> InfoSnapshot.builder()
			.name("build")
			.dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder().labels(Labels.of("version", "1")).build())
			.build());
		this.registry.register(() -> StateSetSnapshot.builder()
			.name("door")
			.dataPoint(StateSetSnapshot.StateSetDataPointSnapshot.builder()
				.state("open", true)
				.state("shut", false)
				.build())
			.build());
		this.registry.register(() -> UnknownSnapshot.builder()
			.name("thing")
			.dataPoint(UnknownSnapshot.UnknownDataPointSnapshot.builder().value(7).build())
			.build());
		assertSameAsWritten();
	}

	@Test
	void labelThatSaysWorkerMakesRoomForOurs() {
		Counter.builder("jobs").tag("worker", "bee").register(this.meters).increment();
		assertThat(TextFormat.write(read())).contains("jobs_total{exported_worker=\"bee\"} 1\n");
	}

	/** Told as counters they would not be allowed to become fewer. */
	@Test
	void tasksThatGoOnAreGauges() {
		LongTaskTimer.Sample task = LongTaskTimer.builder("copying").register(this.meters).start();
		LongTaskTimer.builder("moving").publishPercentileHistogram().register(this.meters).start();
		assertThat(TextFormat.write(read())).contains("# TYPE copying_seconds_count gauge\ncopying_seconds_count 1\n",
				"# TYPE copying_seconds_sum gauge\n", "# TYPE moving_seconds_bucket gauge\n",
				"moving_seconds_bucket{le=\"+Inf\"} 1\n");
		assertThat(read()).noneMatch((
				family) -> family.samples().stream().anyMatch((sample) -> family.type().isCumulative(sample.suffix())));
		task.stop();
		assertThat(TextFormat.write(read())).contains("copying_seconds_count 0\n");
	}

	private List<MetricFamily> read() {
		return new RegistryReader(this.registry, List.of(this.meters)).get();
	}

	private void assertSameAsWritten() throws IOException {
		ByteArrayOutputStream written = new ByteArrayOutputStream();
		PrometheusTextFormatWriter.create().write(written, this.registry.scrape());
		assertThat(lines(TextFormat.write(read())))
			.containsExactlyInAnyOrderElementsOf(lines(written.toString(StandardCharsets.UTF_8)));
	}

	/** Numbers as numbers: that writer always has a point. */
	private static List<String> lines(String text) {
		return text.lines().map((line) -> line.replaceAll("\\.0(?=\"|$)", "")).toList();
	}

}

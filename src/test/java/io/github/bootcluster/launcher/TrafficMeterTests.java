package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.github.bootcluster.LatencyHistogram;
import io.github.bootcluster.TrafficRates;
import io.github.bootcluster.TrafficRates.Latency;
import io.github.bootcluster.TrafficRates.Rates;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.dispatch.TrafficSample;
import io.github.bootcluster.dispatch.TrafficSample.Part;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** {@link TrafficMeter}, with a clock and a traffic that are moved by hand. */
class TrafficMeterTests {

	private static final WorkerId FIRST = WorkerId.of(1);

	private static final WorkerId SECOND = WorkerId.of(2);

	private final Map<WorkerId, Part> workers = new HashMap<>();

	private Part total = Part.NONE;

	private long seconds;

	private final TrafficMeter meter = new TrafficMeter(() -> new TrafficSample(this.total, this.workers),
			() -> this.seconds * 1_000_000_000);

	@AfterEach
	void close() {
		this.meter.close();
	}

	@Test
	void nothingIsKnownAtFirst() {
		assertThat(this.meter.get()).isEqualTo(new TrafficRates(Duration.ZERO, Rates.NONE, Map.of()));
		this.meter.look();
		assertThat(this.meter.get().total()).isEqualTo(Rates.NONE);
	}

	@Test
	void ratesAreOfTheTimeThatIsThere() {
		this.meter.look();
		requests(FIRST, 30, 1, Duration.ofMillis(10));
		this.seconds = 2;
		this.meter.look();
		TrafficRates rates = this.meter.get();
		assertThat(rates.window()).isEqualTo(Duration.ofSeconds(2));
		assertThat(rates.total().requests()).isEqualTo(15);
		assertThat(rates.total().errors()).isEqualTo(0.5);
		assertThat(rates.workers().get(FIRST)).isEqualTo(rates.total());
		Latency latency = rates.total().latency();
		assertThat(latency).isNotNull();
		assertThat(latency.p50()).isEqualTo(0.01, within(0.0021));
		assertThat(latency.p99()).isBetween(latency.p95(), 0.01);
	}

	@Test
	void whatIsOlderThanTheSpanDoesNotCount() {
		this.meter.look();
		requests(FIRST, 1000, 0, Duration.ofSeconds(5));
		for (int i = 0; i < TrafficMeter.SPAN; i++) {
			this.seconds++;
			this.meter.look();
			assertThat(this.meter.get().total().requests()).isEqualTo(1000.0 / this.seconds);
		}
		this.seconds++;
		this.meter.look();
		assertThat(this.meter.get().window()).isEqualTo(Duration.ofSeconds(TrafficMeter.SPAN));
		assertThat(this.meter.get().total()).isEqualTo(Rates.NONE);
	}

	@Test
	void workersThatComeAndGoAreThereWhileTheyAre() {
		requests(FIRST, 100, 0, Duration.ofMillis(1));
		this.meter.look();
		this.workers.remove(FIRST);
		requests(SECOND, 10, 0, Duration.ofMillis(1));
		this.seconds = 1;
		this.meter.look();
		assertThat(this.meter.get().workers()).containsOnlyKeys(SECOND);
		assertThat(this.meter.get().workers().get(SECOND).requests()).isEqualTo(10);
		assertThat(this.meter.get().total().requests()).isEqualTo(10);
	}

	@Test
	void workerThatBeganToCountAnewIsNoNegativeTraffic() {
		requests(FIRST, 100, 50, Duration.ofMillis(1));
		this.meter.look();
		this.workers.put(FIRST, more(Part.NONE, 3, 1, Duration.ofMillis(1)));
		this.seconds = 1;
		this.meter.look();
		Rates rates = this.meter.get().workers().get(FIRST);
		assertThat(rates.requests()).isEqualTo(3);
		assertThat(rates.errors()).isEqualTo(1);
	}

	@Test
	void requestsThatSayNothingOfSpeedCountNevertheless() {
		this.meter.look();
		this.total = new Part(4, LatencyHistogram.EMPTY, 4);
		this.seconds = 2;
		this.meter.look();
		assertThat(this.meter.get().total()).isEqualTo(new Rates(2, 2, null));
	}

	@Test
	void twoLooksAtOnceTellNothing() {
		this.meter.look();
		this.meter.look();
		assertThat(this.meter.get().total()).isEqualTo(Rates.NONE);
	}

	private void requests(WorkerId worker, int count, int errors, Duration each) {
		this.total = more(this.total, count, errors, each);
		this.workers.put(worker, more(this.workers.getOrDefault(worker, Part.NONE), count, errors, each));
	}

	private static Part more(Part part, int count, int errors, Duration each) {
		long[] counts = new long[LatencyHistogram.BUCKETS];
		counts[LatencyHistogram.bucketOf(each.toNanos())] = count;
		return new Part(part.requests() + count,
				part.latency().plus(LatencyHistogram.of(counts, count * each.toNanos())), part.errors() + errors);
	}

}

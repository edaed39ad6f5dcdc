package io.github.bootcluster.launcher;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class ProcessorGaugeTests {

	private final ProcessorGauge gauge = new ProcessorGauge();

	@Test
	void firstReadingTellsNothing() {
		assertThat(read(0, 5000)).isNull();
	}

	@Test
	void usedTimeIsReckonedPerElapsedTime() {
		read(0, 5000);
		assertThat(read(1000, 6500)).isEqualTo(1.5);
		assertThat(read(2000, 6500)).isEqualTo(0.75);
	}

	@Test
	void onlyTheLastReadingsCount() {
		for (int second = 0; second <= 10; second++) {
			read(second * 1000, second * 2000);
		}
		for (int second = 11; second <= 14; second++) {
			read(second * 1000, 20_000);
		}
		assertThat(read(15_000, 20_000)).isZero();
	}

	@Test
	void unequalIntervalsAreReckonedAsTheyWere() {
		read(0, 0);
		read(100, 100);
		assertThat(read(4000, 100)).isCloseTo(0.025, within(0.0001));
	}

	@Test
	void lessTimeThanBeforeIsThatOfAnotherProcess() {
		read(0, 5000);
		assertThat(read(1000, 10)).isNull();
		assertThat(read(2000, 260)).isEqualTo(0.25);
	}

	@Test
	void twoReadingsAtOnceAreNoReasonToDivideByZero() {
		read(0, 0);
		assertThat(read(0, 10)).isNull();
	}

	private Double read(long millis, long usedMillis) {
		return this.gauge.read(Duration.ofMillis(millis).toNanos(), Duration.ofMillis(usedMillis));
	}

}

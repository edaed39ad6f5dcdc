package io.github.bootcluster;

import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/** {@link LatencyHistogram}. */
class LatencyHistogramTests {

	@Test
	void bucketsAreThoseOfUsualBounds() {
		double[] usual = { 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100 };
		for (double bound : usual) {
			int bucket = LatencyHistogram.bucketOf(Math.round(bound * 1e9));
			assertThat(LatencyHistogram.boundOf(bucket)).isEqualTo(bound);
			assertThat(LatencyHistogram.bucketOf(Math.round(bound * 1e9) + 1)).isEqualTo(bucket + 1);
		}
		assertThat(LatencyHistogram.boundOf(LatencyHistogram.BUCKETS - 1)).isInfinite();
		assertThat(LatencyHistogram.bucketOf(0)).isZero();
		assertThat(LatencyHistogram.bucketOf(Long.MAX_VALUE)).isEqualTo(LatencyHistogram.BUCKETS - 1);
	}

	@Test
	void boundsGrow() {
		for (int bucket = 1; bucket < LatencyHistogram.BUCKETS; bucket++) {
			assertThat(LatencyHistogram.boundOf(bucket)).isGreaterThan(LatencyHistogram.boundOf(bucket - 1));
		}
	}

	@Test
	void quantilesAreNearTheTruth() {
		long[] counts = new long[LatencyHistogram.BUCKETS];
		Random random = new Random(1);
		double[] values = random.doubles(100_000).map((value) -> 0.001 * Math.exp(5 * value)).sorted().toArray();
		for (double value : values) {
			counts[LatencyHistogram.bucketOf((long) (value * 1e9))]++;
		}
		LatencyHistogram histogram = LatencyHistogram.of(counts, 0);
		for (double part : new double[] { 0.01, 0.5, 0.95, 0.99, 0.999 }) {
			double truth = values[(int) (part * values.length)];
			assertThat(histogram.quantile(part)).isCloseTo(truth, within(truth * 0.13));
		}
	}

	@Test
	void quantilesOfLittleOrExtremeAreSaidAsFarAsKnown() {
		assertThat(LatencyHistogram.EMPTY.quantile(0.5)).isNaN();
		long[] one = new long[LatencyHistogram.BUCKETS];
		one[LatencyHistogram.BUCKETS - 1] = 1;
		assertThat(LatencyHistogram.of(one, 1).quantile(0.5)).isEqualTo(100);
		long[] first = new long[LatencyHistogram.BUCKETS];
		first[0] = 2;
		assertThat(LatencyHistogram.of(first, 1).quantile(1)).isEqualTo(0.0001);
		assertThat(LatencyHistogram.of(first, 1).quantile(0)).isZero();
	}

	@Test
	void whatCameSinceIsTheDifference() {
		long[] counts = new long[LatencyHistogram.BUCKETS];
		counts[3] = 2;
		LatencyHistogram earlier = LatencyHistogram.of(counts, 500_000_000);
		counts[3] = 5;
		counts[9] = 1;
		LatencyHistogram later = LatencyHistogram.of(counts, 2_000_000_000);
		LatencyHistogram between = later.since(earlier);
		assertThat(between.count()).isEqualTo(4);
		assertThat(between.countOf(3)).isEqualTo(3);
		assertThat(between.sumSeconds()).isEqualTo(1.5);
		assertThat(between.plus(earlier).count()).isEqualTo(6);
		assertThat(between.plus(earlier).sumSeconds()).isEqualTo(2);
	}

	@Test
	void otherBucketsAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> LatencyHistogram.of(new long[3], 0));
	}

}

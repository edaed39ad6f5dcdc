package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.Random;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterProperties.Restart.OnExit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BackoffTests {

	private final Backoff backoff = new Backoff(new ClusterProperties.Restart(OnExit.FAILURE, Duration.ofMillis(200),
			Duration.ofSeconds(15), Duration.ofSeconds(10)), new Random(42));

	@Test
	void firstDeathIsFollowedAtOnce() {
		assertThat(this.backoff.afterDeath(Duration.ZERO)).isZero();
	}

	@Test
	void delayDoublesWithEveryYoungDeathUpToTheMaximum() {
		this.backoff.afterDeath(Duration.ZERO);
		long expected = 200;
		for (int i = 0; i < 60; i++) {
			assertThat(this.backoff.afterDeath(Duration.ofSeconds(9)).toMillis()).isBetween((long) (expected * 0.8),
					expected);
			expected = Math.min(expected * 2, 15_000);
		}
	}

	@Test
	void delaysOfOneSizeDiffer() {
		this.backoff.afterDeath(Duration.ZERO);
		for (int i = 0; i < 20; i++) {
			this.backoff.afterDeath(Duration.ZERO);
		}
		assertThat(this.backoff.afterDeath(Duration.ZERO)).isNotEqualTo(this.backoff.afterDeath(Duration.ZERO));
	}

	@Test
	void workersThatNeverGetReadyDieYoungThoughAnyTimeWouldDo() {
		Backoff backoff = new Backoff(new ClusterProperties.Restart(OnExit.FAILURE, Duration.ofMillis(200),
				Duration.ofSeconds(15), Duration.ZERO), new Random(42));
		backoff.afterDeath(Duration.ZERO);
		assertThat(backoff.afterDeath(Duration.ZERO)).isPositive();
		assertThat(backoff.afterDeath(Duration.ofMillis(1))).isZero();
	}

	@Test
	void deathAfterAStableTimeStartsAnew() {
		this.backoff.afterDeath(Duration.ZERO);
		this.backoff.afterDeath(Duration.ZERO);
		assertThat(this.backoff.afterDeath(Duration.ofSeconds(10))).isZero();
		assertThat(this.backoff.afterDeath(Duration.ZERO)).isPositive();
	}

}

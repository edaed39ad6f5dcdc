package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.launcher.Fact.AvailabilityChanged;
import io.github.bootcluster.launcher.Fact.HeartbeatReceived;
import io.github.bootcluster.launcher.Fact.Listening;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProbeTests {

	private static final WorkerId WORKER = WorkerId.of(7);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private final List<Fact> facts = new ArrayList<>();

	private final Probe probe = new Probe(WORKER, 4711, INTERVAL, this.facts::add);

	@Test
	void firstAnswerTellsThePortAndThatItIsReady() {
		this.probe.succeeded();
		assertThat(this.facts).containsExactly(new Listening(WORKER, 4711), new HeartbeatReceived(WORKER),
				new AvailabilityChanged(WORKER, true, true));
	}

	@Test
	void furtherAnswersAreHeartbeats() {
		ready();
		this.probe.succeeded();
		this.probe.succeeded();
		assertThat(this.facts).containsExactly(new HeartbeatReceived(WORKER), new HeartbeatReceived(WORKER));
	}

	@Test
	void programThatStartsIsAskedOftenAndMayFailForEver() {
		for (int i = 0; i < 1000; i++) {
			assertThat(this.probe.interval()).isEqualTo(Probe.STARTING_INTERVAL);
			this.probe.failed("connection refused");
		}
		assertThat(this.facts).isEmpty();
		assertThat(this.probe.lastFailure()).isEqualTo("connection refused");
	}

	@Test
	void programThatAnsweredIsAskedAtTheHeartbeatInterval() {
		ready();
		assertThat(this.probe.interval()).isEqualTo(INTERVAL);
		silence();
		assertThat(this.probe.interval()).isEqualTo(INTERVAL);
	}

	@Test
	void thirdFailureInARowTakesItOutOfRotationOnce() {
		ready();
		this.probe.failed("slow");
		this.probe.failed("slow");
		assertThat(this.facts).isEmpty();
		this.probe.failed("slow");
		this.probe.failed("slow");
		assertThat(this.facts).containsExactly(new AvailabilityChanged(WORKER, false, true));
	}

	@Test
	void refusalsTakeItOutOfRotationTooButShowThatItLives() {
		this.probe.refused("503");
		assertThat(this.facts).isEmpty();
		ready();
		this.probe.refused("503");
		this.probe.refused("503");
		this.probe.refused("503");
		this.probe.refused("503");
		HeartbeatReceived heartbeat = new HeartbeatReceived(WORKER);
		assertThat(this.facts).containsExactly(heartbeat, heartbeat, heartbeat,
				new AvailabilityChanged(WORKER, false, true), heartbeat);
	}

	@Test
	void failuresThatAreNotInARowAreForgiven() {
		ready();
		for (int i = 0; i < 10; i++) {
			this.probe.failed("slow");
			this.probe.failed("slow");
			this.probe.succeeded();
		}
		assertThat(this.facts).hasSize(10).allMatch(HeartbeatReceived.class::isInstance);
	}

	@Test
	void answerPutsItBackInRotation() {
		ready();
		silence();
		this.probe.succeeded();
		assertThat(this.facts).containsExactly(new HeartbeatReceived(WORKER),
				new AvailabilityChanged(WORKER, true, true));
		this.facts.clear();
		this.probe.failed("slow");
		this.probe.failed("slow");
		assertThat(this.facts).isEmpty();
		this.probe.failed("slow");
		assertThat(this.facts).containsExactly(new AvailabilityChanged(WORKER, false, true));
	}

	private void ready() {
		this.probe.succeeded();
		this.facts.clear();
	}

	private void silence() {
		for (int i = 0; i < Probe.FAILURES_TO_SILENCE; i++) {
			this.probe.failed("slow");
		}
		this.facts.clear();
	}

}

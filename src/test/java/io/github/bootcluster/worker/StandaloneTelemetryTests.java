package io.github.bootcluster.worker;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerVitals;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StandaloneTelemetryTests {

	private final StandaloneTelemetry telemetry = new StandaloneTelemetry(new StandaloneCluster());

	@Test
	void processTellsOfItself() {
		WorkerVitals vitals = this.telemetry.vitals(WorkerId.of(1)).orElseThrow();
		assertThat(vitals.heapUsedBytes()).isPositive().isLessThanOrEqualTo(vitals.heapMaxBytes());
		assertThat(vitals.threads()).isPositive();
		assertThat(vitals.gcCount()).isNotNegative();
		assertThat(vitals.gcSeconds()).isNotNegative();
		assertThat(vitals.residentBytes()).isNull();
	}

	@Test
	void thereIsNobodyElseAndNoTraffic() {
		assertThat(this.telemetry.vitals(WorkerId.of(2))).isEmpty();
		assertThat(this.telemetry.traffic().workers()).isEmpty();
		assertThat(this.telemetry.traffic().total().requests()).isZero();
	}

}

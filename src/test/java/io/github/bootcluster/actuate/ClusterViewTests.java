package io.github.bootcluster.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.OutputLines;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.SessionStoreHealth;
import io.github.bootcluster.TimelineEntry;
import io.github.bootcluster.TrafficRates;
import io.github.bootcluster.TrafficRates.Latency;
import io.github.bootcluster.TrafficRates.Rates;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/** What operators and their programs read, as JSON. */
class ClusterViewTests {

	private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

	private static final WorkerVitals VITALS = new WorkerVitals(1.23456, 1000L, 10L, 20L, 3L, 1.5, 7);

	/** As actuator endpoints are written. */
	private final JsonMapper mapper = JsonMapper.builder()
		.changeDefaultPropertyInclusion((inclusion) -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
		.build();

	private final Cluster cluster = mock(Cluster.class);

	private final ClusterTelemetry telemetry = mock(ClusterTelemetry.class);

	private final SessionStoreHealth store = mock(SessionStoreHealth.class);

	@Test
	void trafficAndVitalsStandBesideTheOtherFields() {
		given(this.cluster.snapshot()).willReturn(snapshot(worker(1, WorkerState.READY)));
		Rates busy = new Rates(12.34567, 0.5, new Latency(0.001, 0.01, 0.1));
		given(this.telemetry.traffic())
			.willReturn(new TrafficRates(Duration.ofSeconds(10), busy, Map.of(WorkerId.of(1), busy)));
		given(this.telemetry.vitals(WorkerId.of(1))).willReturn(Optional.of(VITALS));
		given(this.store.status()).willReturn(SessionStoreHealth.Status.UNAVAILABLE);
		JsonNode json = json(view().cluster());
		String traffic = "\"requestRate\":12.346,\"errorRate\":0.5,\"latency\":{\"p50\":0.001,\"p95\":0.01,\"p99\":0.1}";
		assertThat(json.get("dispatcher")).hasToString(
				"{\"port\":8080,\"connections\":1,\"inFlight\":2,\"queued\":3,\"requests\":4,\"retries\":5,\"failures\":6,"
						+ traffic + "}");
		assertThat(json.get("sessionStore")).hasToString("{\"type\":\"postgresql\",\"status\":\"UNAVAILABLE\"}");
		assertThat(json.get("workers").get(0).toString()).contains("\"id\":1,\"slot\":1", traffic,
				"\"vitals\":{\"cpu\":1.235,\"residentBytes\":1000,\"heapUsedBytes\":10,\"heapMaxBytes\":20,"
						+ "\"gcCount\":3,\"gcSeconds\":1.5,\"threads\":7}");
		assertThat(json(view().worker(WorkerId.of(1), 0).orElseThrow()).toString()).startsWith("{\"id\":1")
			.contains(traffic, "\"cpu\":1.235", "\"output\":[]", "\"lastLine\":0");
	}

	@Test
	void whatIsNotKnownIsLeftOut() {
		given(this.cluster.snapshot())
			.willReturn(snapshot(worker(1, WorkerState.READY), worker(2, WorkerState.BACKOFF)));
		given(this.telemetry.traffic()).willReturn(new TrafficRates(Duration.ZERO, Rates.NONE, Map.of()));
		given(this.telemetry.vitals(WorkerId.of(1)))
			.willReturn(Optional.of(new WorkerVitals(null, 1000L, null, null, null, null, null)));
		given(this.telemetry.vitals(WorkerId.of(2))).willReturn(Optional.of(VITALS));
		JsonNode json = json(new ClusterView(this.cluster, this.telemetry, (number) -> List.of(),
				(id, after) -> OutputLines.NONE, null)
			.cluster());
		assertThat(json.get("dispatcher").toString()).endsWith("\"requestRate\":0.0,\"errorRate\":0.0}");
		assertThat(json.get("sessionStore")).hasToString("{\"type\":\"postgresql\"}");
		assertThat(json.get("workers").get(0).get("vitals")).hasToString("{\"residentBytes\":1000}");
		assertThat(json.get("workers").get(1).has("vitals")).as("has no process any more").isFalse();
		assertThat(json.get("workers").get(1).has("latency")).isFalse();
	}

	@Test
	void eventsAreThoseAfterTheOneThatIsKnown() {
		assertThat(json(view().events(1))).hasToString(
				"{\"events\":[{\"number\":2,\"at\":\"2026-11-22T10:00:00Z\",\"kind\":\"STARTED\",\"worker\":3,\"slot\":0,"
						+ "\"generation\":2,\"message\":\"Started.\"}],\"latest\":2}");
		assertThat(json(view().events(0)).get("events").get(0)).hasToString(
				"{\"number\":1,\"at\":\"2026-11-22T10:00:00Z\",\"kind\":\"STATE\",\"generation\":1,\"message\":\"Whole.\"}");
	}

	@Test
	void whoKnowsMoreThanThereIsLearnsWhereItStands() {
		assertThat(json(view().events(99))).hasToString("{\"events\":[],\"latest\":2}");
		ClusterView young = new ClusterView(this.cluster, this.telemetry, (number) -> List.of(),
				(id, after) -> OutputLines.NONE, null);
		assertThat(json(young.events(0))).hasToString("{\"events\":[],\"latest\":0}");
	}

	private ClusterView view() {
		List<TimelineEntry> entries = List.of(new TimelineEntry(1, AT, TimelineEntry.Kind.STATE, null, 0, 1, "Whole."),
				new TimelineEntry(2, AT, TimelineEntry.Kind.STARTED, WorkerId.of(3), 0, 2, "Started."));
		return new ClusterView(this.cluster, this.telemetry,
				(number) -> entries.stream().filter((entry) -> entry.number() > number).toList(),
				(id, after) -> OutputLines.NONE, this.store);
	}

	private JsonNode json(Object value) {
		return this.mapper.readTree(this.mapper.writeValueAsString(value));
	}

	private static ClusterSnapshot snapshot(WorkerSnapshot... workers) {
		return new ClusterSnapshot(1, ClusterState.RUNNING, SchedulingPolicy.ROUND_ROBIN, 1, 1,
				new LauncherSnapshot(1, AT, "17"), new DispatcherSnapshot(8080, 1, 2, 3, 4, 5, 6), "postgresql",
				List.of(workers), null, null);
	}

	private static WorkerSnapshot worker(long id, WorkerState state) {
		return new WorkerSnapshot(WorkerId.of(id), (int) id, 1, 100 + id, 40000, state, AT, 0, 0, 0, 0, null, null,
				null);
	}

}

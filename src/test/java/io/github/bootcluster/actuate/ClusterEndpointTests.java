package io.github.bootcluster.actuate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterBroadcast;
import io.github.bootcluster.ClusterOperations;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.CommandOutcome.Status;
import io.github.bootcluster.LoggerLevel;
import io.github.bootcluster.OutputLines;
import io.github.bootcluster.ThreadDump;
import io.github.bootcluster.TrafficRates;
import io.github.bootcluster.WorkerDiagnostics;
import io.github.bootcluster.WorkerId;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/** What the endpoint makes of what it is asked. */
class ClusterEndpointTests {

	private final Cluster cluster = mock(Cluster.class);

	private final List<String> asked = new ArrayList<>();

	private CompletableFuture<CommandOutcome> levelOutcome = CompletableFuture
		.completedFuture(CommandOutcome.succeeded("Done."));

	private ThreadDump dump = new ThreadDump(CommandOutcome.succeeded("These are they."), "threads");

	private final ClusterEndpoint endpoint = new ClusterEndpoint(
			new ClusterView(this.cluster, telemetry(), (number) -> List.of(), (id, after) -> OutputLines.NONE, null),
			ClusterOperations.none("Nothing to command."), ClusterBroadcast.none("Nobody to tell."), new Diagnostics());

	@Test
	void eventsAreReadBesideWorkers() {
		given(this.cluster.snapshot()).willReturn(mock(ClusterSnapshot.class));
		assertThat(this.endpoint.part("events", null)).isEqualTo(new EventsDescriptor(List.of(), 0));
		assertThat(this.endpoint.part("events", "18")).isEqualTo(new EventsDescriptor(List.of(), 0));
		assertThat(this.endpoint.part("7", null)).as("no such worker").isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "", "-1", "1.5", "9999999999999999999", "0x1" })
	void lineOrEventThatIsNoNumberIsRefused(String after) {
		assertThatRefused(() -> this.endpoint.part("events", after))
			.withMessage("'after' is '%s', but must be a whole number from 0".formatted(after));
		assertThatRefused(() -> this.endpoint.part("1", after)).withMessageContaining("'after'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "Events", "-1", "9999999999999999999" })
	void partThatIsNotThereIsRefused(String part) {
		assertThatRefused(() -> this.endpoint.part(part, null))
			.withMessage("'%s' is not the id of a worker, which is a whole number".formatted(part));
		assertThatRefused(() -> this.endpoint.commandWorker(part, "kill", null, null, null))
			.withMessageContaining("is not the id of a worker");
	}

	@Test
	void idsStartAtOne() {
		assertThatRefused(() -> this.endpoint.part("0", null)).withMessage("Worker ids start at 1, not 0");
		assertThatRefused(() -> this.endpoint.commandWorker("0", "kill", null, null, null))
			.withMessage("Worker ids start at 1, not 0");
		assertThatRefused(() -> this.endpoint.commandWorker("events", "kill", null, null, null))
			.withMessageContaining("'events' is not the id");
	}

	@Test
	void threadDumpIsPartOfTheAnswer() {
		WebEndpointResponse<CommandDescriptor> answer = this.endpoint.commandWorker("3", "thread-dump", null, null,
				null);
		assertThat(answer.getStatus()).isEqualTo(200);
		assertThat(answer.getBody())
			.isEqualTo(new CommandDescriptor("thread-dump", Status.SUCCEEDED, "These are they.", List.of(), "threads"));
		this.dump = ThreadDump.none(CommandOutcome.accepted("In its output."));
		answer = this.endpoint.commandWorker("3", "thread-dump", null, null, "true");
		assertThat(answer.getStatus()).isEqualTo(202);
		assertThat(answer.getBody().threadDump()).isNull();
		assertThat(this.asked).containsExactly("threads of 3 for code of the launcher",
				"threads of 3 for code of the launcher");
	}

	@Test
	void levelIsSetInAllOrInOne() {
		assertThat(this.endpoint.command("log-level", null, null, null, "org.example", "DEBUG", null).getStatus())
			.isEqualTo(200);
		assertThat(this.endpoint.commandWorker("3", "log-level", "org.example", null, null).getStatus()).isEqualTo(200);
		assertThat(this.asked).containsExactly("org.example=DEBUG for code of the launcher",
				"org.example=RESET in 3 for code of the launcher");
	}

	@Test
	void whoDoesNotWaitIsToldThatTheWorkersAre() {
		this.levelOutcome = new CompletableFuture<>();
		WebEndpointResponse<CommandDescriptor> answer = this.endpoint.command("log-level", null, null, null,
				"org.example", "DEBUG", "false");
		assertThat(answer.getStatus()).isEqualTo(202);
		assertThat(answer.getBody().message()).isEqualTo("The workers are told.");
	}

	@Test
	void levelThatMakesNoSenseIsRefused() {
		assertThatRefused(() -> this.endpoint.command("log-level", null, null, null, null, "DEBUG", null))
			.withMessage("'logger' is missing");
		assertThatRefused(() -> this.endpoint.command("log-level", null, null, null, "a b", "DEBUG", null))
			.withMessageContaining("'logger' must be");
		assertThatRefused(() -> this.endpoint.commandWorker("1", "log-level", "a", "LOUD", null))
			.withMessageContaining("'level' must be one of TRACE");
		assertThatRefused(() -> this.endpoint.command("reload", null, null, null, "a", null, null))
			.withMessage("'logger' goes with the action 'log-level' only");
		assertThatRefused(() -> this.endpoint.commandWorker("1", "thread-dump", null, "DEBUG", null))
			.withMessage("'level' goes with the action 'log-level' only");
		assertThatRefused(() -> this.endpoint.commandWorker("1", "explode", null, null, null))
			.withMessageContaining("'thread-dump', 'log-level'");
		assertThat(this.asked).isEmpty();
	}

	private static ThrowableAssertAlternative<InvalidEndpointRequestException> assertThatRefused(
			ThrowingCallable request) {
		return assertThatExceptionOfType(InvalidEndpointRequestException.class).isThrownBy(request);
	}

	private static ClusterTelemetry telemetry() {
		ClusterTelemetry telemetry = mock(ClusterTelemetry.class);
		given(telemetry.traffic())
			.willReturn(new TrafficRates(Duration.ofSeconds(10), TrafficRates.Rates.NONE, Map.of()));
		given(telemetry.vitals(any())).willReturn(Optional.empty());
		return telemetry;
	}

	private final class Diagnostics implements WorkerDiagnostics {

		@Override
		public CompletionStage<ThreadDump> dumpThreads(WorkerId worker, String source) {
			ClusterEndpointTests.this.asked.add("threads of %s for %s".formatted(worker, source));
			return CompletableFuture.completedStage(ClusterEndpointTests.this.dump);
		}

		@Override
		public CompletionStage<CommandOutcome> setLevel(LoggerLevel level, String source) {
			ClusterEndpointTests.this.asked.add("%s for %s".formatted(level, source));
			return ClusterEndpointTests.this.levelOutcome;
		}

		@Override
		public CompletionStage<CommandOutcome> setLevel(WorkerId worker, LoggerLevel level, String source) {
			ClusterEndpointTests.this.asked.add("%s in %s for %s".formatted(level, worker, source));
			return ClusterEndpointTests.this.levelOutcome;
		}

	}

}

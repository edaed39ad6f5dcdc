package io.github.bootcluster.ctl;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.ClusterOperations;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterTelemetry;
import io.github.bootcluster.SessionStoreHealth;
import io.github.bootcluster.TrafficRates;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.OutputLines;
import io.github.bootcluster.ReloadSnapshot;
import io.github.bootcluster.Role;
import io.github.bootcluster.TimelineEntry;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlMessage.Ask;
import io.github.bootcluster.control.ControlMessage.Presumption;
import io.github.bootcluster.control.OperatorReply.End;
import io.github.bootcluster.control.OperatorReply.Farewell;
import io.github.bootcluster.control.OperatorReply.NotConfirmed;
import io.github.bootcluster.control.OperatorScreen;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OperatorDeskTests {

	private static final OperatorScreen TERMINAL = new OperatorScreen(50, true, true, false);

	private final Map<WorkerId, List<String>> lines = new HashMap<>();

	/** How many of the lines. */
	private int kept = Integer.MAX_VALUE;

	private final List<String> given = new ArrayList<>();

	private final List<TimelineEntry> timeline = new ArrayList<>();

	private final List<String> stops = new ArrayList<>();

	private CompletableFuture<CommandOutcome> outcome = CompletableFuture
		.completedFuture(CommandOutcome.succeeded("Done."));

	private ClusterSnapshot snapshot = Snapshots.cluster();

	private final OperatorDesk desk = new OperatorDesk(true, () -> Snapshots.NOW);

	@Test
	void nobodyIsServedBeforeThereIsACluster() throws IOException {
		RecordedConnection connection = new RecordedConnection();
		this.desk.asked("test", ask(OperatorScreen.NONE, "status"), connection);
		assertThat(connection.errors()).contains("only just starting");
		assertThat(connection.last()).isEqualTo(new End(4));
	}

	@Test
	void whoeverPresumesIsServedOnlyWhereItWouldBeItself() throws IOException {
		open();
		RecordedConnection connection = new RecordedConnection();
		Presumption other = new Presumption("/other/app.jar", "/other", 0);
		this.desk.asked("test", new Ask(List.of("stop"), OperatorScreen.NONE, 1, other), connection);
		assertThat(connection.last()).isEqualTo(new NotConfirmed());
		assertThat(this.stops).isEmpty();
	}

	@Test
	void statusIsATableOrTheDocumentOfTheEndpoint() throws IOException {
		RecordedConnection table = asked("status");
		assertThat(table.output()).startsWith("DEGRADED   2 of 3 ready").contains("SLOT", "BACKOFF");
		assertThat(table.last()).isEqualTo(new End(0));
		RecordedConnection json = asked("status", "--json");
		assertThat(json.output()).startsWith("{\"state\":\"DEGRADED\",\"policy\":\"round-robin\",\"generation\":2,")
			.contains("\"startedAt\":\"2026-11-22T17:57:55Z\"")
			.endsWith("\"leader\":2}\n")
			.doesNotContain("null");
		assertThat(this.given).isEmpty();
	}

	@Test
	void whatMakesNoSenseIsRefusedHereToo() throws IOException {
		RecordedConnection connection = asked("explode", "--now");
		assertThat(connection.errors()).contains("There is no command 'explode'");
		assertThat(connection.last()).isEqualTo(new End(2));
	}

	@Test
	void commandIsGivenInTheNameOfItsOperator() throws IOException {
		RecordedConnection connection = asked("scale=4", "--no-wait");
		assertThat(this.given).containsExactly(new ClusterCommand.Scale(4) + " false command line, user eve, pid 7");
		assertThat(connection.output()).isEqualTo("Done.\n");
		assertThat(connection.last()).isEqualTo(new End(0));
	}

	@Test
	void failureIsToldWithTheLastWordsOfTheWorker() throws IOException {
		this.lines.put(WorkerId.of(5), List.of("one", "two"));
		this.outcome = CompletableFuture.completedFuture(CommandOutcome.failed("It failed.", WorkerId.of(5)));
		RecordedConnection connection = asked("reload");
		assertThat(connection.errors()).isEqualTo("It failed.\nLast lines of worker 5:\n  one\n  two\n");
		assertThat(connection.last()).isEqualTo(new End(1));
		RecordedConnection json = asked("reload", "--json");
		assertThat(json.output()).isEqualTo(
				"{\"action\":\"reload\",\"outcome\":\"FAILED\",\"message\":\"It failed.\",\"output\":[\"one\",\"two\"]}\n");
		assertThat(json.last()).isEqualTo(new End(1));
	}

	@Test
	void refusalsHaveTheirOwnStatus() throws IOException {
		Map<CommandOutcome.Status, Integer> statuses = Map.of(CommandOutcome.Status.REFUSED, 4,
				CommandOutcome.Status.UNKNOWN_WORKER, 4, CommandOutcome.Status.INVALID, 2,
				CommandOutcome.Status.ACCEPTED, 0);
		for (Map.Entry<CommandOutcome.Status, Integer> each : statuses.entrySet()) {
			this.outcome = CompletableFuture.completedFuture(new CommandOutcome(each.getKey(), "Because.", null));
			assertThat(asked("kill=3").last()).as("%s", each.getKey()).isEqualTo(new End(each.getValue()));
		}
	}

	@Test
	void reloadIsALineForEachStepInAPipe() throws IOException {
		assertThat(reload(OperatorScreen.NONE)).isEqualTo("""
				Generation 3: the application is copied
				Generation 3: 0 of 4 slots have their new worker
				Generation 3: 2 of 4 slots have their new worker
				Done.
				""");
	}

	@Test
	void reloadIsALineThatIsWrittenOverAtATerminal() throws IOException {
		String rewrite = "\r\033[K";
		assertThat(reload(TERMINAL)).isEqualTo(rewrite + "[--------------------] Generation 3: the applicat" + rewrite
				+ "[--------------------] Generation 3: 0 of 4 slots" + rewrite
				+ "[##########----------] Generation 3: 2 of 4 slots" + rewrite + "Done.\n");
	}

	@Test
	void operatorThatLeavesEndsTheWaitAndNotTheReload() {
		this.outcome = new CompletableFuture<>();
		open();
		RecordedConnection connection = new RecordedConnection(1, () -> {
		});
		assertThatExceptionOfType(EOFException.class)
			.isThrownBy(() -> this.desk.asked("test", ask(OperatorScreen.NONE, "reload"), connection));
		assertThat(this.outcome).isNotDone();
	}

	@Test
	void logsTellWhoseALineIs() throws IOException {
		this.lines.put(WorkerId.of(12), List.of("a", "b", "c"));
		this.lines.put(WorkerId.of(2), List.of("é…"));
		assertThat(asked("logs", "--lines=2").output()).isEqualTo("worker 12 | b\nworker 12 | c\nworker 2 | é…\n");
		assertThat(asked(TERMINAL, "logs=2").output()).isEqualTo("?...\n");
		assertThat(asked("logs=2", "--json").output()).isEqualTo("{\"worker\":2,\"line\":\"é…\"}\n");
		assertThat(asked("logs=77").errors()).contains("no worker 77");
		assertThat(asked("logs=77").last()).isEqualTo(new End(4));
	}

	@Test
	void controlCharactersOfWorkersReachAPipeAndNoTerminal() throws IOException {
		this.lines.put(WorkerId.of(2), List.of("a\033[2Jb"));
		assertThat(asked("logs=2").output()).isEqualTo("a\033[2Jb\n");
		assertThat(asked(TERMINAL, "logs=2").output()).isEqualTo("a?[2Jb\n");
		this.outcome = CompletableFuture.completedFuture(CommandOutcome.failed("It failed.", WorkerId.of(2)));
		assertThat(asked(TERMINAL, "restart=2").errors()).endsWith("Last lines of worker 2:\n  a?[2Jb\n");
	}

	@Test
	void logsGoOnWithWhatIsWrittenAndWithWorkersThatAreNew() {
		this.lines.put(WorkerId.of(2), new ArrayList<>(List.of("old")));
		ClusterSnapshot later = this.snapshot;
		this.snapshot = withoutWorkers(later);
		open();
		int[] look = { 0 };
		RecordedConnection connection = new RecordedConnection(3, () -> {
			if (++look[0] == 2) {
				this.snapshot = later;
			}
			if (look[0] == 3) {
				this.lines.get(WorkerId.of(2)).add("new");
			}
		});
		assertThatExceptionOfType(EOFException.class)
			.isThrownBy(() -> this.desk.asked("test", ask(OperatorScreen.NONE, "logs", "--follow"), connection));
		assertThat(connection.output()).isEqualTo("worker 2 | old\nworker 2 | new\n");
	}

	@Test
	void logsOfAWorkerEndWithIt() throws IOException {
		this.lines.put(WorkerId.of(77), List.of("last"));
		open();
		RecordedConnection connection = new RecordedConnection(5, this.lines::clear);
		this.desk.asked("test", ask(OperatorScreen.NONE, "logs=77", "--follow"), connection);
		assertThat(connection.output()).isEqualTo("last\n");
		assertThat(connection.last()).isEqualTo(new End(0));
	}

	@Test
	void logsOfAWorkerEndWithItsLastWordsAlthoughTheseAreKept() throws IOException {
		this.lines.put(WorkerId.of(2), new ArrayList<>(List.of("old")));
		open();
		int[] look = { 0 };
		RecordedConnection connection = new RecordedConnection(5, () -> {
			if (++look[0] == 2) {
				this.snapshot = withoutWorkers(this.snapshot);
			}
			if (look[0] == 3) {
				this.lines.get(WorkerId.of(2)).add("last words");
			}
		});
		this.desk.asked("test", ask(OperatorScreen.NONE, "logs=2", "--follow"), connection);
		assertThat(connection.output()).isEqualTo("old\nlast words\n");
		assertThat(connection.last()).isEqualTo(new End(0));
		assertThat(look[0]).isEqualTo(4);
	}

	@Test
	void missedLinesAreToldOfBesideJsonToo() throws IOException {
		this.lines.put(WorkerId.of(77), List.of("first"));
		open();
		this.kept = 1;
		RecordedConnection connection = new RecordedConnection(5,
				() -> this.lines.put(WorkerId.of(77), List.of("first", "missed", "missed, too", "last")));
		this.desk.asked("test", ask(OperatorScreen.NONE, "logs=77", "--follow", "--json"), connection);
		assertThat(connection.errors()).isEqualTo("(2 lines of worker 77 came too fast to be shown)\n");
		assertThat(connection.output()).endsWith("{\"worker\":77,\"line\":\"last\"}\n").hasLineCount(2);
	}

	@Test
	void eventsAreToldAndFollowed() {
		event(1, "first");
		event(2, "second");
		open();
		RecordedConnection connection = new RecordedConnection(1, () -> event(3, "third"));
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> this.desk.asked("test",
				ask(OperatorScreen.NONE, "events", "--follow", "--lines=1", "--json"), connection));
		assertThat(connection.output().lines()).hasSize(2)
			.first()
			.isEqualTo("{\"number\":2,\"at\":\"2026-11-22T18:00:00Z\",\"kind\":\"READY\",\"worker\":3,\"slot\":1,"
					+ "\"generation\":1,\"message\":\"second\"}");
	}

	@Test
	void stopIsWaitedForByTheOperatorsOwnProcess() throws IOException {
		RecordedConnection connection = asked(leavingAfter(0), "stop");
		assertThat(this.stops).containsExactly("command line, user eve, pid 7");
		assertThat(connection.output()).startsWith("The cluster is stopping");
		assertThat(connection.last()).isEqualTo(new Farewell(ProcessHandle.current().pid(), "Stopped.\n"));
		assertThat(((Farewell) asked(leavingAfter(0), "stop", "--json").last()).text())
			.isEqualTo("{\"action\":\"stop\",\"outcome\":\"SUCCEEDED\",\"message\":\"Stopped.\",\"output\":[]}\n");
		assertThat(asked("stop", "--no-wait").last()).isEqualTo(new End(0));
	}

	@Test
	void connectionOfTheOneThatStopsStaysOpenAsLongAsTheLauncherLives() throws IOException {
		List<String> looks = new ArrayList<>();
		asked(new RecordedConnection(2, () -> looks.add("still open")), "stop");
		assertThat(looks).hasSize(3);
	}

	private String reload(OperatorScreen screen) throws IOException {
		this.outcome = new CompletableFuture<>();
		List<ClusterSnapshot> steps = new ArrayList<>(
				List.of(Snapshots.cluster(), Snapshots.cluster(Snapshots.reload(ReloadSnapshot.State.STAGING, 0, null)),
						Snapshots.cluster(Snapshots.reload(ReloadSnapshot.State.ROLLING, 0, null)),
						Snapshots.cluster(Snapshots.reload(ReloadSnapshot.State.ROLLING, 0, null)),
						Snapshots.cluster(Snapshots.reload(ReloadSnapshot.State.ROLLING, 2, null))));
		RecordedConnection connection = new RecordedConnection(Integer.MAX_VALUE, () -> {
			this.snapshot = steps.remove(0);
			if (steps.isEmpty()) {
				this.outcome.complete(CommandOutcome.succeeded("Done."));
			}
		});
		open();
		this.desk.asked("test", ask(screen, "reload"), connection);
		assertThat(connection.last()).isEqualTo(new End(0));
		return connection.output();
	}

	private RecordedConnection asked(String... words) throws IOException {
		return asked(OperatorScreen.NONE, words);
	}

	private RecordedConnection asked(RecordedConnection connection, String... words) throws IOException {
		open();
		this.desk.asked("command line, user eve, pid 7", ask(OperatorScreen.NONE, words), connection);
		return connection;
	}

	private static RecordedConnection leavingAfter(int looks) {
		return new RecordedConnection(looks, () -> {
		});
	}

	private RecordedConnection asked(OperatorScreen screen, String... words) throws IOException {
		open();
		RecordedConnection connection = new RecordedConnection();
		this.desk.asked("command line, user eve, pid 7", ask(screen, words), connection);
		return connection;
	}

	private void open() {
		ClusterOperations operations = (command, untilDone, source) -> {
			this.given.add(command + " " + untilDone + " " + source);
			return this.outcome;
		};
		this.desk.open(new OperatorDesk.Subject(new FakeCluster(), new FakeTelemetry(),
				(number) -> this.timeline.stream().filter((entry) -> entry.number() > number).toList(),
				this::linesAfter, operations, new FakeStore(), this.stops::add));
	}

	private OutputLines linesAfter(WorkerId worker, long number) {
		List<String> all = this.lines.getOrDefault(worker, List.of());
		int from = Math.max((int) Math.min(number, all.size()), all.size() - this.kept);
		return new OutputLines(all.size(), all.subList(Math.max(from, 0), all.size()));
	}

	private void event(long number, String message) {
		this.timeline
			.add(new TimelineEntry(number, Snapshots.NOW, TimelineEntry.Kind.READY, WorkerId.of(3), 1, 1, message));
	}

	private static ClusterSnapshot withoutWorkers(ClusterSnapshot snapshot) {
		return new ClusterSnapshot(snapshot.version(), snapshot.state(), snapshot.policy(), snapshot.generation(),
				snapshot.desiredWorkers(), snapshot.launcher(), snapshot.dispatcher(), snapshot.sessionStore(),
				List.of(), null, null);
	}

	private static Ask ask(OperatorScreen screen, String... words) {
		return new Ask(List.of(words), screen, 7, null);
	}

	private record FakeStore() implements SessionStoreHealth {

		@Override
		public String type() {
			return "embedded-h2";
		}

		@Override
		public String trouble() {
			return null;
		}

	}

	private static final class FakeTelemetry implements ClusterTelemetry {

		@Override
		public TrafficRates traffic() {
			return new TrafficRates(Duration.ZERO, TrafficRates.Rates.NONE, Map.of());
		}

		@Override
		public Optional<WorkerVitals> vitals(WorkerId id) {
			return Optional.empty();
		}

	}

	private final class FakeCluster implements Cluster {

		@Override
		public Role role() {
			return Role.LAUNCHER;
		}

		@Override
		public Optional<WorkerId> workerId() {
			return Optional.empty();
		}

		@Override
		public ClusterSnapshot snapshot() {
			return OperatorDeskTests.this.snapshot;
		}

	}

}

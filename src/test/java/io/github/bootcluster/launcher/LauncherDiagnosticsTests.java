package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.CommandOutcome.Status;
import io.github.bootcluster.LoggerLevel;
import io.github.bootcluster.ThreadDump;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlListener.Connection;
import io.github.bootcluster.control.ControlMessage.Answer;
import io.github.bootcluster.control.ControlMessage.DumpThreads;
import io.github.bootcluster.control.ControlMessage.FromLauncher;
import io.github.bootcluster.control.ControlMessage.SetLevel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LauncherDiagnosticsTests {

	private static final LoggerLevel DEBUG = LoggerLevel.of("org.example", "DEBUG");

	private static final LoggerLevel RESET = LoggerLevel.of("org.example", null);

	/** Short: only those that are meant not to answer are waited for. */
	private final Inquiries inquiries = new Inquiries(Duration.ofMillis(500));

	private final SupervisorFixture fixture = new SupervisorFixture(3).allReady();

	private final List<WorkerId> signalled = new ArrayList<>();

	private final Map<WorkerId, LoggerLevel> levels = new ConcurrentHashMap<>();

	private boolean signals = true;

	private final LauncherDiagnostics diagnostics = new LauncherDiagnostics(this.inquiries, this.fixture::latest,
			(worker) -> {
				this.signalled.add(worker);
				return this.signals;
			});

	@Test
	void threadsAreThoseTheWorkerTells() throws Exception {
		connect(1);
		ThreadDump dump = ended(this.diagnostics.dumpThreads(WorkerId.of(1), "a test"));
		assertThat(dump.outcome().status()).isEqualTo(Status.SUCCEEDED);
		assertThat(dump.text()).isEqualTo("threads of 1");
		assertThat(this.signalled).isEmpty();
	}

	@Test
	void workerThatDoesNotAnswerIsSignalled() throws Exception {
		connectMute(1);
		ThreadDump dump = ended(this.diagnostics.dumpThreads(WorkerId.of(1), "a test"));
		assertThat(dump.outcome().status()).isEqualTo(Status.ACCEPTED);
		assertThat(dump.outcome().message()).contains("Worker 1 did not answer", "SIGQUIT", "in its output");
		assertThat(dump.text()).isNull();
		assertThat(this.signalled).containsExactly(WorkerId.of(1));
	}

	@Test
	void workerThatCannotBeSignalledEitherFails() throws Exception {
		this.signals = false;
		connectMute(1);
		ThreadDump dump = ended(this.diagnostics.dumpThreads(WorkerId.of(1), "a test"));
		assertThat(dump.outcome().status()).isEqualTo(Status.FAILED);
		assertThat(dump.outcome().message()).contains("SIGQUIT either");
	}

	@Test
	void workerThatCannotTellSaysWhy() throws Exception {
		connectFailing(1, "its JVM is another");
		ThreadDump dump = ended(this.diagnostics.dumpThreads(WorkerId.of(1), "a test"));
		assertThat(dump.outcome()).isEqualTo(CommandOutcome.failed("Worker 1 could not: its JVM is another.", null));
	}

	@Test
	void unknownWorkerAndOneThatHasNotJoinedAreTold() throws Exception {
		assertThat(ended(this.diagnostics.dumpThreads(WorkerId.of(9), "a test")).outcome().status())
			.isEqualTo(Status.UNKNOWN_WORKER);
		assertThat(ended(this.diagnostics.setLevel(WorkerId.of(9), DEBUG, "a test")).status())
			.isEqualTo(Status.UNKNOWN_WORKER);
		assertThat(ended(this.diagnostics.dumpThreads(WorkerId.of(1), "a test")).outcome().status())
			.isEqualTo(Status.REFUSED);
		assertThat(ended(this.diagnostics.setLevel(WorkerId.of(1), DEBUG, "a test")).message())
			.contains("has not joined");
	}

	@Test
	void levelOfOneWorkerIsNobodyElses() throws Exception {
		connect(1);
		connect(2);
		assertThat(ended(this.diagnostics.setLevel(WorkerId.of(2), DEBUG, "a test")))
			.isEqualTo(CommandOutcome.succeeded("Logger org.example has the level DEBUG in worker 2."));
		connect(3);
		assertThat(this.levels).isEqualTo(Map.of(WorkerId.of(2), DEBUG));
	}

	@Test
	void levelOfAllIsThatOfThoseThatComeUntilItIsReset() throws Exception {
		connect(2);
		connect(1);
		assertThat(ended(this.diagnostics.setLevel(DEBUG, "a test"))).isEqualTo(CommandOutcome.succeeded(
				"Logger org.example has the level DEBUG in worker 1, worker 2; those that start later get it, too."));
		connect(3);
		assertThat(this.levels).containsOnlyKeys(WorkerId.of(1), WorkerId.of(2), WorkerId.of(3));
		assertThat(ended(this.diagnostics.setLevel(RESET, "a test"))).isEqualTo(CommandOutcome
			.succeeded("Logger org.example has its configured level again in worker 1, worker 2, worker 3."));
		assertThat(this.levels.values()).containsOnly(RESET);
		this.levels.clear();
		connect(4);
		assertThat(this.levels).isEmpty();
	}

	@Test
	void levelThatSomeDoNotTakeIsToldOfThem() throws Exception {
		connect(1);
		connectFailing(2, "no levels here");
		connectMute(3);
		CommandOutcome outcome = ended(this.diagnostics.setLevel(DEBUG, "a test"));
		assertThat(outcome.status()).isEqualTo(Status.FAILED);
		assertThat(outcome.message()).startsWith(
				"Logger org.example has the level DEBUG in worker 1; not in worker 2 (no levels here), worker 3 (did not answer within");
	}

	@Test
	void workerThatEndsMeanwhileIsNoFailure() throws Exception {
		connect(1);
		connectMute(2);
		CompletionStage<CommandOutcome> outcome = this.diagnostics.setLevel(DEBUG, "a test");
		this.inquiries.disconnected(WorkerId.of(2));
		assertThat(ended(outcome).message()).contains("in worker 1;");
		assertThat(ended(outcome).status()).isEqualTo(Status.SUCCEEDED);
	}

	@Test
	void levelMayBeSetBeforeThereIsAWorker() throws Exception {
		assertThat(ended(this.diagnostics.setLevel(DEBUG, "a test")).message())
			.isEqualTo("Logger org.example has the level DEBUG in no worker; those that start later get it, too.");
	}

	@Test
	void thereIsAnEndToWhatIsKept() throws Exception {
		for (int i = 0; i < LauncherDiagnostics.MAX_LOGGERS; i++) {
			assertThat(ended(this.diagnostics.setLevel(LoggerLevel.of("logger" + i, "DEBUG"), "a test")).status())
				.isEqualTo(Status.SUCCEEDED);
		}
		assertThat(ended(this.diagnostics.setLevel(DEBUG, "a test")))
			.isEqualTo(CommandOutcome.refused("The levels of 250 loggers are set already: reset some of them."));
		assertThat(ended(this.diagnostics.setLevel(LoggerLevel.of("logger0", "TRACE"), "a test")).status())
			.isEqualTo(Status.SUCCEEDED);
		assertThat(ended(this.diagnostics.setLevel(LoggerLevel.of("logger0", "RESET"), "a test")).status())
			.isEqualTo(Status.SUCCEEDED);
		assertThat(ended(this.diagnostics.setLevel(DEBUG, "a test")).status()).isEqualTo(Status.SUCCEEDED);
	}

	/** One that does what it is told. */
	private void connect(long id) {
		WorkerId worker = WorkerId.of(id);
		connect(worker, (message) -> {
			if (message instanceof DumpThreads question) {
				this.inquiries.answered(worker, new Answer(question.question(), true, "threads of " + worker));
			}
			else if (message instanceof SetLevel question) {
				this.levels.put(worker, question.level());
				this.inquiries.answered(worker, new Answer(question.question(), true, ""));
			}
		});
	}

	private void connectMute(long id) {
		connect(WorkerId.of(id), (message) -> {
		});
	}

	private void connectFailing(long id, String why) {
		WorkerId worker = WorkerId.of(id);
		connect(worker, (message) -> {
			long question = (message instanceof DumpThreads dump) ? dump.question() : ((SetLevel) message).question();
			this.inquiries.answered(worker, new Answer(question, false, why));
		});
	}

	private void connect(WorkerId worker, Listener listener) {
		this.inquiries.connected(worker, new Connection() {

			@Override
			public boolean send(FromLauncher message) {
				listener.hear(message);
				return true;
			}

			@Override
			public long backlog() {
				return 0;
			}

		});
	}

	private static <T> T ended(CompletionStage<T> stage) throws Exception {
		return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
	}

	private interface Listener {

		void hear(FromLauncher message);

	}

}

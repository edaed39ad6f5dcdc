package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.CommandOutcome.Status;
import io.github.bootcluster.LoggerLevel;
import io.github.bootcluster.LoggerLevel.Level;
import io.github.bootcluster.ThreadDump;
import io.github.bootcluster.WorkerDiagnostics;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.control.ControlMessage.DumpThreads;
import io.github.bootcluster.control.ControlMessage.SetLevel;
import io.github.bootcluster.launcher.Inquiries.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the workers of the same application. Logs every wish with its source. Safe for use
 * by any thread.
 */
final class LauncherDiagnostics implements WorkerDiagnostics {

	private static final Logger logger = LoggerFactory.getLogger(LauncherDiagnostics.class);

	/** How long a worker may take to answer. */
	static final Duration PATIENCE = Duration.ofSeconds(5);

	/** Far more than anybody needs, and few enough to be told every worker. */
	static final int MAX_LOGGERS = 250;

	private final Inquiries inquiries;

	private final Supplier<ClusterSnapshot> cluster;

	private final Predicate<WorkerId> signal;

	/**
	 * Create them.
	 * @param cluster the cluster now
	 * @param signal has a worker write its threads to its output, and says whether it was
	 * told to
	 */
	LauncherDiagnostics(Inquiries inquiries, Supplier<ClusterSnapshot> cluster, Predicate<WorkerId> signal) {
		this.inquiries = inquiries;
		this.cluster = cluster;
		this.signal = signal;
	}

	@Override
	public CompletionStage<ThreadDump> dumpThreads(WorkerId worker, String source) {
		if (isUnknown(worker)) {
			return CompletableFuture
				.completedStage(ThreadDump.none(logged("thread-dump of worker " + worker, source, unknown(worker))));
		}
		return this.inquiries.ask(worker, DumpThreads::new).thenApply((reply) -> {
			ThreadDump dump = threadDump(worker, reply);
			logged("thread-dump of worker " + worker, source, dump.outcome());
			return dump;
		});
	}

	@Override
	public CompletionStage<CommandOutcome> setLevel(LoggerLevel level, String source) {
		String command = "log-level of all workers, " + level;
		if (level.level() != Level.RESET && this.inquiries.isFull(level.logger(), MAX_LOGGERS)) {
			return CompletableFuture.completedStage(logged(command, source, CommandOutcome
				.refused("The levels of %d loggers are set already: reset some of them.".formatted(MAX_LOGGERS))));
		}
		Map<WorkerId, CompletableFuture<Reply>> replies = (level.level() != Level.RESET)
				? this.inquiries.askAll(level.logger(), (question) -> new SetLevel(question, level))
				: this.inquiries.askAllFor(level.logger(), (question) -> new SetLevel(question, level));
		return CompletableFuture.allOf(replies.values().toArray(CompletableFuture<?>[]::new))
			.thenApply((nothing) -> logged(command, source, outcome(level, replies)));
	}

	@Override
	public CompletionStage<CommandOutcome> setLevel(WorkerId worker, LoggerLevel level, String source) {
		String command = "log-level of worker %s, %s".formatted(worker, level);
		if (isUnknown(worker)) {
			return CompletableFuture.completedStage(logged(command, source, unknown(worker)));
		}
		return this.inquiries.ask(worker, (question) -> new SetLevel(question, level))
			.thenApply((reply) -> logged(command, source, outcome(worker, level, reply)));
	}

	private ThreadDump threadDump(WorkerId worker, Reply reply) {
		if (reply instanceof Reply.Answered answered) {
			return answered.done()
					? new ThreadDump(CommandOutcome.succeeded("These are the threads of worker %s.".formatted(worker)),
							answered.text())
					: ThreadDump.none(failed(worker, answered.text()));
		}
		if (reply instanceof Reply.Gone) {
			return ThreadDump.none(CommandOutcome.refused(cannotBeAsked(worker)));
		}
		String late = "Worker %s did not answer within %s".formatted(worker, Seconds.of(PATIENCE));
		return ThreadDump.none(this.signal.test(worker)
				? CommandOutcome.accepted(late
						+ ": it was sent SIGQUIT, so that its threads show in its output as soon as it can write them.")
				: CommandOutcome.failed(late + ", and cannot be made to write its threads by SIGQUIT either.", null));
	}

	private static CommandOutcome outcome(WorkerId worker, LoggerLevel level, Reply reply) {
		if (reply instanceof Reply.Answered answered) {
			return answered.done() ? CommandOutcome.succeeded("%s in worker %s.".formatted(describe(level), worker))
					: failed(worker, answered.text());
		}
		return (reply instanceof Reply.Gone) ? CommandOutcome.refused(cannotBeAsked(worker))
				: CommandOutcome.failed("Worker %s %s.".formatted(worker, whyLate()), null);
	}

	private static CommandOutcome outcome(LoggerLevel level, Map<WorkerId, CompletableFuture<Reply>> replies) {
		Map<WorkerId, String> failures = new TreeMap<>();
		Map<WorkerId, String> successes = new TreeMap<>();
		replies.forEach((worker, future) -> {
			Reply reply = future.join();
			if (reply instanceof Reply.Answered answered) {
				(answered.done() ? successes : failures).put(worker, answered.text());
			}
			else if (reply instanceof Reply.Late) {
				failures.put(worker, whyLate());
			}
			// One that is gone has a successor, which is told when it comes.
		});
		String done = successes.isEmpty() ? "no worker"
				: successes.keySet().stream().map((worker) -> "worker " + worker).collect(Collectors.joining(", "));
		String message = "%s in %s".formatted(describe(level), done);
		if (failures.isEmpty()) {
			return CommandOutcome
				.succeeded(message + ((level.level() != Level.RESET) ? "; those that start later get it, too." : "."));
		}
		return CommandOutcome.failed("%s; not in %s.".formatted(message,
				failures.entrySet()
					.stream()
					.map((failure) -> "worker %s (%s)".formatted(failure.getKey(), failure.getValue()))
					.collect(Collectors.joining(", "))),
				null);
	}

	private static String describe(LoggerLevel level) {
		return (level.level() != Level.RESET) ? "Logger %s has the level %s".formatted(level.logger(), level.level())
				: "Logger %s has its configured level again".formatted(level.logger());
	}

	private static String whyLate() {
		return "did not answer within %s, and does it once it gets to read".formatted(Seconds.of(PATIENCE));
	}

	private static CommandOutcome failed(WorkerId worker, String why) {
		return CommandOutcome.failed("Worker %s could not: %s.".formatted(worker, why), null);
	}

	private static String cannotBeAsked(WorkerId worker) {
		return "Worker %s cannot be asked: it has not joined the launcher yet, or has just ended.".formatted(worker);
	}

	private boolean isUnknown(WorkerId worker) {
		Optional<WorkerSnapshot> known = this.cluster.get().worker(worker);
		return known.filter((snapshot) -> snapshot.state().isAlive()).isEmpty();
	}

	private static CommandOutcome unknown(WorkerId worker) {
		return new CommandOutcome(Status.UNKNOWN_WORKER, "There is no live worker %s.".formatted(worker), null);
	}

	private static CommandOutcome logged(String command, String source, CommandOutcome outcome) {
		switch (outcome.status()) {
			case ACCEPTED, SUCCEEDED -> logger.info("{} (by {}): {}", command, source, outcome.message());
			case FAILED -> logger.error("{} (by {}) failed: {}", command, source, outcome.message());
			case REFUSED, INVALID, UNKNOWN_WORKER ->
				logger.warn("{} (by {}) refused: {}", command, source, outcome.message());
		}
		return outcome;
	}

}

package io.github.bootcluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Looks into workers while they run, and has them tell more. Changes nothing about who
 * serves. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface WorkerDiagnostics {

	/**
	 * Ask a worker what its threads do.
	 * @param source who wants to know, for the log
	 * @return completes within seconds, whatever the worker does
	 */
	CompletionStage<ThreadDump> dumpThreads(WorkerId worker, String source);

	/**
	 * Have all workers log from a level on: those there are and, until it is reset, those
	 * that will be.
	 * @param source who wants it, for the log
	 * @return completes within seconds, once every worker has answered
	 */
	CompletionStage<CommandOutcome> setLevel(LoggerLevel level, String source);

	/**
	 * Have one worker log from a level on, for as long as it lives.
	 * @param source who wants it, for the log
	 * @return completes within seconds, whatever the worker does
	 */
	CompletionStage<CommandOutcome> setLevel(WorkerId worker, LoggerLevel level, String source);

	/**
	 * Diagnostics of a process that can be asked nothing.
	 * @param why one sentence for whoever tries
	 */
	static WorkerDiagnostics none(String why) {
		return new WorkerDiagnostics() {

			@Override
			public CompletionStage<ThreadDump> dumpThreads(WorkerId worker, String source) {
				return CompletableFuture.completedStage(ThreadDump.none(CommandOutcome.refused(why)));
			}

			@Override
			public CompletionStage<CommandOutcome> setLevel(LoggerLevel level, String source) {
				return CompletableFuture.completedStage(CommandOutcome.refused(why));
			}

			@Override
			public CompletionStage<CommandOutcome> setLevel(WorkerId worker, LoggerLevel level, String source) {
				return setLevel(level, source);
			}

		};
	}

}

package io.github.bootcluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Has commands of operators carried out. Safe for use by any thread.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ClusterOperations {

	/**
	 * Give a command.
	 * @param command what to do
	 * @param untilDone whether to answer once it is done, or as soon as it is begun
	 * @param source who gives it, for the log
	 * @return completes with what became of it; exceptionally only for a defect
	 */
	CompletionStage<CommandOutcome> execute(ClusterCommand command, boolean untilDone, String source);

	/**
	 * Operations of a process that has nothing to command.
	 * @param why one sentence for whoever tries
	 */
	static ClusterOperations none(String why) {
		return (command, untilDone, source) -> CompletableFuture.completedStage(CommandOutcome.refused(why));
	}

}

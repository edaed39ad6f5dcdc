package io.github.bootcluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Sends a message of an operator to all workers. Safe for use by any thread.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ClusterBroadcast {

	/**
	 * Send a message.
	 * @param type name of the class that workers shall make of it
	 * @param payload the message: for {@code java.lang.String} the text itself, else JSON
	 * @return completes with what became of it once every worker has answered
	 */
	CompletionStage<CommandOutcome> broadcast(String type, String payload);

	/**
	 * A process that has nobody to send anything to.
	 * @param why one sentence for whoever tries
	 */
	static ClusterBroadcast none(String why) {
		return (type, payload) -> CompletableFuture.completedStage(CommandOutcome.refused(why));
	}

}

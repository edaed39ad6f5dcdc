package io.github.bootcluster.messaging;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

import io.github.bootcluster.ClusterBroadcast;
import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.CommandOutcome.Status;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.messaging.MessagingException.Reason;

/** Broadcasts of operators, sent by this process. */
public final class OperatorBroadcast implements ClusterBroadcast {

	private final MessagingNode node;

	public OperatorBroadcast(MessagingNode node) {
		this.node = node;
	}

	@Override
	public CompletionStage<CommandOutcome> broadcast(String type, String payload) {
		try {
			return send(type, payload).handle((result, failure) -> {
				if (failure == null) {
					return outcome(result);
				}
				if (failure instanceof MessagingException ex) {
					return CommandOutcome.failed(ex.getMessage() + ".", null);
				}
				throw new IllegalStateException("The broadcast failed", failure);
			});
		}
		catch (MessagingException ex) {
			boolean unreadable = ex.getReason() == Reason.UNREADABLE || ex.getReason() == Reason.TOO_LARGE;
			return CompletableFuture
				.completedStage(unreadable ? new CommandOutcome(Status.INVALID, ex.getMessage() + ".", null)
						: CommandOutcome.failed(ex.getMessage() + ".", null));
		}
	}

	private CompletableFuture<BroadcastResult> send(String type, String payload) {
		return type.equals(String.class.getName()) ? this.node.broadcast(payload)
				: this.node.broadcastJson(type, payload);
	}

	private static CommandOutcome outcome(BroadcastResult result) {
		if (!result.isComplete()) {
			return CommandOutcome.failed("Taken by %s; not by %s.".formatted(list(result.receivers()),
					new TreeMap<>(result.failures()).entrySet()
						.stream()
						.map(OperatorBroadcast::describe)
						.collect(Collectors.joining(", "))),
					null);
		}
		return result.receivers().isEmpty() ? CommandOutcome.refused("No worker takes messages at present.")
				: CommandOutcome.succeeded("Taken by %s.".formatted(list(result.receivers())));
	}

	private static String describe(Map.Entry<WorkerId, String> failure) {
		return "worker %s (%s)".formatted(failure.getKey(), failure.getValue());
	}

	private static String list(Collection<WorkerId> workers) {
		return workers.isEmpty() ? "none"
				: workers.stream().sorted().map((worker) -> "worker " + worker).collect(Collectors.joining(", "));
	}

}

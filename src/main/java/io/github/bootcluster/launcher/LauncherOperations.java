package io.github.bootcluster.launcher;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.ClusterOperations;
import io.github.bootcluster.CommandOutcome;

/** Hands commands to the supervisor. */
final class LauncherOperations implements ClusterOperations {

	private final Consumer<Fact> facts;

	LauncherOperations(Consumer<Fact> facts) {
		this.facts = facts;
	}

	@Override
	public CompletionStage<CommandOutcome> execute(ClusterCommand command, boolean untilDone, String source) {
		CompletableFuture<CommandOutcome> answer = new CompletableFuture<>();
		this.facts.accept(new Fact.CommandGiven(command, untilDone, source, answer));
		return answer;
	}

}

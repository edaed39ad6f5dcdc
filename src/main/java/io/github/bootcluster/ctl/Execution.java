package io.github.bootcluster.ctl;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.ClusterOperations;
import io.github.bootcluster.CommandOutcome;

/**
 * Has a command carried out while its operator waits. One that does not wait any more
 * changes nothing: what was begun goes on.
 */
final class Execution {

	private final CtlCommand.Order order;

	private final ClusterOperations operations;

	private final Cluster cluster;

	private final Printer printer;

	Execution(CtlCommand.Order order, ClusterOperations operations, Cluster cluster, Printer printer) {
		this.order = order;
		this.operations = operations;
		this.cluster = cluster;
		this.printer = printer;
	}

	CommandOutcome run(String operator) throws IOException {
		CompletableFuture<CommandOutcome> outcome = this.operations
			.execute(this.order.command(), this.order.untilDone(), operator)
			.toCompletableFuture();
		ReloadProgress progress = new ReloadProgress(this.printer);
		boolean shown = this.order.command() instanceof ClusterCommand.Reload && this.order.untilDone()
				&& !this.order.json();
		while (!outcome.isDone()) {
			this.printer.pause();
			if (shown) {
				progress.look(this.cluster.snapshot());
			}
		}
		progress.end();
		return result(outcome);
	}

	private static CommandOutcome result(CompletableFuture<CommandOutcome> outcome) throws IOException {
		try {
			return outcome.get();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("A command could not be carried out", ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while an operator waits", ex);
		}
	}

}

package io.github.bootcluster.actuate;

import java.util.List;

import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.CommandOutcome.Status;
import io.github.bootcluster.ThreadDump;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What became of a command, as operators and their programs read it.
 *
 * @param action the command
 * @param outcome how far it came
 * @param message one or two sentences
 * @param output the last lines of the worker that was to blame, oldest first; empty if
 * none was
 * @param threadDump what the threads of a worker do; left out if that was not asked for,
 * or could not be had
 */
public record CommandDescriptor(String action, Status outcome, String message, List<String> output,
		@Nullable String threadDump) implements OperationResponseBody {

	public static CommandDescriptor of(String action, CommandOutcome outcome, ClusterView view) {
		return of(action, ThreadDump.none(outcome), view);
	}

	static CommandDescriptor of(String action, ThreadDump dump, ClusterView view) {
		CommandOutcome outcome = dump.outcome();
		return new CommandDescriptor(action, outcome.status(), outcome.message(), view.lastWords(outcome.witness()),
				dump.text());
	}

}

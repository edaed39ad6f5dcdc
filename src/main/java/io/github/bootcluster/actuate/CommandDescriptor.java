package io.github.bootcluster.actuate;

import java.util.List;

import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.CommandOutcome.Status;
import io.github.bootcluster.WorkerOutput;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What became of a command, as operators and their programs read it.
 *
 * @param action the command
 * @param outcome how far it came
 * @param message one or two sentences
 * @param output the last lines of the worker that was to blame, oldest first; empty if
 * none was
 */
public record CommandDescriptor(String action, Status outcome, String message,
		List<String> output) implements OperationResponseBody {

	public static CommandDescriptor of(String action, CommandOutcome outcome, WorkerOutput output) {
		return new CommandDescriptor(action, outcome.status(), outcome.message(),
				LastWords.of(outcome.witness(), output));
	}

}

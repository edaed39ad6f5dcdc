package io.github.bootcluster.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.CommandOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the operators' commands and answers them: at once, or when what was begun has
 * come to its end. Logs every command with its source. Owned by the supervisor's thread.
 */
final class CommandDesk {

	private static final Logger logger = LoggerFactory.getLogger(CommandDesk.class);

	private final Commands commands;

	private final List<UnderWay> underWay = new ArrayList<>();

	CommandDesk(Commands commands) {
		this.commands = commands;
	}

	/**
	 * Begin a command.
	 * @param obstacle why none can be begun now; empty if it can
	 */
	void take(Fact.CommandGiven given, Optional<String> obstacle) {
		try {
			Undertaking undertaking = obstacle.map((why) -> Undertaking.over(CommandOutcome.refused(why)))
				.orElseGet(() -> this.commands.begin(given.command(), given.source()));
			CommandOutcome outcome = undertaking.end().get();
			if (outcome != null) {
				answer(given, outcome);
				return;
			}
			this.underWay.add(new UnderWay(given, undertaking));
			CommandOutcome accepted = CommandOutcome.accepted(undertaking.message());
			log(given, accepted);
			if (!given.untilDone()) {
				given.answer().complete(accepted);
			}
		}
		catch (RuntimeException | Error ex) {
			given.answer().completeExceptionally(ex);
			throw ex;
		}
	}

	/** Answer those whose commands have come to their ends. */
	void look() {
		for (UnderWay one : List.copyOf(this.underWay)) {
			CommandOutcome outcome = one.undertaking().end().get();
			if (outcome != null) {
				this.underWay.remove(one);
				answer(one.given(), outcome);
			}
		}
	}

	/** The cluster stops: nothing comes to its own end any more. */
	void close() {
		look();
		this.underWay.forEach((one) -> answer(one.given(),
				CommandOutcome.failed("The cluster was stopped before this was done.", null)));
		this.underWay.clear();
	}

	private static void answer(Fact.CommandGiven given, CommandOutcome outcome) {
		log(given, outcome);
		given.answer().complete(outcome);
	}

	private static void log(Fact.CommandGiven given, CommandOutcome outcome) {
		String command = (given.command() instanceof ClusterCommand.ForWorker forWorker)
				? "%s of worker %s".formatted(forWorker.action(), forWorker.worker()) : given.command().action();
		switch (outcome.status()) {
			case ACCEPTED, SUCCEEDED -> logger.info("{} (by {}): {}", command, given.source(), outcome.message());
			case FAILED -> logger.error("{} (by {}) failed: {}", command, given.source(), outcome.message());
			case REFUSED, INVALID, UNKNOWN_WORKER ->
				logger.warn("{} (by {}) refused: {}", command, given.source(), outcome.message());
		}
	}

	/** A command that has not come to its end. */
	private record UnderWay(Fact.CommandGiven given, Undertaking undertaking) {

	}

}

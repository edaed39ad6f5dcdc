package io.github.bootcluster.ctl;

import java.util.List;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.WorkerId;
import org.jspecify.annotations.Nullable;

/** What an operator wants. */
sealed interface CtlCommand {

	/** Whether the answer shall be JSON. */
	default boolean json() {
		return false;
	}

	/**
	 * Read a command and its options.
	 * @throws CtlUsageException if they make no sense
	 */
	static CtlCommand parse(List<String> words) {
		return new CtlParser(words).parse();
	}

	/** How to use this. */
	record Help() implements CtlCommand {

	}

	/**
	 * The cluster now.
	 *
	 * @param watchMillis time until it is shown again, 0 for just once
	 */
	record Status(boolean json, long watchMillis) implements CtlCommand {

	}

	/**
	 * Something the cluster shall do.
	 *
	 * @param untilDone whether to wait until it is done
	 */
	record Order(ClusterCommand command, boolean untilDone, boolean json) implements CtlCommand {

	}

	/**
	 * What workers wrote.
	 *
	 * @param worker one of them, or {@code null} for all
	 * @param lines how many of the last lines of each
	 * @param follow whether to go on with what they write from now on
	 */
	record Logs(@Nullable WorkerId worker, int lines, boolean follow, boolean json) implements CtlCommand {

	}

	/**
	 * What happened lately.
	 *
	 * @param lines how many of the last events
	 * @param follow whether to go on with what happens from now on
	 */
	record Events(int lines, boolean follow, boolean json) implements CtlCommand {

	}

	/**
	 * The end of the cluster.
	 *
	 * @param untilDone whether to wait until the launcher is gone
	 */
	record Stop(boolean untilDone, boolean json) implements CtlCommand {

	}

}

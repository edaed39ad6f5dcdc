package io.github.bootcluster;

import org.jspecify.annotations.Nullable;

/**
 * What came of the wish to see what the threads of a worker do.
 *
 * @param outcome how far it came
 * @param text the threads, for people to read, or {@code null} if they could not be had,
 * or show in the output of the worker instead
 * @since 0.1.0
 */
public record ThreadDump(CommandOutcome outcome, @Nullable String text) {

	/** None, and why. */
	public static ThreadDump none(CommandOutcome outcome) {
		return new ThreadDump(outcome, null);
	}

}

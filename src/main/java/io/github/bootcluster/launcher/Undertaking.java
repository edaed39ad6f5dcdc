package io.github.bootcluster.launcher;

import java.util.function.Supplier;

import io.github.bootcluster.CommandOutcome;
import org.jspecify.annotations.Nullable;

/**
 * A command that was begun.
 *
 * @param message what was begun, for the operator
 * @param end gives what became of it, or {@code null} while it goes on
 */
record Undertaking(String message, Supplier<@Nullable CommandOutcome> end) {

	/** One that has come to its end at once, or was not begun. */
	static Undertaking over(CommandOutcome outcome) {
		return new Undertaking(outcome.message(), () -> outcome);
	}

}

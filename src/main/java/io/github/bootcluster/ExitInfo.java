package io.github.bootcluster;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How a worker process ended.
 *
 * @param worker identity of the process that ended
 * @param code the exit status; 128 + n where signal n ended it
 * @param signal name of that signal such as {@code SIGKILL}, or {@code null} where the
 * process exited by itself
 * @param expected whether the launcher had asked for it
 * @param at when the launcher noticed
 * @param cause why, in a word
 * @param reason one sentence for the operator
 * @since 0.1.0
 */
public record ExitInfo(WorkerId worker, int code, @Nullable String signal, boolean expected, Instant at, Cause cause,
		String reason) {

	/** Why processes end. */
	public enum Cause {

		/** The launcher asked for it, for a reload, say. */
		ASKED,

		/** The launcher ended it for what was wrong with it: it hung, for instance. */
		FAULT,

		/** A signal that the launcher had not sent. */
		SIGNAL,

		/** By itself, with a status other than 0. */
		FAILURE,

		/** By itself, with status 0. */
		END

	}

}

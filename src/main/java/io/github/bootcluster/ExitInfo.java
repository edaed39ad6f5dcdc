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
 * @param reason one sentence for the operator
 * @since 0.1.0
 */
public record ExitInfo(WorkerId worker, int code, @Nullable String signal, boolean expected, Instant at,
		String reason) {

}

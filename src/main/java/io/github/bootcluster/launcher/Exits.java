package io.github.bootcluster.launcher;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads exit statuses. Java reports a process that signal n ended as 128 + n, as shells
 * do.
 */
final class Exits {

	private static final int SIGNAL_BASE = 128;

	/** Signals whose numbers are the same on Linux and macOS, on all processors. */
	private static final Map<Integer, String> SIGNALS = Map.ofEntries(Map.entry(1, "SIGHUP"), Map.entry(2, "SIGINT"),
			Map.entry(3, "SIGQUIT"), Map.entry(4, "SIGILL"), Map.entry(5, "SIGTRAP"), Map.entry(6, "SIGABRT"),
			Map.entry(8, "SIGFPE"), Map.entry(9, "SIGKILL"), Map.entry(11, "SIGSEGV"), Map.entry(13, "SIGPIPE"),
			Map.entry(14, "SIGALRM"), Map.entry(15, "SIGTERM"));

	private Exits() {
	}

	/** Name of the signal that ended a process, or {@code null} if none did. */
	static @Nullable String signalOf(int status) {
		return SIGNALS.get(status - SIGNAL_BASE);
	}

	/** A few words for the operator. */
	static String describe(int status) {
		String signal = signalOf(status);
		return (signal != null) ? "ended by " + signal : "exited with status " + status;
	}

}

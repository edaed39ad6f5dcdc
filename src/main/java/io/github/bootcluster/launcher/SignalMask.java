package io.github.bootcluster.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which signals a process handles itself, where the system tells. */
final class SignalMask {

	private static final Pattern CAUGHT = Pattern.compile("^SigCgt:\\s*([0-9a-f]+)$", Pattern.MULTILINE);

	private static final long QUIT = 1L << (3 - 1);

	private SignalMask() {
	}

	/**
	 * Whether a process handles SIGQUIT, rather than ending by it: a JVM does, unless it
	 * was started with {@code -Xrs}. True where the system does not tell.
	 */
	static boolean catchesQuit(long pid) {
		try {
			String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"),
					StandardCharsets.ISO_8859_1);
			Matcher caught = CAUGHT.matcher(status);
			return !caught.find() || (Long.parseUnsignedLong(caught.group(1), 16) & QUIT) != 0;
		}
		catch (IOException ex) {
			// No such process, or no such file system: an answer like any other here.
			return true;
		}
	}

}

package io.github.bootcluster.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of a process is in the machine's memory, as {@code ps} and {@code top} show it
 * under RSS. That includes the pages it shares with others, such as its libraries, but
 * not what its children have. Only Linux tells without native code.
 */
final class ResidentMemory {

	/**
	 * In {@code status} rather than in {@code statm}, which is read a little faster but
	 * counts in pages: of 4 KiB, or of 16 or 64 KiB on some ARM systems.
	 * {@code smaps_rollup} is exact where these two may be a few pages behind, but makes
	 * the system look at every page: milliseconds, and the process waits when it maps
	 * memory meanwhile.
	 */
	private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s*(\\d+) kB$", Pattern.MULTILINE);

	private ResidentMemory() {
	}

	/** Whether this system tells, of this process and so of those it starts. */
	static boolean isSupported() {
		return bytesOf(ProcessHandle.current().pid()).isPresent();
	}

	/**
	 * What a process has in memory now. Empty if it has ended or is not to be looked at,
	 * or where the system does not tell.
	 */
	static OptionalLong bytesOf(long pid) {
		try {
			// Not UTF-8: the name of the process, also told there, may be anything.
			String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"),
					StandardCharsets.ISO_8859_1);
			// One that has ended, but whose parent has not taken note, has no such line.
			Matcher resident = RESIDENT.matcher(status);
			return resident.find() ? OptionalLong.of(Long.parseLong(resident.group(1)) * 1024) : OptionalLong.empty();
		}
		catch (IOException ex) {
			// No such process, or no such file system: an answer like any other here.
			return OptionalLong.empty();
		}
	}

}

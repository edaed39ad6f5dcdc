package io.github.bootcluster;

import java.time.Instant;

/**
 * The process that supervises a cluster; in a standalone process that process itself.
 *
 * @param pid process id
 * @param startedAt when it started
 * @param javaVersion version of its JVM
 * @since 0.1.0
 */
public record LauncherSnapshot(long pid, Instant startedAt, String javaVersion) {

	/** The running process. */
	public static LauncherSnapshot ofThisProcess() {
		ProcessHandle process = ProcessHandle.current();
		return new LauncherSnapshot(process.pid(), process.info().startInstant().orElseGet(Instant::now),
				System.getProperty("java.version"));
	}

}

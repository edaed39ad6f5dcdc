package io.github.bootcluster.metrics;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

import com.sun.management.UnixOperatingSystemMXBean;

/**
 * What the launcher itself uses. Beside those of its workers its own meters would be
 * taken for one more of them, so they are few and have names of their own.
 *
 * @param cpuSeconds processor time so far; negative where the system does not tell
 * @param heapUsedBytes of its heap, what is in use
 * @param threads live threads
 * @param openFiles open files and sockets; negative where the system does not tell
 */
record LauncherProcess(double cpuSeconds, long heapUsedBytes, int threads, long openFiles) {

	private static final double NANOS_PER_SECOND = 1e9;

	static LauncherProcess now() {
		OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
		double cpu = (system instanceof com.sun.management.OperatingSystemMXBean process)
				? process.getProcessCpuTime() / NANOS_PER_SECOND : -1;
		long files = (system instanceof UnixOperatingSystemMXBean unix) ? unix.getOpenFileDescriptorCount() : -1;
		return new LauncherProcess(cpu, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
				ManagementFactory.getThreadMXBean().getThreadCount(), files);
	}

}

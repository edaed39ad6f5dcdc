package io.github.bootcluster.worker;

import java.lang.management.ManagementFactory;

import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What the threads of this process do, as {@code jstack -l} has it: with their locks, and
 * deadlocks at the end.
 */
final class ThreadReport {

	/**
	 * Characters of it that are kept, those of more than a thousand threads. Written as
	 * JSON, it must be a message of the control channel.
	 */
	static final int MAX_LENGTH = 600 * 1024;

	private ThreadReport() {
	}

	/**
	 * Write it.
	 * @throws IllegalStateException if this JVM does not; the message says so
	 */
	static String ofThisProcess() {
		try {
			Object report = ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "threadPrint",
						new Object[] { new String[] { "-l" } }, new String[] { String[].class.getName() });
			return shortened((String) report);
		}
		catch (JMException ex) {
			throw new IllegalStateException("its JVM does not tell what its threads do (" + ex.getMessage() + ")", ex);
		}
	}

	static String shortened(String report) {
		return (report.length() <= MAX_LENGTH) ? report : report.substring(0, MAX_LENGTH)
				+ "\n… cut off here: there are %d characters more\n".formatted(report.length() - MAX_LENGTH);
	}

}

package io.github.bootcluster.worker;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ThreadReportTests {

	@Test
	void threadsAreToldWithTheirStacksAndLocks() throws Exception {
		ReentrantLock lock = new ReentrantLock();
		CountDownLatch locked = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		Thread holder = new Thread(() -> {
			lock.lock();
			try {
				locked.countDown();
				end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			finally {
				lock.unlock();
			}
		}, "holder-of-a-lock");
		holder.start();
		try {
			locked.await();
			assertThat(ThreadReport.ofThisProcess())
				.contains("Full thread dump", "\"holder-of-a-lock\"", "ThreadReportTests.threadsAreTold")
				.containsPattern(
						"Locked ownable synchronizers:\\s+- <0x[0-9a-f]+> \\(a java.util.concurrent.locks.ReentrantLock");
		}
		finally {
			end.countDown();
			holder.join();
		}
	}

	@Test
	void endlessReportIsCutOff() {
		assertThat(ThreadReport.shortened("short")).isEqualTo("short");
		String shortened = ThreadReport.shortened("x".repeat(ThreadReport.MAX_LENGTH + 5));
		assertThat(shortened).hasSizeLessThan(ThreadReport.MAX_LENGTH + 100)
			.endsWith("\n… cut off here: there are 5 characters more\n");
	}

}

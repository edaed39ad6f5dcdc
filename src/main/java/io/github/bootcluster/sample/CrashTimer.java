package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.github.bootcluster.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Makes every worker crash at a random second of {@code sample.crash-after}, as the
 * workers of the book's crash test do.
 */
@Component
@ConditionalOnProperty("sample.crash-after")
class CrashTimer {

	private static final Logger logger = LoggerFactory.getLogger(CrashTimer.class);

	private final CrashRange range;

	private final Cluster cluster;

	CrashTimer(@Value("${sample.crash-after}") CrashRange range, Cluster cluster) {
		this.range = range;
		this.cluster = cluster;
	}

	@EventListener(ApplicationReadyEvent.class)
	void start() {
		if (this.cluster.isWorker()) {
			Duration delay = this.range.pick(RandomGenerator.getDefault());
			Thread thread = new Thread(() -> crash(delay), "sample-crash");
			thread.setDaemon(true);
			thread.start();
		}
	}

	private static void crash(Duration delay) {
		try {
			Thread.sleep(delay.toMillis());
			logger.error("Crashing on purpose after {} s", delay.toSeconds());
			// Not exit(): a crash closes nothing and waits for nobody.
			Runtime.getRuntime().halt(1);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}

package io.github.bootcluster.launcher;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.bootcluster.control.ProcessSignals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that end a launcher. The first begins a graceful stop with exit status 0;
 * the same one again means that the operator does not want to wait. Another one is not
 * taken for that: Maven's run goal sends TERM by itself, seconds after a Ctrl-C. Where
 * signals cannot be handled ({@code -Xrs}) the JVM's own handling stays: it stops
 * gracefully too, with status 143 or 130.
 */
final class StopSignals {

	private static final Logger logger = LoggerFactory.getLogger(StopSignals.class);

	private StopSignals() {
	}

	/**
	 * Install the handlers.
	 * @param impatient what the same signal does a second time
	 */
	static void handle(Runnable impatient) {
		AtomicBoolean stopping = new AtomicBoolean();
		for (String name : List.of("TERM", "INT")) {
			AtomicInteger arrivals = new AtomicInteger();
			ProcessSignals.handle(name, () -> {
				if (arrivals.incrementAndGet() > 1) {
					logger.warn("SIG{} again: stopping at once", name);
					impatient.run();
				}
				else if (stopping.compareAndSet(false, true)) {
					logger.info("SIG{}: stopping gracefully; SIG{} again stops at once", name, name);
					new Thread(() -> System.exit(0), "cluster-stop").start();
				}
				else {
					logger.info("SIG{}: stopping already", name);
				}
			});
		}
	}

}

package io.github.bootcluster.launcher;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.bootcluster.control.ProcessSignals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that end a launcher. The first begins a graceful stop with exit status 0; a
 * further one means that the operator does not want to wait. Where signals cannot be
 * handled ({@code -Xrs}) the JVM's own handling stays: it stops gracefully too, with
 * status 143 or 130.
 */
final class StopSignals {

	private static final Logger logger = LoggerFactory.getLogger(StopSignals.class);

	private StopSignals() {
	}

	/**
	 * Install the handlers.
	 * @param impatient what a further signal does
	 */
	static void handle(Runnable impatient) {
		AtomicBoolean stopping = new AtomicBoolean();
		for (String name : List.of("TERM", "INT")) {
			ProcessSignals.handle(name, () -> {
				if (stopping.compareAndSet(false, true)) {
					logger.info("SIG{}: stopping gracefully; once more to stop at once", name);
					new Thread(() -> System.exit(0), "cluster-stop").start();
				}
				else {
					logger.warn("SIG{} again: stopping at once", name);
					impatient.run();
				}
			});
		}
	}

}

package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that runs a {@link Supervisor}: hands it facts in the order they were
 * posted, and ticks when its next deadline has come.
 */
final class SupervisorLoop {

	private static final Logger logger = LoggerFactory.getLogger(SupervisorLoop.class);

	private final InstantSource clock;

	/** Filled by any thread, emptied by the loop's. */
	private final BlockingQueue<Fact> facts = new LinkedBlockingQueue<>();

	private @Nullable Thread thread;

	SupervisorLoop(InstantSource clock) {
		this.clock = clock;
	}

	/** Post a fact, from any thread. */
	void post(Fact fact) {
		this.facts.add(fact);
	}

	void start(Supervisor supervisor) {
		Thread supervising = new Thread(() -> run(supervisor), "cluster-supervisor");
		supervising.setDaemon(true);
		this.thread = supervising;
		supervising.start();
	}

	/** End the loop; the fact it is handling, if any, is the last. */
	void stop() {
		if (this.thread != null) {
			this.thread.interrupt();
		}
	}

	private void run(Supervisor supervisor) {
		guarded(supervisor::start);
		try {
			while (!Thread.currentThread().isInterrupted()) {
				Fact fact = next(supervisor);
				guarded((fact != null) ? () -> supervisor.accept(fact) : supervisor::tick);
			}
		}
		catch (InterruptedException ex) {
			// Only stop() interrupts this thread, once the last worker is gone.
			Thread.currentThread().interrupt();
		}
	}

	private @Nullable Fact next(Supervisor supervisor) throws InterruptedException {
		Instant deadline = supervisor.nextDeadline().orElse(null);
		if (deadline == null) {
			return this.facts.take();
		}
		Duration wait = Duration.between(this.clock.instant(), deadline);
		// Rounded up: waking a moment early would spin until the deadline.
		return this.facts.poll(Math.max(0, wait.toMillis() + 1), TimeUnit.MILLISECONDS);
	}

	/** A defect in handling one fact must not end the supervision of all workers. */
	private void guarded(Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException | Error ex) {
			logger.error("The supervisor could not handle an event; it goes on with the next", ex);
		}
	}

}

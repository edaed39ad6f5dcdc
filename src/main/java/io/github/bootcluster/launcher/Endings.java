package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.launcher.Worker.Ending;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings workers to their ends, politely first, then firmly: out of rotation, told to end
 * once nothing is in flight, killed if they do not. Each step has a deadline, at which
 * {@link #overdue} takes the next. Used by the supervisor's thread alone.
 */
final class Endings {

	private static final Logger logger = LoggerFactory.getLogger(Endings.class);

	/** From a request to end, or a lost connection, to the next firmer step. */
	static final Duration GRACE = Duration.ofSeconds(5);

	/** Time to write down what the threads do. */
	static final Duration DUMP_TIME = Duration.ofSeconds(2);

	/** How the reason of an end begins that came of the start timeout. */
	static final String NOT_READY_IN_TIME = "not ready within ";

	/** The same of one that accepted traffic, but refused it before it was ready. */
	static final String NOT_ACCEPTING_IN_TIME = "never ready, and has refused traffic for ";

	private final ClusterProperties.Worker settings;

	private final InstantSource clock;

	private final Orders orders;

	Endings(ClusterProperties.Worker settings, InstantSource clock, Orders orders) {
		this.settings = settings;
		this.clock = clock;
		this.orders = orders;
	}

	/** The launcher wants it to end, in good order. */
	void retire(Worker worker) {
		switch (worker.state()) {
			case STARTING, WARMING, STANDBY -> {
				worker.markExpected();
				worker.becomeDraining(this.clock.instant());
				shutDown(worker);
			}
			case READY, PAUSED, DRAINED -> {
				worker.markExpected();
				drain(worker);
			}
			case DRAINING, EXITED, BACKOFF -> logger.debug("{} is ending already, for a reason of its own", worker);
		}
	}

	/** It cannot be trusted any more, but what it has it may finish. */
	void endForFault(Worker worker, String fault) {
		worker.markFaulty(fault);
		logger.error("{} is replaced: {}", worker, fault);
		drain(worker);
	}

	/** It will not finish what it has, so that there is no point in waiting for that. */
	void endForSilence(Worker worker) {
		String fault = "gave no sign of life for " + Seconds.of(this.settings.heartbeatTimeout());
		worker.markFaulty(fault);
		logger.error("{} is {}: it {}", worker, worker.isExpected() ? "ended at once" : "replaced", fault);
		Instant now = this.clock.instant();
		worker.becomeHung(now, now.plus(DUMP_TIME));
		if (!this.orders.dumpThreads(worker.id())) {
			// Most likely a program that answered no probe, not a JVM that stands still:
			// it hears signals.
			terminate(worker);
		}
	}

	/** It lost its connection: most likely its exit, which tells why, is under way. */
	void expectExit(Worker worker) {
		if (worker.state() != WorkerState.DRAINING) {
			worker.becomeVanishing(this.clock.instant().plus(GRACE));
		}
	}

	/** It has nothing in flight any more. */
	void drained(Worker worker) {
		if (worker.ending() == Ending.FINISHES_REQUESTS) {
			shutDown(worker);
		}
	}

	/** End it at once. */
	void kill(Worker worker, String why) {
		logger.warn("{} is killed: {}", worker, why);
		if (worker.state() != WorkerState.DRAINING) {
			worker.becomeDraining(this.clock.instant());
		}
		worker.markKilled();
		this.orders.kill(worker.id());
	}

	/** It has taken too long: the next firmer step. */
	void overdue(Worker worker) {
		Instant now = this.clock.instant();
		if (worker.state() == WorkerState.STARTING) {
			endForSlowStart(worker, NOT_READY_IN_TIME, now);
			return;
		}
		if (worker.state() == WorkerState.PAUSED) {
			endForSlowStart(worker, NOT_ACCEPTING_IN_TIME, now);
			return;
		}
		switch (worker.ending()) {
			case FINISHES_REQUESTS -> {
				logger.warn("{} still has requests after {}: told to end", worker,
						Seconds.of(this.settings.stopTimeout()));
				shutDown(worker);
			}
			case DUMPS_THREADS -> endHung(worker);
			case VANISHES -> {
				worker.markFaulty("lost its control connection");
				kill(worker, "it lost its control connection and did not end");
			}
			case SHUTS_DOWN -> kill(worker, "it did not end when asked to");
			case NONE, KILLED ->
				throw new IllegalStateException(worker + " has no deadline in state " + worker.state());
		}
	}

	/** It may have come to; if it has not, it would hear of no request to end either. */
	private void endHung(Worker worker) {
		if (worker.hasSpokenSinceItHung()) {
			terminate(worker);
		}
		else {
			kill(worker, "it still gives no sign of life");
		}
	}

	private void endForSlowStart(Worker worker, String what, Instant now) {
		String why = this.orders.whyNotReady(worker.id());
		String fault = what + Seconds.of(this.settings.startTimeout()) + (why.isEmpty() ? "" : " (" + why + ")");
		worker.markFaulty(fault);
		logger.error("{} is ended: {}", worker, fault);
		worker.becomeDraining(now);
		shutDown(worker);
	}

	private void terminate(Worker worker) {
		worker.markShuttingDown(this.clock.instant().plus(GRACE));
		this.orders.terminate(worker.id());
	}

	private void drain(Worker worker) {
		worker.becomeDraining(this.clock.instant().plus(this.settings.stopTimeout()));
	}

	private void shutDown(Worker worker) {
		// A worker with time left of its drain may use it for its own shutdown.
		Instant soonest = this.clock.instant().plus(GRACE);
		Instant drainDeadline = worker.deadline();
		worker.markShuttingDown((drainDeadline != null && drainDeadline.isAfter(soonest)) ? drainDeadline : soonest);
		this.orders.shutDown(worker.id());
	}

}

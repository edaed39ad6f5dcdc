package io.github.bootcluster.launcher;

import java.util.Collection;
import java.util.Comparator;

import io.github.bootcluster.WorkerId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that one of the workers in rotation leads, and never two: the next one is
 * appointed only once the one before has resigned or its process is gone. That it cannot
 * be reached says neither. Each appointment is a term with a number, by which an answer
 * that comes late is known. Owned by the supervisor's thread.
 *
 * <pre>
 *         appointed          leaves the rotation
 * VACANT ───────────► LED ──────────────────────► RESIGNING
 *    ▲                 │                              │
 *    └─────────────────┴───── resigned, exited ───────┘
 * </pre>
 */
final class Election {

	private static final Logger logger = LoggerFactory.getLogger(Election.class);

	private final Orders orders;

	/** The latest. */
	private long term;

	/** Whose term it is, or {@code null} if it is over. */
	private @Nullable Worker holder;

	private boolean resigning;

	Election(Orders orders) {
		this.orders = orders;
	}

	/** The worker that leads, or {@code null} if none does, or it is to resign. */
	@Nullable WorkerId leader() {
		return (this.holder != null && !this.resigning) ? this.holder.id() : null;
	}

	/** Do what the states of the workers call for. */
	void advance(Collection<Worker> workers) {
		if (this.holder == null) {
			workers.stream()
				.filter(Worker::isInRotation)
				.min(Comparator.comparingInt((Worker worker) -> -worker.spec().generation()).thenComparing(Worker::id))
				.ifPresent(this::appoint);
		}
		else if (!this.resigning && !this.holder.isInRotation()) {
			this.resigning = true;
			logger.debug("{} is {}: it is to lead no more", this.holder, this.holder.state());
			this.orders.resign(this.holder.id(), this.term);
		}
	}

	/** A worker does not lead any more, and does nothing that only a leader does. */
	void resigned(WorkerId worker, long term) {
		if (term == this.term) {
			vacate(worker);
		}
	}

	/** The process of a worker is gone. */
	void exited(WorkerId worker) {
		vacate(worker);
	}

	private void appoint(Worker worker) {
		this.term++;
		this.holder = worker;
		this.resigning = false;
		logger.info("{} leads", worker);
		this.orders.lead(worker.id(), this.term);
	}

	private void vacate(WorkerId worker) {
		if (this.holder != null && this.holder.id().equals(worker)) {
			this.holder = null;
		}
	}

}

package io.github.bootcluster.launcher;

import io.github.bootcluster.ClusterProperties.Reload.Order;
import io.github.bootcluster.ExitInfo;
import org.jspecify.annotations.Nullable;

/**
 * A slot's change from one worker to the next that somebody wanted. Begun and advanced by
 * the {@link Crew}; whoever wanted it looks at its phase. Every field is owned by the
 * supervisor's thread.
 *
 * <pre>
 *  stop-first: STOPPING ─► STARTING ─► DONE
 *                  │           │
 *                  └───────────┴─► FAILED, CANCELLED
 *                              │
 * start-first:             STARTING ─► RETIRING ─► DONE
 * </pre>
 *
 * Where there is no worker to retire, {@code STARTING} is followed by {@code DONE}; what
 * is {@code RETIRING} is {@code CANCELLED} when its slot is removed, or all ends.
 */
final class Replacement {

	private final Slot slot;

	private final int generation;

	private Phase phase;

	private @Nullable Worker incoming;

	/** The one that leaves, or {@code null} while that is not known, or none does. */
	private @Nullable Worker outgoing;

	private @Nullable ExitInfo failure;

	private Replacement(Slot slot, int generation, Phase phase) {
		this.slot = slot;
		this.generation = generation;
		this.phase = phase;
	}

	/** A slot without a live worker has nothing to stop. */
	static Replacement of(Slot slot, int generation, Order order) {
		boolean stopFirst = order == Order.STOP_FIRST && slot.worker() != null;
		Replacement replacement = new Replacement(slot, generation, stopFirst ? Phase.STOPPING : Phase.STARTING);
		if (stopFirst) {
			replacement.outgoing = slot.worker();
		}
		return replacement;
	}

	Slot slot() {
		return this.slot;
	}

	/** Generation of the incoming worker. */
	int generation() {
		return this.generation;
	}

	Phase phase() {
		return this.phase;
	}

	/** The new worker until it is the slot's own. */
	@Nullable Worker incoming() {
		return (this.phase == Phase.STARTING) ? this.incoming : null;
	}

	@Nullable Worker outgoing() {
		return this.outgoing;
	}

	/** Why it failed; {@code null} if it did not. */
	@Nullable ExitInfo failure() {
		return this.failure;
	}

	void started(Worker incoming) {
		this.phase = Phase.STARTING;
		this.incoming = incoming;
		this.outgoing = null;
	}

	void promoted(@Nullable Worker outgoing) {
		this.outgoing = outgoing;
		this.phase = (outgoing != null) ? Phase.RETIRING : Phase.DONE;
	}

	void done() {
		this.phase = Phase.DONE;
	}

	void failed(ExitInfo failure) {
		this.failure = failure;
		this.phase = Phase.FAILED;
	}

	void cancelled() {
		this.phase = Phase.CANCELLED;
	}

	/** How far it has come. */
	enum Phase {

		/** The old worker ends, before the new one is started. */
		STOPPING,

		/** The new worker is not ready yet; the old one, if any, serves. */
		STARTING,

		/** The new worker serves, the old one finishes what it has. */
		RETIRING,

		/** The new worker serves, the old one is gone. */
		DONE,

		/** The new worker died before it was ready, or could not be started. */
		FAILED,

		/** Given up: the slot keeps what it had. */
		CANCELLED;

		/** Whether it can still be given up, or fail. */
		boolean isUndecided() {
			return this == STOPPING || this == STARTING;
		}

		boolean isOver() {
			return this == DONE || this == FAILED || this == CANCELLED;
		}

	}

}

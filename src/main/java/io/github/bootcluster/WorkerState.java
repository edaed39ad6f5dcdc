package io.github.bootcluster;

/**
 * Where a worker is in its life.
 *
 * <pre>
 *         spawn          accepts          warm           end              exit
 * (slot) ─► STARTING ─────► WARMING ─────► READY ──────► DRAINING ───────► EXITED
 *             │               │             │ ▲            ▲                 │ crashed
 *             │       refuses │     refuses ▼ │ accepts    │                 │
 *             │               └──────────► PAUSED ─────────┤                 │
 *             │                       drain ▼ ▲ undrain    │                 │
 *             │                           DRAINED ─────────┘                 │
 *             │ exit / start-timeout        │ exit                           │
 *             └───────────────┴─────────────┴─► BACKOFF ◄────────────────────┘
 *                                                 └─ delay over ─► STARTING (new id, same slot)
 * </pre>
 *
 * Without warm-up, {@code STARTING} is followed by {@code READY}. A worker beyond those
 * that are desired is {@code STANDBY} where others are {@code READY}, and becomes that
 * itself when it takes a slot. {@code DRAINED} is entered from {@code READY} and
 * {@code PAUSED} and left for whichever of them its application says.
 *
 * @since 0.1.0
 */
public enum WorkerState {

	/** Process spawned, its application not yet accepting traffic. */
	STARTING,

	/**
	 * The application accepts traffic, and gets requests of the launcher's own before
	 * those of clients. Only where {@code cluster.worker.warm-up.paths} are set.
	 */
	WARMING,

	/** In rotation: the application accepts traffic. */
	READY,

	/**
	 * Able to serve, but without a slot: steps in where one loses its worker, or is new.
	 */
	STANDBY,

	/** Out of rotation until its application accepts traffic again. */
	PAUSED,

	/** Out of rotation, and kept, until an operator wants it back. */
	DRAINED,

	/** Out of rotation for good: finishes what it has, then ends. */
	DRAINING,

	/** Process gone and not to be replaced. */
	EXITED,

	/** Process gone; a replacement starts in this slot once the delay is over. */
	BACKOFF;

	/** Whether a process of this state exists. */
	public boolean isAlive() {
		return this != EXITED && this != BACKOFF;
	}

}

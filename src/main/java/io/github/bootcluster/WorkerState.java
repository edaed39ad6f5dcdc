package io.github.bootcluster;

/**
 * Where a worker is in its life.
 *
 * <pre>
 *         spawn          ready               end              exit
 * (slot) ─► STARTING ─────► READY ──────────► DRAINING ───────► EXITED
 *             │              │ ▲                ▲                 │ crashed
 *             │      refuses ▼ │ accepts        │                 │
 *             │             PAUSED ─────────────┤                 │
 *             │        drain ▼ ▲ undrain        │                 │
 *             │             DRAINED ────────────┘                 │
 *             │ exit / start-timeout / exit                       │
 *             └──────────────┴─────────► BACKOFF ◄────────────────┘
 *                                          └─ delay over ─► STARTING (new id, same slot)
 * </pre>
 *
 * {@code DRAINED} is entered from {@code READY} and {@code PAUSED} and left for whichever
 * of them its application says.
 *
 * @since 0.1.0
 */
public enum WorkerState {

	/** Process spawned, its application not yet accepting traffic. */
	STARTING,

	/** In rotation: the application accepts traffic. */
	READY,

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

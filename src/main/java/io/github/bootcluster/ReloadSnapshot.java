package io.github.bootcluster;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The latest reload of a cluster at one moment.
 *
 * @param generation generation of the new workers
 * @param state how far it came
 * @param source who asked for it
 * @param startedAt when it began
 * @param endedAt when it ended, or {@code null} while it goes on
 * @param slots how many slots are to have a new worker
 * @param slotsDone how many have
 * @param reason why it failed, or {@code null} if it did not
 * @param failedWorker the worker it failed for, or {@code null}
 * @since 0.1.0
 */
public record ReloadSnapshot(int generation, State state, String source, Instant startedAt, @Nullable Instant endedAt,
		int slots, int slotsDone, @Nullable String reason, @Nullable WorkerId failedWorker) {

	/** How far a reload came. */
	public enum State {

		/** What the new workers shall run is being copied. */
		STAGING,

		/** New workers take the places of the old ones. */
		ROLLING,

		/**
		 * A new worker failed: what was replaced already goes back to the old generation.
		 */
		ROLLING_BACK,

		/** Every slot had a worker of the new generation in the end. */
		SUCCEEDED,

		/** It was taken back, as far as that was possible, or cut short by a stop. */
		FAILED;

		/** Whether it goes on. */
		public boolean isUnderWay() {
			return this == STAGING || this == ROLLING || this == ROLLING_BACK;
		}

	}

}

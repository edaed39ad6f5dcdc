package io.github.bootcluster;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a cluster.
 *
 * @param number grows with every entry, from 1
 * @param at when it happened
 * @param kind what it was
 * @param worker the worker it happened to, or {@code null} if it was the cluster as a
 * whole
 * @param slot the slot of that worker; {@value WorkerSnapshot#NO_SLOT} if it has none, or
 * there is no worker
 * @param generation the generation of that worker, or of the cluster
 * @param message one sentence
 * @since 0.1.0
 */
public record TimelineEntry(long number, Instant at, Kind kind, @Nullable WorkerId worker, int slot, int generation,
		String message) {

	/** Kinds of such things. */
	public enum Kind {

		/** A process was spawned. */
		STARTED,

		/** A worker takes requests. */
		READY,

		/**
		 * A worker that took requests takes none for now, or is held back by an operator.
		 */
		PAUSED,

		/** A worker gets no more requests and will end. */
		DRAINING,

		/** A process ended, and was meant to. */
		EXITED,

		/** A process ended, and was not meant to. */
		CRASHED,

		/** A slot waits for its next process. */
		BACKOFF,

		/** A reload, or a step of it. */
		RELOAD,

		/** The number of workers that there should be is another. */
		SCALED,

		/** The cluster as a whole has another state. */
		STATE

	}

}

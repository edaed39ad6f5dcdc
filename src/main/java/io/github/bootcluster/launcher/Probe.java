package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.bootcluster.WorkerId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the facts about a worker that tells nothing of itself from how it answers.
 *
 * <pre>
 *            answers               3 failures in a row
 * STARTING ──────────► ANSWERING ◄─────────────────────► SILENT
 *                                       answers
 * </pre>
 *
 * Confined to the thread that probes this worker; only {@link #lastFailure()} may be
 * called by any.
 */
final class Probe {

	private static final Logger logger = LoggerFactory.getLogger(Probe.class);

	/** Short, since nothing tells when a program that starts has come so far. */
	static final Duration STARTING_INTERVAL = Duration.ofMillis(100);

	/** A single failure may be a full backlog or a long collection of garbage. */
	static final int FAILURES_TO_SILENCE = 3;

	private final WorkerId worker;

	private final int port;

	private final Duration interval;

	private final Consumer<Fact> facts;

	private State state = State.STARTING;

	private int failuresInARow;

	/** Written by the probing thread, read by any. */
	private volatile @Nullable String lastFailure;

	Probe(WorkerId worker, int port, Duration interval, Consumer<Fact> facts) {
		this.worker = worker;
		this.port = port;
		this.interval = interval;
		this.facts = facts;
	}

	int port() {
		return this.port;
	}

	/** Why it did not answer the last time it did not; {@code null} if it always did. */
	@Nullable String lastFailure() {
		return this.lastFailure;
	}

	/** Time from one probe to the next. */
	Duration interval() {
		return (this.state == State.STARTING) ? STARTING_INTERVAL : this.interval;
	}

	/** It answered. */
	void succeeded() {
		this.failuresInARow = 0;
		if (this.state == State.STARTING) {
			this.facts.accept(new Fact.Listening(this.worker, this.port));
		}
		this.facts.accept(new Fact.HeartbeatReceived(this.worker));
		if (this.state != State.ANSWERING) {
			this.state = State.ANSWERING;
			this.facts.accept(new Fact.AvailabilityChanged(this.worker, true, true));
		}
	}

	/** It answered that it is not ready, which is a sign of life. */
	void refused(String why) {
		if (this.state != State.STARTING) {
			this.facts.accept(new Fact.HeartbeatReceived(this.worker));
		}
		failed(why);
	}

	/** It did not answer. */
	void failed(String why) {
		this.lastFailure = why;
		this.failuresInARow++;
		if (this.state == State.ANSWERING && this.failuresInARow >= FAILURES_TO_SILENCE) {
			this.state = State.SILENT;
			logger.warn("Worker {} failed {} probes in a row: {}", this.worker, this.failuresInARow, why);
			this.facts.accept(new Fact.AvailabilityChanged(this.worker, false, true));
		}
	}

	private enum State {

		/** Has not answered yet. */
		STARTING,

		/** Answers. */
		ANSWERING,

		/** Has answered well, but does no more. It may again. */
		SILENT

	}

}

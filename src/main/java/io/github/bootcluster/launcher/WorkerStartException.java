package io.github.bootcluster.launcher;

import java.io.IOException;

/** The operating system could not start a worker's process. */
class WorkerStartException extends Exception {

	private final String reason;

	WorkerStartException(WorkerSpec spec, IOException cause) {
		this("Worker %s of slot %d could not be started: %s".formatted(spec.id(), spec.slot(), cause.getMessage()),
				cause);
	}

	private WorkerStartException(String reason, IOException cause) {
		super(reason, cause);
		this.reason = reason;
	}

	/** One sentence for the operator. */
	String reason() {
		return this.reason;
	}

}

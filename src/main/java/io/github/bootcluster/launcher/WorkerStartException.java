package io.github.bootcluster.launcher;

/** The operating system could not start a worker's process. */
class WorkerStartException extends Exception {

	private final String reason;

	WorkerStartException(WorkerSpec spec, Throwable cause) {
		this("Worker %s of %s could not be started: %s".formatted(spec.id(), Slot.nameOf(spec.slot()),
				cause.getMessage()), cause);
	}

	private WorkerStartException(String reason, Throwable cause) {
		super(reason, cause);
		this.reason = reason;
	}

	/** One sentence for the operator. */
	String reason() {
		return this.reason;
	}

}

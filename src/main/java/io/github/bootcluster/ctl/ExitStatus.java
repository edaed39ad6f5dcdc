package io.github.bootcluster.ctl;

/** What scripts get to know. */
final class ExitStatus {

	/** It is done. */
	static final int DONE = 0;

	/** It could not be done, or nobody knows. */
	static final int FAILED = 1;

	/** It makes no sense. */
	static final int USAGE = 2;

	/** No launcher runs there. */
	static final int NO_LAUNCHER = 3;

	/** It was not begun: not now, no such worker, or not allowed. */
	static final int REFUSED = 4;

	private ExitStatus() {
	}

}

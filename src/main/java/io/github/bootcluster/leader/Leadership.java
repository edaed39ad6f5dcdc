package io.github.bootcluster.leader;

/**
 * Whether this process leads its cluster: of the workers that are in rotation one does,
 * unless none is or the next one waits for the one before to resign. A standalone process
 * always leads. There is a bean of this type in both. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface Leadership {

	/**
	 * Whether this process leads. It may not a moment later: what must not happen twice
	 * belongs into {@link #run}. A task that takes long can ask, and stop early.
	 */
	boolean isLeader();

	/**
	 * Run a task if this process leads. Until the task has ended no other process of the
	 * cluster leads, unless this one is killed. What the task itself runs this way is
	 * part of it, if by the same thread.
	 * @return whether the task was run; if not, this process does not lead
	 */
	<X extends Throwable> boolean run(Task<X> task) throws X;

	/** Of a process that is no part of a cluster. */
	static Leadership always() {
		return new Sole();
	}

	/**
	 * What a leader does.
	 *
	 * @param <X> what it may throw
	 */
	@FunctionalInterface
	interface Task<X extends Throwable> {

		void run() throws X;

	}

}

package io.github.bootcluster.worker;

import io.github.bootcluster.leader.Leadership;
import org.jspecify.annotations.Nullable;

/**
 * What this worker has of the leadership: it leads from the order to lead until that to
 * resign, and has resigned once no task of a leader runs any more. The launcher gone, it
 * leads no more, since nobody could tell it to stop.
 */
final class WorkerLeadership implements Leadership {

	/** Whether the present thread is at such a task. */
	private final ThreadLocal<Boolean> within = ThreadLocal.withInitial(() -> false);

	/** Written under the lock of this, read by any thread. */
	private volatile boolean leader;

	/** Number of the latest order to lead. Guarded by this. */
	private long term;

	/** Tasks that run now. Guarded by this. */
	private int running;

	/** What waits for the end of the last task. Guarded by this. */
	private @Nullable Runnable resignation;

	/** Guarded by this. */
	private boolean lost;

	@Override
	public boolean isLeader() {
		return this.leader;
	}

	@Override
	public <X extends Throwable> boolean run(Task<X> task) throws X {
		if (this.within.get()) {
			task.run();
			return true;
		}
		if (!begin()) {
			return false;
		}
		this.within.set(true);
		try {
			task.run();
		}
		finally {
			this.within.remove();
			end();
		}
		return true;
	}

	/** The launcher wants this worker to lead. */
	synchronized void lead(long term) {
		if (!this.lost && term > this.term) {
			this.term = term;
			this.leader = true;
		}
	}

	/**
	 * The launcher wants it to lead no more. No task begins from now on.
	 * @param resigned run once none runs, by whichever thread finds that out
	 */
	void resign(long term, Runnable resigned) {
		synchronized (this) {
			if (term < this.term) {
				return;
			}
			this.leader = false;
			if (this.running > 0) {
				this.resignation = resigned;
				return;
			}
		}
		resigned.run();
	}

	/** The launcher is gone. */
	synchronized void lose() {
		this.lost = true;
		this.leader = false;
		this.resignation = null;
	}

	private synchronized boolean begin() {
		if (this.leader) {
			this.running++;
		}
		return this.leader;
	}

	private void end() {
		Runnable resigned = null;
		synchronized (this) {
			this.running--;
			if (this.running == 0) {
				resigned = this.resignation;
				this.resignation = null;
			}
		}
		if (resigned != null) {
			resigned.run();
		}
	}

}

package io.github.bootcluster.leader;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A leadership that a test switches on and off, and that notes what runs by it. */
public final class SwitchedLeadership implements Leadership {

	final List<String> log = new CopyOnWriteArrayList<>();

	/** Whether it leads. */
	public volatile boolean leader;

	/** By which a task ran last. */
	volatile Thread thread;

	@Override
	public boolean isLeader() {
		return this.leader;
	}

	@Override
	public <X extends Throwable> boolean run(Task<X> task) throws X {
		if (!this.leader) {
			return false;
		}
		this.thread = Thread.currentThread();
		this.log.add("leader's task begins");
		try {
			task.run();
		}
		finally {
			this.log.add("leader's task ends");
		}
		return true;
	}

}

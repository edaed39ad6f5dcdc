package io.github.bootcluster.leader;

/** The leadership of a process that has no peers. */
final class Sole implements Leadership {

	@Override
	public boolean isLeader() {
		return true;
	}

	@Override
	public <X extends Throwable> boolean run(Task<X> task) throws X {
		task.run();
		return true;
	}

}

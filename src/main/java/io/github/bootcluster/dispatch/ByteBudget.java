package io.github.bootcluster.dispatch;

/**
 * How many bytes all of something may take together, be it ever so many. Nobody is
 * refused what is there already, so it may be overdrawn; whoever could do with less looks
 * first. Belongs to one event loop.
 */
final class ByteBudget {

	private final long limit;

	private long taken;

	/** A budget of that many bytes. */
	ByteBudget(long limit) {
		this.limit = limit;
	}

	void take(int bytes) {
		this.taken += bytes;
	}

	void giveBack(int bytes) {
		this.taken -= bytes;
	}

	boolean isExhausted() {
		return this.taken >= this.limit;
	}

}

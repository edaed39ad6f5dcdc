package io.github.bootcluster.session;

/** Removes sessions that expired. */
@FunctionalInterface
public interface Removal {

	/**
	 * Remove all or some of them.
	 * @return whether there may be more
	 */
	boolean removeSome();

	/** One that removes them all. */
	static Removal atOnce(Runnable removal) {
		return () -> {
			removal.run();
			return false;
		};
	}

}

package io.github.bootcluster;

/**
 * How many workers a cluster shall have: a fixed number, or one per processor.
 *
 * @param value the number from 1 to {@value #MAX}, or 0 for one per available processor
 * @since 0.1.0
 */
public record WorkerCount(int value) {

	/** More processes than this on one machine are a mistyped number. */
	public static final int MAX = 1024;

	/** One per available processor. */
	public static final WorkerCount AUTO = new WorkerCount(0);

	public WorkerCount {
		require(value >= 0 && value <= MAX, value);
	}

	/**
	 * Read the value of {@code cluster.workers}.
	 * @param text {@code auto} or a number
	 * @throws InvalidClusterPropertyException if it is neither, or out of range
	 */
	public static WorkerCount valueOf(String text) {
		if ("auto".equalsIgnoreCase(text.trim())) {
			return AUTO;
		}
		require(text.trim().matches("[0-9]{1,9}"), text);
		int number = Integer.parseInt(text.trim());
		require(number != 0, text);
		return new WorkerCount(number);
	}

	private static void require(boolean condition, Object value) {
		Check.that(condition, "cluster.workers", value, "must be 'auto' or a number from 1 to " + MAX);
	}

	/** The number for a machine with that many processors. */
	public int resolve(int availableProcessors) {
		return (this.value != 0) ? this.value : Math.max(1, availableProcessors);
	}

	@Override
	public String toString() {
		return (this.value != 0) ? Integer.toString(this.value) : "auto";
	}

}

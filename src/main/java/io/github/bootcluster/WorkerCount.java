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
		if (value < 0 || value > MAX) {
			throw new IllegalArgumentException("Must be 'auto' or a number from 1 to " + MAX + ", not " + value);
		}
	}

	/**
	 * Read the value of a property.
	 * @param text {@code auto} or a number
	 * @throws IllegalArgumentException if it is neither, or out of range
	 */
	public static WorkerCount valueOf(String text) {
		if ("auto".equalsIgnoreCase(text.trim())) {
			return AUTO;
		}
		int number;
		try {
			number = Integer.parseInt(text.trim());
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("Must be 'auto' or a number from 1 to " + MAX + ", not '" + text + "'",
					ex);
		}
		if (number == 0) {
			throw new IllegalArgumentException("Must be 'auto' or a number from 1 to " + MAX + ", not 0");
		}
		return new WorkerCount(number);
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

package io.github.bootcluster;

/**
 * Identity of one worker process within its cluster. Ids grow for ever: the replacement
 * of a worker has a new id and the same slot.
 *
 * @param value the number, from 1
 * @since 0.1.0
 */
public record WorkerId(long value) implements Comparable<WorkerId> {

	public WorkerId {
		if (value < 1) {
			throw new IllegalArgumentException("Worker ids start at 1, not " + value);
		}
	}

	public static WorkerId of(long value) {
		return new WorkerId(value);
	}

	public WorkerId next() {
		return new WorkerId(this.value + 1);
	}

	@Override
	public int compareTo(WorkerId other) {
		return Long.compare(this.value, other.value);
	}

	@Override
	public String toString() {
		return Long.toString(this.value);
	}

}

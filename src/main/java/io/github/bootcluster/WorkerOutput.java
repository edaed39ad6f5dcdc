package io.github.bootcluster;

import java.util.List;

/**
 * The last lines that workers wrote to their console. Safe for use by any thread.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface WorkerOutput {

	/**
	 * Return the lines of a worker that came after one, as far as they are kept; none if
	 * it wrote none or is not known any more.
	 * @param id the worker
	 * @param number number of that line, as of {@link OutputLines#last()}; 0 for all
	 */
	OutputLines linesAfter(WorkerId id, long number);

	/** All lines of a worker that are kept, oldest first. */
	default List<String> lastLines(WorkerId id) {
		return linesAfter(id, 0).lines();
	}

}

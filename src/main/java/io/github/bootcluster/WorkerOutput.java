package io.github.bootcluster;

import java.util.List;

/**
 * The last lines that workers wrote to their console.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface WorkerOutput {

	/**
	 * Return the last lines of a worker, oldest first; empty if it wrote none or is not
	 * known any more.
	 * @param id the worker
	 */
	List<String> lastLines(WorkerId id);

}

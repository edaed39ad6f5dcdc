package io.github.bootcluster;

import java.util.List;

/**
 * Some of the lines a worker wrote to its console.
 *
 * @param last number of the latest line it wrote, from 1; 0 if it wrote none. Whoever
 * asks for what came after it, the next time, misses nothing, unless more was written
 * meanwhile than is kept
 * @param lines the lines, oldest first; the last of them is the one of that number
 * @since 0.1.0
 */
public record OutputLines(long last, List<String> lines) {

	/** Of a worker that wrote nothing, or is not known. */
	public static final OutputLines NONE = new OutputLines(0, List.of());

	public OutputLines {
		lines = List.copyOf(lines);
	}

}

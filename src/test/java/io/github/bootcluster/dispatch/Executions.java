package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How often each request was executed, as the workers noted before they answered. What
 * was written to the file survives the one who wrote it.
 *
 * @param counts by method and key
 */
record Executions(Map<String, Long> counts) {

	/** Read what has been noted so far. */
	static Executions read(Path file) throws IOException {
		try (Stream<String> lines = Files.lines(file)) {
			return new Executions(lines.collect(Collectors.groupingBy(Function.identity(), Collectors.counting())));
		}
	}

	long of(String method, String key) {
		return this.counts.getOrDefault(method + " " + key, 0L);
	}

}

package io.github.bootcluster.actuate;

import java.util.List;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerOutput;
import org.jspecify.annotations.Nullable;

/** As many of a worker's last lines as tell what it died of. */
final class LastWords {

	private static final int LINES = 100;

	private LastWords() {
	}

	static List<String> of(@Nullable WorkerId worker, WorkerOutput output) {
		List<String> lines = (worker != null) ? output.lastLines(worker) : List.of();
		return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
	}

}

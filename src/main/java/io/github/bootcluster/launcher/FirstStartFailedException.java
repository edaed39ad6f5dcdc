package io.github.bootcluster.launcher;

import java.util.ArrayList;
import java.util.List;

import io.github.bootcluster.ExitInfo;

/** No worker became ready at the first launch: the application itself cannot start. */
class FirstStartFailedException extends LaunchException {

	/** Enough for the end of a stack trace or Boot's own failure analysis. */
	private static final int LINES = 40;

	FirstStartFailedException(ExitInfo exit, List<String> lastLines, String howToTryAlone) {
		super("No worker of the cluster became ready; worker %s %s.%s".formatted(exit.worker(), exit.reason(),
				quote(lastLines)), advice(exit, lastLines, howToTryAlone));
	}

	private static String advice(ExitInfo exit, List<String> lastLines, String howToTryAlone) {
		List<String> sentences = new ArrayList<>();
		if (exit.reason().startsWith(Endings.NOT_READY_IN_TIME)) {
			sentences.add("If the application needs longer to start, set cluster.worker.start-timeout to more.");
		}
		else if (!lastLines.isEmpty()) {
			sentences.add("Correct what the lines above tell.");
		}
		sentences.add(howToTryAlone);
		return String.join(" ", sentences);
	}

	private static String quote(List<String> lines) {
		if (lines.isEmpty()) {
			return " It wrote nothing.";
		}
		List<String> last = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
		return " Its last lines:%n%n    %s".formatted(String.join(System.lineSeparator() + "    ", last));
	}

}

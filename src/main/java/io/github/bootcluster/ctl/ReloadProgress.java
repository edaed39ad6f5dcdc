package io.github.bootcluster.ctl;

import java.io.IOException;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ReloadSnapshot;

/**
 * Shows how far a reload has come: at a terminal in a line that is written over, else in
 * a line for each step.
 */
final class ReloadProgress {

	private static final int BAR = 20;

	/** To the beginning of the line, and all of it away. */
	private static final String REWRITE = "\r\033[K";

	private final Printer printer;

	private String shown = "";

	ReloadProgress(Printer printer) {
		this.printer = printer;
	}

	/** Show a step, if it is one. */
	void look(ClusterSnapshot snapshot) throws IOException {
		ReloadSnapshot reload = snapshot.reload();
		if (reload == null || !reload.state().isUnderWay()) {
			return;
		}
		String step = describe(reload);
		if (!step.equals(this.shown)) {
			boolean terminal = this.printer.screen().terminal();
			this.printer.print(terminal ? REWRITE + fitted(bar(reload) + step) : step + "\n");
			this.shown = step;
		}
	}

	/** Make room for what became of it. */
	void end() throws IOException {
		if (this.printer.screen().terminal() && !this.shown.isEmpty()) {
			this.printer.print(REWRITE);
		}
	}

	private static String describe(ReloadSnapshot reload) {
		String steps = "%d of %d slots".formatted(reload.slotsDone(), reload.slots());
		return switch (reload.state()) {
			case STAGING -> "Generation %d: the application is copied".formatted(reload.generation());
			case ROLLING -> "Generation %d: %s have their new worker".formatted(reload.generation(), steps);
			case ROLLING_BACK -> "Generation %d failed: what was replaced goes back".formatted(reload.generation());
			case SUCCEEDED, FAILED -> "Generation %d: done".formatted(reload.generation());
		};
	}

	private String bar(ReloadSnapshot reload) {
		int full = (reload.slots() > 0) ? BAR * reload.slotsDone() / reload.slots() : 0;
		boolean unicode = this.printer.screen().unicode();
		return "[" + (unicode ? "█" : "#").repeat(full) + (unicode ? "░" : "-").repeat(BAR - full) + "] ";
	}

	/** A line that wraps could not be written over. */
	private String fitted(String line) {
		int columns = this.printer.screen().columns();
		return (columns > 0 && line.length() >= columns) ? line.substring(0, columns - 1) : line;
	}

}

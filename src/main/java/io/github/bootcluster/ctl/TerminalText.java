package io.github.bootcluster.ctl;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a worker wrote, made harmless for a terminal: visitors decide on some of it, and
 * control characters can rewrite what was shown before, or type for the operator.
 */
final class TerminalText {

	/** Colours and the like, as logs have them. */
	private static final Pattern STYLE = Pattern.compile("\033\\[[0-9;]*m");

	/** All but the tab. */
	private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f]");

	private static final String REPLACEMENT = "\ufffd";

	private static final String PLAIN = "\033[0m";

	private TerminalText() {
	}

	/**
	 * Replace what controls the terminal in a line.
	 * @param colored whether colours may stay; they end with the line then
	 */
	static String harmless(String line, boolean colored) {
		if (!CONTROL.matcher(line).find()) {
			return line;
		}
		StringBuilder text = new StringBuilder(line.length());
		Matcher style = STYLE.matcher(line);
		int from = 0;
		boolean styled = false;
		while (style.find()) {
			append(text, line.substring(from, style.start()));
			if (colored) {
				text.append(style.group());
				styled = true;
			}
			from = style.end();
		}
		append(text, line.substring(from));
		return (styled ? text.append(PLAIN) : text).toString();
	}

	private static void append(StringBuilder text, String part) {
		text.append(CONTROL.matcher(part).replaceAll(REPLACEMENT));
	}

}

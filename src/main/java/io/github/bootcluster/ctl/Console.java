package io.github.bootcluster.ctl;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.control.OperatorScreen;
import org.jspecify.annotations.Nullable;

/**
 * Where the operator's process writes. Bytes go out as they come, past
 * {@code System.out}, whose encoding depends on the JVM's version.
 */
final class Console {

	/** Where Linux tells what the standard output is. */
	private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

	private static final int DEFAULT_COLUMNS = 80;

	private static final long SIZE_TIMEOUT_MILLIS = 500;

	private final Map<String, String> environment;

	private final boolean terminal;

	private final OutputStream output = new FileOutputStream(FileDescriptor.out);

	private final OutputStream error = new FileOutputStream(FileDescriptor.err);

	Console(Map<String, String> environment) {
		this.environment = environment;
		this.terminal = isTerminal();
	}

	boolean terminal() {
		return this.terminal;
	}

	/** How it is now: a window may get another size. */
	OperatorScreen screen() {
		return new OperatorScreen(columns(), this.terminal, this.terminal && isColored(), isUnicode());
	}

	/**
	 * Print a text.
	 * @throws UnreadOutputException if nobody reads it any more
	 */
	void print(String text) throws UnreadOutputException {
		try {
			this.output.write(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UnreadOutputException(ex);
		}
	}

	/** Complain. If nobody reads that, there is nobody left to tell. */
	void complain(String text) {
		try {
			this.error.write(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			// The exit status still says it.
			return;
		}
	}

	private int columns() {
		int columns = number(this.environment.get("COLUMNS"));
		if (columns > 0) {
			return columns;
		}
		if (!this.terminal) {
			return 0;
		}
		int asked = columnsOfTerminal();
		return (asked > 0) ? asked : DEFAULT_COLUMNS;
	}

	/** Java cannot ask it; the program that can is wherever there are terminals. */
	private static int columnsOfTerminal() {
		try {
			Process stty = new ProcessBuilder("stty", "size").redirectInput(Path.of("/dev/tty").toFile())
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
			if (!stty.waitFor(SIZE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
				stty.destroyForcibly();
				return 0;
			}
			String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
			return number(size.substring(size.indexOf(' ') + 1));
		}
		catch (IOException ex) {
			// No such program, or no terminal of this process after all.
			return 0;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return 0;
		}
	}

	private static int number(@Nullable String text) {
		if (text == null) {
			return 0;
		}
		try {
			return Integer.parseInt(text.trim());
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	/** https://no-color.org: whatever the value, unless it is empty. */
	private boolean isColored() {
		String refused = this.environment.get("NO_COLOR");
		return (refused == null || refused.isEmpty()) && !"dumb".equals(this.environment.get("TERM"));
	}

	/** As programs written in C find out. */
	private boolean isUnicode() {
		for (String name : new String[] { "LC_ALL", "LC_CTYPE", "LANG" }) {
			String value = this.environment.get(name);
			if (value != null && !value.isEmpty()) {
				String upper = value.toUpperCase(Locale.ROOT);
				return upper.contains("UTF-8") || upper.contains("UTF8");
			}
		}
		return false;
	}

	private static boolean isTerminal() {
		try {
			String target = Files.readSymbolicLink(STANDARD_OUTPUT).toString();
			return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
		}
		catch (IOException | UnsupportedOperationException ex) {
			// Not Linux. Newer versions of Java have a console whatever happens.
			return System.console() != null && Runtime.version().feature() < 22;
		}
	}

}

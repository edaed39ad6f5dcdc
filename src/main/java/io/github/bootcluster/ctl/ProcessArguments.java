package io.github.bootcluster.ctl;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** The application's arguments, before its {@code main} has handed them to anybody. */
final class ProcessArguments {

	private ProcessArguments() {
	}

	/** Those of this process, or {@code null} if the system does not tell for sure. */
	static String @Nullable [] find() {
		String command = System.getProperty("sun.java.command", "");
		if (!command.contains(CtlArguments.OPTION)) {
			// To ask the system costs something, and this is almost always so.
			return null;
		}
		String[] all = ProcessHandle.current().info().arguments().orElse(null);
		return (all != null) ? find(command, all) : null;
	}

	/**
	 * As {@link #find()} where the system tells, else what they look like: one with a
	 * space in it looks like several. Linux does not tell if they are longer than a page
	 * of memory together, as with a long class path.
	 */
	static String[] guess() {
		String[] found = find();
		return (found != null) ? found : guess(System.getProperty("sun.java.command", ""));
	}

	static String[] guess(String command) {
		String[] words = command.split(" ");
		return Arrays.copyOfRange(words, 1, words.length);
	}

	/**
	 * Take the application's arguments out of those of its process.
	 * @param command what the JVM says it runs: main class or jar, and the arguments,
	 * with spaces between, so that it does not tell where one with a space begins
	 * @param all those for the JVM before them
	 */
	static String @Nullable [] find(String command, String[] all) {
		for (int i = 0; i < all.length; i++) {
			if (command.equals(String.join(" ", Arrays.asList(all).subList(i, all.length)))) {
				return Arrays.copyOfRange(all, i + 1, all.length);
			}
		}
		return null;
	}

}

package io.github.bootcluster.launcher;

import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.BeansException;

/** Tells in one sentence what a chain of exceptions says. */
final class Causes {

	/** Nobody reads on, and a message may quote a whole file. */
	private static final int MAX_LENGTH = 300;

	private Causes() {
	}

	/** The messages from the outermost to the root, without what says nothing new. */
	static String describe(Throwable failure) {
		List<String> messages = new ArrayList<>();
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof BeansException && cause.getCause() != null) {
				// Where in the wiring it happened is of no interest.
				continue;
			}
			String message = (cause.getMessage() != null) ? cause.getMessage() : cause.getClass().getSimpleName();
			messages.removeIf(message::contains);
			if (messages.stream().noneMatch((earlier) -> earlier.contains(message))) {
				messages.add(shorten(message));
			}
		}
		return String.join(": ", messages);
	}

	private static String shorten(String message) {
		return (message.length() <= MAX_LENGTH) ? message : message.substring(0, MAX_LENGTH) + "…";
	}

}

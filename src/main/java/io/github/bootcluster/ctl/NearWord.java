package io.github.bootcluster.ctl;

import org.jspecify.annotations.Nullable;

/** What somebody who mistyped a word may have meant. */
final class NearWord {

	private NearWord() {
	}

	/**
	 * A question to add to a complaint.
	 * @param quote put around the word that is suggested
	 * @return empty if nothing is near
	 */
	static String suggestion(String word, String[] candidates, String quote) {
		String nearest = find(word, candidates);
		return (nearest != null) ? " Did you mean " + quote + nearest + quote + "?" : "";
	}

	/** The nearest word, or {@code null} if each is far off. */
	static @Nullable String find(String word, String[] candidates) {
		String nearest = null;
		int least = Integer.MAX_VALUE;
		for (String candidate : candidates) {
			int distance = distance(word, candidate);
			if (distance < least && distance <= Math.max(1, candidate.length() / 3)) {
				nearest = candidate;
				least = distance;
			}
		}
		return nearest;
	}

	/** Number of letters to insert, remove or replace to make one of the other. */
	private static int distance(String one, String other) {
		int[] previous = new int[other.length() + 1];
		for (int j = 0; j <= other.length(); j++) {
			previous[j] = j;
		}
		for (int i = 1; i <= one.length(); i++) {
			int[] current = new int[other.length() + 1];
			current[0] = i;
			for (int j = 1; j <= other.length(); j++) {
				int replaced = previous[j - 1] + ((one.charAt(i - 1) != other.charAt(j - 1)) ? 1 : 0);
				current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
			}
			previous = current;
		}
		return previous[other.length()];
	}

}

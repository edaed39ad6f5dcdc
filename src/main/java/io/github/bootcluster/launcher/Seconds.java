package io.github.bootcluster.launcher;

import java.time.Duration;

/** Durations as operators read them. */
final class Seconds {

	private Seconds() {
	}

	/** Such as {@code 1.5 s}. */
	static String of(Duration duration) {
		return "%.1f s".formatted(duration.toMillis() / 1000.0);
	}

}

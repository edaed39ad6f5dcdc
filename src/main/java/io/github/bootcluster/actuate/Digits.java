package io.github.bootcluster.actuate;

import org.jspecify.annotations.Nullable;

/** Numbers that were measured, without digits that mean nothing. */
final class Digits {

	private Digits() {
	}

	/** With three digits after the point at most. */
	static double few(double number) {
		return Math.round(number * 1000) / 1000.0;
	}

	static @Nullable Double fewOrNone(@Nullable Double number) {
		return (number != null) ? few(number) : null;
	}

}

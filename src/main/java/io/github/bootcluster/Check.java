package io.github.bootcluster;

import java.time.Duration;

/** Requirements on the values of properties. */
final class Check {

	private Check() {
	}

	static void that(boolean condition, String property, Object value, String requirement) {
		if (!condition) {
			throw new InvalidClusterPropertyException(property, value, requirement);
		}
	}

	static void positive(String property, Duration value) {
		that(value.toMillis() > 0, property, value, "must be at least one millisecond, such as '10s'");
	}

	static void notNegative(String property, Duration value) {
		that(!value.isNegative(), property, value, "must not be negative");
	}

}

package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.Locale;
import java.util.random.RandomGenerator;

import org.springframework.boot.convert.DurationStyle;

/**
 * A range of whole seconds, written {@code 1s-3s}.
 *
 * @param from shortest
 * @param to longest
 */
record CrashRange(Duration from, Duration to) {

	CrashRange {
		if (from.isNegative() || to.compareTo(from) < 0) {
			throw new IllegalArgumentException("Must be a range such as '1s-3s', the shorter time first");
		}
	}

	/** Read the value of {@code sample.crash-after}. */
	public static CrashRange valueOf(String text) {
		String[] ends = text.trim().toLowerCase(Locale.ROOT).split("-", -1);
		if (ends.length != 2) {
			throw new IllegalArgumentException("Must be a range such as '1s-3s', not '" + text + "'");
		}
		return new CrashRange(DurationStyle.detectAndParse(ends[0]), DurationStyle.detectAndParse(ends[1]));
	}

	Duration pick(RandomGenerator random) {
		return Duration.ofSeconds(random.nextLong(this.from.toSeconds(), this.to.toSeconds() + 1));
	}

}

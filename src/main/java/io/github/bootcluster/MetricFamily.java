package io.github.bootcluster;

import java.util.List;
import java.util.Locale;

/**
 * A metric with its samples, as Prometheus knows them.
 *
 * @param name its name, without what samples append to it
 * @param type what kind of values they are
 * @param help what it tells, in a few words; may be empty
 * @param samples the values
 * @see <a href=
 * "https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format">The
 * text format</a>
 * @since 0.1.0
 */
public record MetricFamily(String name, Type type, String help, List<Sample> samples) {

	public MetricFamily {
		samples = List.copyOf(samples);
	}

	/**
	 * One value.
	 *
	 * @param suffix what is appended to the name of the family, such as {@code _count}
	 * @param labels its labels as the text format writes them, without the braces; may be
	 * empty
	 * @param value the value
	 */
	public record Sample(String suffix, String labels, double value) {

	}

	/** Kinds of values. */
	public enum Type {

		/** Only grows. */
		COUNTER,

		/** Goes up and down. */
		GAUGE,

		/** Counts of values by how large they are, with their sum. */
		HISTOGRAM,

		/** A sum and a count of values, perhaps with quantiles. */
		SUMMARY,

		/** Anything. */
		UNTYPED;

		/** Whether a sample with such a suffix only grows, and can be summed up. */
		public boolean isCumulative(String suffix) {
			return switch (this) {
				case COUNTER, HISTOGRAM -> true;
				case SUMMARY -> !suffix.isEmpty();
				case GAUGE, UNTYPED -> false;
			};
		}

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}

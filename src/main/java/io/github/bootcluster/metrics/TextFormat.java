package io.github.bootcluster.metrics;

import java.util.Collection;
import java.util.Map;

import io.github.bootcluster.MetricFamily;
import io.github.bootcluster.MetricFamily.Sample;

/**
 * The text format of Prometheus, version 0.0.4, which every server understands.
 *
 * @see <a href=
 * "https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format">The
 * text format</a>
 */
final class TextFormat {

	static final String MEDIA_TYPE = "text/plain;version=0.0.4;charset=utf-8";

	private TextFormat() {
	}

	static String write(Collection<MetricFamily> families) {
		StringBuilder out = new StringBuilder(64 * 1024);
		families.forEach((family) -> write(family, out));
		return out.toString();
	}

	private static void write(MetricFamily family, StringBuilder out) {
		if (!family.help().isEmpty()) {
			out.append("# HELP ").append(family.name()).append(' ');
			escape(family.help(), false, out);
			out.append('\n');
		}
		out.append("# TYPE ").append(family.name()).append(' ').append(family.type()).append('\n');
		for (Sample sample : family.samples()) {
			out.append(family.name()).append(sample.suffix());
			if (!sample.labels().isEmpty()) {
				out.append('{').append(sample.labels()).append('}');
			}
			out.append(' ').append(number(sample.value())).append('\n');
		}
	}

	/** Labels as a sample has them, in the order of the map. */
	static String labels(Map<String, String> labels) {
		StringBuilder out = new StringBuilder();
		labels.forEach((name, value) -> label(name, value, out));
		return out.toString();
	}

	/** One more label, before the others. */
	static String withLabel(String name, String value, String others) {
		StringBuilder out = new StringBuilder();
		label(name, value, out);
		return others.isEmpty() ? out.toString() : out.append(',').append(others).toString();
	}

	static String number(double value) {
		if (Double.isInfinite(value)) {
			return (value > 0) ? "+Inf" : "-Inf";
		}
		long whole = (long) value;
		return (whole == value && Math.abs(value) < 1e15) ? Long.toString(whole) : Double.toString(value);
	}

	private static void label(String name, String value, StringBuilder out) {
		if (!out.isEmpty()) {
			out.append(',');
		}
		out.append(name).append("=\"");
		escape(value, true, out);
		out.append('"');
	}

	private static void escape(String text, boolean quoted, StringBuilder out) {
		for (int i = 0; i < text.length(); i++) {
			char next = text.charAt(i);
			switch (next) {
				case '\\' -> out.append("\\\\");
				case '\n' -> out.append("\\n");
				case '"' -> out.append(quoted ? "\\\"" : "\"");
				default -> out.append(next);
			}
		}
	}

}

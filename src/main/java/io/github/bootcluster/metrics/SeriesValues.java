package io.github.bootcluster.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BinaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Values by family and series, of a bounded number: an application whose labels never end
 * must not fill the launcher's memory. Used by one thread at a time.
 */
final class SeriesValues {

	/** Series that are kept; there is no room for a new one beyond. */
	static final int CAPACITY = 100_000;

	private final Map<String, Map<Series, Double>> families = new LinkedHashMap<>();

	private int size;

	/**
	 * Keep a value in place of the one before.
	 * @return the one before, or {@code null} if there was none
	 */
	@Nullable Double put(String family, Series series, double value) {
		Double before = of(family).get(series);
		merge(family, series, value, (old, latest) -> latest);
		return before;
	}

	/** Add to a value. */
	void add(String family, Series series, double value) {
		merge(family, series, value, Double::sum);
	}

	/** Those of a family, in the order in which they came. */
	Map<Series, Double> of(String family) {
		return this.families.getOrDefault(family, Map.of());
	}

	/** Add all of them to others. */
	void addTo(SeriesValues others) {
		this.families.forEach((family, values) -> values.forEach((series, value) -> others.add(family, series, value)));
	}

	boolean isFull() {
		return this.size >= CAPACITY;
	}

	void clear() {
		this.families.clear();
		this.size = 0;
	}

	private void merge(String family, Series series, double value, BinaryOperator<Double> rule) {
		Map<Series, Double> values = this.families.computeIfAbsent(family, (added) -> new LinkedHashMap<>());
		boolean known = values.containsKey(series);
		if (known || !isFull()) {
			values.merge(series, value, rule);
			this.size += known ? 0 : 1;
		}
	}

	/**
	 * What tells a value from others of its family.
	 *
	 * @param suffix what is appended to the name of the family
	 * @param labels the labels, as the text format writes them
	 */
	record Series(String suffix, String labels) {

	}

}

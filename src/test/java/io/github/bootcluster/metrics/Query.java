package io.github.bootcluster.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a query in PromQL asks of a scrape: as much of the language as it takes to tell.
 *
 * @param selectors the series it names
 * @param grouping labels it groups by
 * @param matching labels it matches series by, or leaves out of that
 */
record Query(List<Selector> selectors, Set<String> grouping, Set<String> matching) {

	static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)(=~|!~|!=|=)\"((?:[^\"\\\\]|\\\\.)*)\"");

	/** Those that Prometheus adds. */
	private static final Set<String> OF_TARGET = Set.of("job", "instance");

	private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");

	private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");

	private static final Pattern MATCHING = Pattern.compile("\\b(?:on|ignoring) \\(([^)]*)\\)");

	private static final Pattern NAME = Pattern.compile("([a-zA-Z_:][\\w:]*)\\s*(\\{[^}]*}|\\()?");

	private static final Set<String> OPERATORS = Set.of("or", "and", "unless");

	private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), (\\w+)\\)");

	static Query of(String expression) {
		Matcher values = LABEL_VALUES.matcher(expression);
		if (values.matches()) {
			return new Query(of(values.group(1)).selectors(), Set.of(values.group(2)), Set.of());
		}
		String plain = RANGE.matcher(expression).replaceAll("");
		List<Selector> selectors = new ArrayList<>();
		NAME.matcher(MATCHING.matcher(GROUPING.matcher(plain).replaceAll("")).replaceAll(""))
			.results()
			.forEach((name) -> {
				boolean function = "(".equals(name.group(2));
				if (!function && !OPERATORS.contains(name.group(1))) {
					selectors.add(Selector.of(name.group(1), (name.group(2) != null) ? name.group(2) : ""));
				}
			});
		return new Query(selectors, labels(GROUPING, plain), labels(MATCHING, plain));
	}

	private static Set<String> labels(Pattern clause, String expression) {
		return clause.matcher(expression)
			.results()
			.flatMap((labels) -> Arrays.stream(labels.group(1).split(",")))
			.map(String::strip)
			.collect(Collectors.toSet());
	}

	/**
	 * What is wrong with it, beside a scrape; nothing if there are series for all it
	 * asks.
	 */
	List<String> complaints(Map<String, List<Map<String, String>>> scrape) {
		List<String> complaints = new ArrayList<>();
		if (this.selectors.isEmpty()) {
			complaints.add("It asks for nothing");
		}
		this.selectors.stream()
			.filter((selector) -> selector.find(scrape).isEmpty())
			.forEach((selector) -> complaints.add("Nothing is called " + selector));
		Set<String> labels = labels(scrape);
		Stream.concat(this.grouping.stream(), this.matching.stream())
			.filter((label) -> !labels.contains(label))
			.forEach((label) -> complaints.add("Nothing has the label " + label));
		return complaints;
	}

	/** Those its result can have. */
	Set<String> labelsOfResult(Map<String, List<Map<String, String>>> scrape) {
		return this.grouping.isEmpty() ? labels(scrape) : this.grouping;
	}

	private Set<String> labels(Map<String, List<Map<String, String>>> scrape) {
		Set<String> labels = new TreeSet<>(OF_TARGET);
		this.selectors.forEach((selector) -> selector.find(scrape).forEach((found) -> labels.addAll(found.keySet())));
		return labels;
	}

	/** Series by name and labels. */
	record Selector(String name, List<Condition> conditions) {

		static Selector of(String name, String labels) {
			return new Selector(name,
					LABEL.matcher(labels)
						.results()
						.map((label) -> new Condition(label.group(1), label.group(2), label.group(3)))
						.toList());
		}

		List<Map<String, String>> find(Map<String, List<Map<String, String>>> scrape) {
			return scrape.getOrDefault(this.name, List.of())
				.stream()
				.filter((labels) -> this.conditions.stream().allMatch((condition) -> condition.holds(labels)))
				.toList();
		}

	}

	/** What a label must be; a variable of the dashboard may be anything. */
	record Condition(String label, String operator, String value) {

		boolean holds(Map<String, String> labels) {
			if (OF_TARGET.contains(this.label)) {
				return true;
			}
			String found = labels.get(this.label);
			if (found == null || this.value.startsWith("$")) {
				return found != null;
			}
			return switch (this.operator) {
				case "=" -> found.equals(this.value);
				case "!=" -> !found.equals(this.value);
				case "=~" -> found.matches(this.value);
				case "!~" -> !found.matches(this.value);
				default -> throw new IllegalArgumentException(this.operator);
			};
		}

	}

}

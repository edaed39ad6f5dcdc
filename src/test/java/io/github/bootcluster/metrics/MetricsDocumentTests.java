package io.github.bootcluster.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The table of meters in {@code docs/metrics.md} beside a scrape. */
class MetricsDocumentTests {

	private static final Pattern ROW = Pattern.compile("\\| `(cluster_\\w+)` \\| (\\w+) \\| ([^|]*)\\|.*");

	private static final Pattern TYPE = Pattern.compile("# TYPE (cluster_\\w+) (\\w+)");

	@Test
	void tableHasTheMetersThatAreTold() throws IOException {
		String text = FullScrape.text();
		Map<String, List<Map<String, String>>> samples = FullScrape.read(text);
		Stream<String> told = text.lines()
			.map(TYPE::matcher)
			.filter((line) -> line.matches())
			.map((line) -> line.group(1) + " " + line.group(2) + " " + labels(samples, line.group(1)));
		Stream<String> documented = Files.readString(Path.of("docs/metrics.md"))
			.lines()
			.map(ROW::matcher)
			.filter((row) -> row.matches())
			.map((row) -> row.group(1) + " " + row.group(2) + " " + new TreeSet<>(
					Pattern.compile("\\w+").matcher(row.group(3)).results().map((name) -> name.group()).toList()));
		assertThat(documented).containsExactlyElementsOf(told.toList());
	}

	private static TreeSet<String> labels(Map<String, List<Map<String, String>>> samples, String family) {
		TreeSet<String> labels = new TreeSet<>();
		Stream.of(family, family + "_count")
			.forEach((name) -> samples.getOrDefault(name, List.of())
				.forEach((sample) -> labels.addAll(sample.keySet())));
		return labels;
	}

}

package io.github.bootcluster.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code deploy/grafana} beside what a launcher tells. */
class GrafanaFilesTests {

	private static final Path FILES = Path.of("deploy/grafana");

	private static final JsonNode DASHBOARD = dashboard();

	private static final int COLUMNS = 24;

	/** Prometheus' own, and the variable that stands for the time between two points. */
	private static final Set<String> GIVEN = Set.of("up", "__rate_interval", "__all");

	private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)}?");

	private static final Pattern LABEL_IN_LEGEND = Pattern.compile("\\{\\{(\\w+)}}");

	private static final Pattern LABEL_IN_ALERT = Pattern.compile("\\$labels\\.(\\w+)");

	private static Map<String, List<Map<String, String>>> scrape = Map.of();

	@BeforeAll
	static void scrape() {
		scrape = FullScrape.read(FullScrape.text());
	}

	@ParameterizedTest
	@MethodSource("queries")
	void whatIsAskedForIsTold(String query) {
		assertThat(complaints(query)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "cluster_stat", "rate(cluster_workers{state=\"redy\"}[5m])",
			"cluster_workers{stat=\"ready\"}", "sum by (job, slot) (cluster_worker_ready)",
			"cluster_generation / nothing", "1 + vector(0)", "label_values(cluster_state, slot)" })
	void whatNobodyTellsIsFound(String query) {
		assertThat(complaints(query)).hasSize(1);
	}

	@Test
	void panelsAreThereOnceAndDoNotOverlap() {
		List<JsonNode> panels = panels();
		assertThat(panels).hasSizeGreaterThan(20)
			.extracting((panel) -> panel.get("id").asInt())
			.doesNotHaveDuplicates();
		assertThat(panels).extracting((panel) -> panel.get("title").asString()).doesNotHaveDuplicates();
		Map<List<Integer>, Integer> taken = new HashMap<>();
		for (JsonNode panel : panels) {
			JsonNode place = panel.get("gridPos");
			int right = place.get("x").asInt() + place.get("w").asInt();
			assertThat(right).as(panel.get("title").asString()).isLessThanOrEqualTo(COLUMNS);
			for (int x = place.get("x").asInt(); x < right; x++) {
				for (int y = 0; y < place.get("h").asInt(); y++) {
					assertThat(taken.put(List.of(x, y + place.get("y").asInt()), panel.get("id").asInt()))
						.as("what is below " + panel.get("title"))
						.isNull();
				}
			}
		}
	}

	@Test
	void everythingComesFromTheChosenSource() {
		assertThat(targets()).isNotEmpty()
			.allSatisfy(
					(target) -> assertThat(target.get("datasource").get("uid").asString()).isEqualTo("${datasource}"));
		assertThat(panels().stream().filter((panel) -> !panel.get("type").asString().equals("row"))).isNotEmpty()
			.allSatisfy((panel) -> {
				assertThat(panel.get("datasource").get("uid").asString()).isEqualTo("${datasource}");
				assertThat(list(panel.get("targets"))).isNotEmpty()
					.extracting((target) -> target.get("refId").asString())
					.doesNotHaveDuplicates();
			});
	}

	@Test
	void everyVariableIsDefined() {
		List<String> defined = list(DASHBOARD.get("templating").get("list")).stream()
			.map((variable) -> variable.get("name").asString())
			.toList();
		assertThat(defined).startsWith("datasource", "job", "instance");
		Stream<String> used = VARIABLE.matcher(DASHBOARD.toString()).results().map((name) -> name.group(1));
		assertThat(used.filter((name) -> !GIVEN.contains(name))).isNotEmpty().isSubsetOf(defined);
	}

	@Test
	void legendsNameLabelsOfTheirSeries() {
		assertThat(targets()).allSatisfy((target) -> assertThat(
				LABEL_IN_LEGEND.matcher(target.get("legendFormat").asString()).results().map((label) -> label.group(1)))
			.isSubsetOf(Query.of(target.get("expr").asString()).labelsOfResult(scrape)));
	}

	@Test
	void alertsSayWhatIsWrongAndWhere() {
		assertThat(rules()).hasSizeGreaterThan(3).allSatisfy((rule) -> {
			assertThat(rule.get("labels").toString()).matches("\\{severity=(warning|critical)}");
			String text = rule.get("annotations").toString();
			assertThat(text).contains("summary=", "description=", "$labels.instance");
			assertThat(LABEL_IN_ALERT.matcher(text).results().map((label) -> label.group(1)))
				.isSubsetOf(Query.of(rule.get("expr").toString()).labelsOfResult(scrape));
		});
		assertThat(rules()).extracting((rule) -> rule.get("alert")).doesNotHaveDuplicates();
	}

	private static List<String> complaints(String query) {
		Map<String, List<Map<String, String>>> known = new HashMap<>(scrape);
		known.put("up", List.of(Map.of()));
		return Query.of(query).complaints(known);
	}

	private static Stream<String> queries() {
		Stream<JsonNode> variables = list(DASHBOARD.get("templating").get("list")).stream()
			.filter((variable) -> variable.get("type").asString().equals("query"))
			.map((variable) -> variable.get("query").get("query"));
		Stream<JsonNode> annotations = list(DASHBOARD.get("annotations").get("list")).stream()
			.filter((annotation) -> annotation.has("expr"))
			.map((annotation) -> annotation.get("expr"));
		Stream<JsonNode> ofPanels = targets().stream().map((target) -> target.get("expr"));
		return Stream.concat(
				Stream.of(variables, annotations, ofPanels).flatMap((some) -> some).map(JsonNode::asString),
				rules().stream().map((rule) -> rule.get("expr").toString()));
	}

	private static List<JsonNode> panels() {
		return list(DASHBOARD.get("panels"));
	}

	private static List<JsonNode> targets() {
		return panels().stream()
			.filter((panel) -> panel.has("targets"))
			.flatMap((panel) -> list(panel.get("targets")).stream())
			.toList();
	}

	private static List<JsonNode> list(JsonNode array) {
		List<JsonNode> list = new ArrayList<>();
		array.forEach(list::add);
		return list;
	}

	private static JsonNode dashboard() {
		return JsonMapper.shared().readTree(FILES.resolve("boot-cluster.json"));
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> rules() {
		try {
			Map<String, List<Map<String, Object>>> file = new Yaml()
				.load(Files.readString(FILES.resolve("alerts.yml")));
			return file.get("groups")
				.stream()
				.flatMap((group) -> ((List<Map<String, Object>>) group.get("rules")).stream())
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

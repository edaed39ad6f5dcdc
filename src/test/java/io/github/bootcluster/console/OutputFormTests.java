package io.github.bootcluster.console;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import io.github.bootcluster.LogOrigin;
import io.github.bootcluster.WorkerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class OutputFormTests {

	private static final LogOrigin WORKER = LogOrigin.worker(WorkerId.of(7), 2, 3);

	private static final LogOrigin STANDBY = LogOrigin.worker(WorkerId.of(8), 0, 3);

	private static final String SIGNATURE = """
			"boot_cluster":{"role":"worker","worker":{"id":7,"slot":2,"generation":3}}""";

	private final JsonForm json = new JsonForm(Entries.COMMON, () -> Instant.ofEpochSecond(1_800_000_000));

	private final JsonForm gelf = new JsonForm(Entries.GELF, () -> Instant.ofEpochMilli(1_800_000_000_042L));

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", " " })
	void formIsPlainUnlessAFormatIsNamed(String format) {
		assertThat(OutputForm.of(format)).isInstanceOf(PlainForm.class);
		assertThat(OutputForm.of("ecs")).isInstanceOf(JsonForm.class);
	}

	@Test
	void plainLinesOfWorkersTellWhoseTheyAre() {
		assertThat(write(new PlainForm(), WORKER, "one", "", "\ttwo"))
			.isEqualTo("worker-2 | one\nworker-2 | \nworker-2 | \ttwo\n");
		assertThat(write(new PlainForm(), STANDBY, "one")).isEqualTo("standby | one\n");
		assertThat(write(new PlainForm(), LogOrigin.launcher(), "one", "two")).isEqualTo("one\ntwo\n");
	}

	@Test
	void plainBytesPassUnchangedWhateverTheirEncoding() {
		byte[] line = { (byte) 0xff, (byte) 0xc3, 'a', 0 };
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		new PlainForm().write(List.of(line), LogOrigin.launcher(), out);
		assertThat(out.toByteArray()).startsWith(line);
	}

	@Test
	void entryOfAWorkerWithAFormatOfItsOwnPassesThroughAPlainConsole() {
		String entry = "{\"message\":\"one\"," + SIGNATURE + "}";
		assertThat(write(new PlainForm(), WORKER, entry, "{\"message\":\"two\"}"))
			.isEqualTo(entry + "\nworker-2 | {\"message\":\"two\"}\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"message\":\"one\",\"boot_cluster\":{\"role\":\"worker\",\"worker\":{\"id\":7}}}",
			"{\"boot_cluster\":{\"worker\":{\"slot\":[9],\"id\":7},\"role\":\"worker\"},\"nested\":{\"array\":[1,{}]}}",
			"{\"version\":\"1.1\",\"_boot_cluster_role\":\"worker\",\"_boot_cluster_worker_id\":7}" })
	void entryThatTellsWhoseItIsPassesUnchanged(String entry) {
		assertThat(write(this.json, WORKER, entry)).isEqualTo(entry + "\n");
		assertThat(write(new PlainForm(), WORKER, entry)).isEqualTo(entry + "\n");
	}

	@Test
	void entryOfTheLauncherTellsSo() {
		String entry = "{\"message\":\"one\",\"boot_cluster\":{\"role\":\"launcher\"}}";
		assertThat(write(this.json, LogOrigin.launcher(), entry)).isEqualTo(entry + "\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"boot_cluster\":{\"role\":\"launcher\"}}", "{\"boot_cluster\":{\"role\":\"worker\"}}",
			"{\"boot_cluster\":{\"role\":\"worker\",\"worker\":{\"id\":8}}}",
			"{\"boot_cluster\":{\"role\":\"worker\",\"worker\":7}}", "{\"boot_cluster\":\"worker\"}",
			"{\"boot_cluster\":{\"role\":{\"role\":\"worker\"},\"worker\":{\"id\":7}}}",
			"{\"_boot_cluster_role\":\"worker\",\"_boot_cluster_worker_id\":8}", "{\"_boot_cluster_worker_slot\":2}",
			"{\"boot_cluster\":{\"role\":\"worker\",\"worker\":{\"id\":7}},\"boot_cluster\":{\"role\":\"launcher\"}}" })
	void entryOfAWorkerThatSaysItIsAnothersIsText(String entry) {
		String written = write(this.json, WORKER, entry);
		assertThat(written).endsWith("," + SIGNATURE + "}\n").hasLineCount(1);
		assertThat(JsonMapper.shared().readTree(written).get("message").asString()).isEqualTo(entry);
		assertThat(write(new PlainForm(), WORKER, entry)).isEqualTo("worker-2 | " + entry + "\n");
	}

	@Test
	void objectThatDoesNotTellIsSigned() {
		assertThat(write(this.json, WORKER, "{\"a\":{\"boot_cluster\":1}}"))
			.isEqualTo("{" + SIGNATURE + ",\"a\":{\"boot_cluster\":1}}\n");
		assertThat(write(this.json, WORKER, "{}")).isEqualTo("{" + SIGNATURE + "}\n");
		assertThat(write(this.json, WORKER, "{ }")).isEqualTo("{" + SIGNATURE + " }\n");
		assertThat(write(this.gelf, STANDBY, "{\"a\":1}")).isEqualTo(
				"{\"_boot_cluster_role\":\"worker\",\"_boot_cluster_worker_id\":8,\"_boot_cluster_worker_generation\":3,\"a\":1}\n");
	}

	@Test
	void otherTextBecomesOneEntryForEachEvent() {
		assertThat(write(this.json, WORKER, "Exception in thread \"main\" a.B: \u00e4", "\tat a.B.c")).isEqualTo(
				"{\"@timestamp\":\"2027-01-15T08:00:00Z\",\"message\":\"Exception in thread \\\"main\\\" a.B: \u00e4\\n\\tat a.B.c\","
						+ SIGNATURE + "}\n");
		assertThat(write(this.gelf, LogOrigin.launcher(), "two")).isEqualTo(
				"{\"version\":\"1.1\",\"short_message\":\"two\",\"timestamp\":1800000000.042,\"_boot_cluster_role\":\"launcher\"}\n");
	}

	@Test
	void textAroundAnEntryIsNotLost() {
		assertThat(write(this.json, WORKER, "before", "{\"a\":1}", " after").lines()).satisfiesExactly(
				(line) -> assertThat(line).contains("\"message\":\"before\""),
				(line) -> assertThat(line).endsWith(",\"a\":1}"),
				(line) -> assertThat(line).contains("\"message\":\" after\""));
	}

	@Test
	void blankLinesMakeNoEntry() {
		assertThat(write(this.json, WORKER, "", "  ")).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '%', textBlock = """
			{not json}
			{"a":1} {"b":2}
			{"a":1},{"b":2}
			{"a":1}}
			{"a":}
			{"a":1,}
			{"cut off at the begin}
			{
			}
			[{}]
			\u001b[31m{}
			""")
	void whatOnlyLooksLikeAnObjectIsText(String line) {
		String written = write(this.json, WORKER, line);
		assertThat(written).endsWith("}\n").hasLineCount(1);
		assertThat(JsonMapper.shared().readTree(written).get("message").asString()).isEqualTo(line);
	}

	private static String write(OutputForm form, LogOrigin origin, String... lines) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		form.write(Arrays.stream(lines).map((line) -> line.getBytes(StandardCharsets.UTF_8)).toList(), origin, out);
		return out.toString(StandardCharsets.UTF_8);
	}

}

package io.github.bootcluster;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CommandLineTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '%', textBlock = """
			node server.js                | node,server.js
			  node \t server.js           | node,server.js
			'/opt/my app/run' "a b" c\\ d | /opt/my app/run,a b,c d
			a"b c"'d e'f                  | ab cd ef
			a "" ''                       | a,,
			'it''s' "it's" '"'            | its,it's,"
			'a\\b' "a\\b" a\\b            | a\\b,a\\b,ab
			"\\"\\\\\\$\\`"               | "\\$`
			--port={port}                 | --port={port}
			""")
	void lineIsSplitAsAShellDoes(String line, String words) {
		assertThat(split(line)).containsExactly(words.split(",", -1));
	}

	@Test
	void whatIsSpecialToAShellIsNotToUs() {
		assertThat(split("a $HOME *.js | b > c # d; e & ~")).containsExactly("a", "$HOME", "*.js", "|", "b", ">", "c",
				"#", "d;", "e", "&", "~");
	}

	@Test
	void lineBreakSeparatesWordsToo() {
		assertThat(split("node\n  server.js\n")).containsExactly("node", "server.js");
	}

	@Test
	void emptyLineHasNoWords() {
		assertThat(split("")).isEmpty();
		assertThat(split("  \t ")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "node 'server.js", "node \"server.js", "node \"server.js\\\"", "node server.js\\", "'", "\"" })
	void lineThatIsNotFinishedIsRefused(String line) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class).isThrownBy(() -> split(line))
			.satisfies((ex) -> assertThat(ex.getProperty()).isEqualTo("some.property"))
			.satisfies((ex) -> assertThat(ex.getValue()).isEqualTo(line));
	}

	private static List<String> split(String line) {
		return CommandLine.split("some.property", line);
	}

}

package io.github.bootcluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What readers are shown is what the compiler has seen. */
class ReadmeTests {

	@ParameterizedTest
	@ValueSource(strings = { "NightlyReport", "Prices" })
	void exampleInsideTheApplicationIsTheClassThatIsCompiled(String name) throws IOException {
		String source = Files.readString(Path.of("src/test/java/com/example/readme", name + ".java"));
		String example = source.substring(source.indexOf("@Component\n")).replace("\t", "    ");
		assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + example + "```\n");
	}

}

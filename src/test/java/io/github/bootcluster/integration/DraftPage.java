package io.github.bootcluster.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pages of the sample's that keep an object in the session. Each release has another form
 * of its class, so none can read what another one has written.
 */
final class DraftPage {

	/** Where the classes belong: the sample looks for pages there. */
	static final String PACKAGE = "io/github/bootcluster/sample/";

	private static final String SOURCE = """
			package io.github.bootcluster.sample;

			import jakarta.servlet.http.HttpSession;
			import org.springframework.web.bind.annotation.GetMapping;
			import org.springframework.web.bind.annotation.RestController;

			@RestController
			class DraftController {

				@GetMapping("/draft")
				String read(HttpSession session) {
					return String.valueOf(session.getAttribute("draft"));
				}

				@GetMapping("/draft/new")
				String write(HttpSession session) {
					session.setAttribute("draft", new Draft());
					return read(session);
				}

			}

			class Draft implements java.io.Serializable {

				private String %1$s = "draft of release %1$s";

				@Override
				public String toString() {
					return this.%1$s;
				}

			}
			""";

	private DraftPage() {
	}

	/** The class files for a release of that name. */
	static List<Path> compile(String release, Path directory) throws IOException {
		Path source = Files.createDirectory(directory).resolve("DraftController.java");
		Files.writeString(source, SOURCE.formatted(release));
		int status = ToolProvider.getSystemJavaCompiler()
			.run(null, null, null, "-proc:none", "-cp", System.getProperty("java.class.path"), "-d",
					directory.toString(), source.toString());
		assertThat(status).isZero();
		try (Stream<Path> files = Files.list(directory.resolve(PACKAGE))) {
			return files.toList();
		}
	}

}

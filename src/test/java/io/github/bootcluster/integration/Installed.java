package io.github.bootcluster.integration;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

/** Programs that tests run, but that not every machine has. */
final class Installed {

	private Installed() {
	}

	/** Where it is not on the PATH, the test is skipped and the reason printed. */
	static void require(String program, Class<?> test) {
		boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.anyMatch((directory) -> Files.isExecutable(Path.of(directory, program)));
		if (!found) {
			System.out.printf("%s: skipped a test, there is no %s on the PATH%n", test.getSimpleName(), program);
		}
		Assumptions.assumeTrue(found, "there is no " + program + " on the PATH");
	}

}

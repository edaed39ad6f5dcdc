package io.github.bootcluster.release;

import java.nio.file.Path;
import java.util.List;

/**
 * A program as it lies on the disk, where it may change at any time.
 *
 * @since 0.1.0
 */
public sealed interface Program {

	/**
	 * What {@code java -jar} runs.
	 *
	 * @param file the jar; made absolute
	 */
	record Jar(Path file) implements Program {

		public Jar {
			file = file.toAbsolutePath();
		}

		@Override
		public String toString() {
			return this.file.toString();
		}

	}

	/**
	 * What {@code java -cp} runs.
	 *
	 * @param elements jars and directories in order, made absolute; those that do not
	 * exist are passed over, as Java does
	 * @param mainClass name of the class to run
	 */
	record ClassPath(List<Path> elements, String mainClass) implements Program {

		public ClassPath {
			elements = elements.stream().map(Path::toAbsolutePath).toList();
		}

		@Override
		public String toString() {
			return "class path of " + this.mainClass;
		}

	}

}

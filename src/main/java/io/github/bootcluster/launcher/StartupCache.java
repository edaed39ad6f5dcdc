package io.github.bootcluster.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file from which a JVM takes the classes of a release ready to use, instead of reading
 * and verifying them at every start.
 *
 * @param kind which of the JVM's archives it is
 * @param file where it is, or will be
 */
record StartupCache(Kind kind, Path file) {

	/** The arguments of a JVM that uses it. */
	List<String> use() {
		return this.kind.arguments(this.kind.use, this.file);
	}

	/** The arguments of a JVM that writes it when it ends, to that place. */
	List<String> train(Path unfinished) {
		return this.kind.arguments(this.kind.train, unfinished);
	}

	/** The arguments of a JVM that uses a file or ends with a failure. */
	List<String> require(Path unfinished) {
		List<String> arguments = new ArrayList<>(List.of(this.kind.use + unfinished));
		arguments.add(this.kind.required);
		return arguments;
	}

	/** An archive that JVMs know. */
	enum Kind {

		/** Class data sharing, https://openjdk.org/jeps/350. */
		CLASS_DATA(".jsa", "-XX:SharedArchiveFile=", "-XX:ArchiveClassesAtExit=", "-Xshare:on",
				List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off")),

		/** The ahead-of-time cache, https://openjdk.org/jeps/514. */
		AHEAD_OF_TIME(".aot", "-XX:AOTCache=", "-XX:AOTCacheOutput=", "-XX:AOTMode=on",
				List.of("-Xlog:aot=off", "-Xlog:cds=off"));

		private static final int FIRST_WITH_AHEAD_OF_TIME = 25;

		private final String suffix;

		private final String use;

		private final String train;

		private final String required;

		/** What is wrong with it is told by the launcher, once. */
		private final List<String> quiet;

		Kind(String suffix, String use, String train, String required, List<String> quiet) {
			this.suffix = suffix;
			this.use = use;
			this.train = train;
			this.required = required;
			this.quiet = quiet;
		}

		/** The best that a JVM of that version has. */
		static Kind of(int feature) {
			return (feature >= FIRST_WITH_AHEAD_OF_TIME) ? AHEAD_OF_TIME : CLASS_DATA;
		}

		StartupCache in(Path directory, String name) {
			return new StartupCache(this, directory.resolve(name + this.suffix));
		}

		private List<String> arguments(String option, Path path) {
			List<String> arguments = new ArrayList<>(List.of(option + path));
			arguments.addAll(this.quiet);
			return arguments;
		}

	}

}

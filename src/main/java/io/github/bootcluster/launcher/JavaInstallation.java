package io.github.bootcluster.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

import io.github.bootcluster.ClusterProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Java that runs the workers.
 *
 * @param executable the {@code java} command
 * @param version what it tells of itself without being run, or {@code null} if nothing
 */
record JavaInstallation(Path executable, @Nullable Version version) {

	private static final Logger logger = LoggerFactory.getLogger(JavaInstallation.class);

	/**
	 * Find the one that is configured, else this JVM's own.
	 * @throws LaunchException if there is none
	 */
	static JavaInstallation find(ClusterProperties.Worker worker) {
		boolean configured = worker.javaHome() != null;
		Path home = (worker.javaHome() != null) ? worker.javaHome() : Path.of(System.getProperty("java.home"));
		for (String name : List.of("java", "java.exe")) {
			Path java = home.toAbsolutePath().resolve("bin").resolve(name);
			if (Files.isExecutable(java)) {
				return new JavaInstallation(java, version(home));
			}
		}
		throw new LaunchException(
				"There is no Java installation for the workers: %s has no executable bin/java.".formatted(home),
				configured
						? "Set cluster.worker.java-home to the directory of a Java installation (the one that holds bin), "
								+ "or remove it to use the launcher's own."
						: "Set cluster.worker.java-home to the directory of a Java installation (the one that holds bin).");
	}

	/** Every JDK since 9 has a file that tells. */
	private static @Nullable Version version(Path home) {
		Path file = home.resolve("release");
		Properties properties = new Properties();
		try (Reader reader = Files.newBufferedReader(file)) {
			properties.load(reader);
			String runtime = value(properties, "JAVA_RUNTIME_VERSION")
				.orElseGet(() -> value(properties, "JAVA_VERSION").orElse(""));
			boolean hotspot = "hotspot".equalsIgnoreCase(value(properties, "JVM_VARIANT").orElse("hotspot"));
			return new Version(Runtime.Version.parse(runtime).feature(), hotspot, properties.toString());
		}
		catch (IOException | IllegalArgumentException ex) {
			logger.debug("The version of {} is not known: {}", home, ex.toString());
			return null;
		}
	}

	private static Optional<String> value(Properties properties, String name) {
		return Optional.ofNullable(properties.getProperty(name)).map((value) -> value.replace("\"", ""));
	}

	/**
	 * What a Java installation is.
	 *
	 * @param feature such as 17
	 * @param hotspot whether its JVM is that of the OpenJDK
	 * @param identity differs between any two builds
	 */
	record Version(int feature, boolean hotspot, String identity) {

	}

}

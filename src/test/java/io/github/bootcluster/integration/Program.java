package io.github.bootcluster.integration;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the integration tests start: the build's own artifacts, as its users would. */
enum Program {

	/** The sample, from its runnable jar. */
	SAMPLE_JAR {

		@Override
		List<String> arguments() {
			return List.of("-jar", artifact("-exec.jar").toString());
		}

	},

	/** Whatever lies as {@code app.jar} in the directory of the test. */
	APP_JAR {

		@Override
		List<String> arguments() {
			return List.of("-jar", "app.jar");
		}

	},

	/** The sample, from directories of classes as {@code spring-boot:run} has them. */
	SAMPLE_CLASSES {

		@Override
		List<String> arguments() {
			return List.of("-cp", target().resolve("classes") + File.pathSeparator + dependencies(),
					"io.github.bootcluster.sample.SampleApplication");
		}

	},

	/** An application of its own that has the library jar on its class path. */
	TINY {

		@Override
		List<String> arguments() {
			return List.of("-cp", String.join(File.pathSeparator, tinyJar().toString(), artifact(".jar").toString(),
					dependencies(), webSockets()), "com.example.tiny.TinyApplication");
		}

	};

	/**
	 * The command of a small web server of the JDK's, a program of its own. Starts within
	 * a moment, unlike an application.
	 */
	static final String HTTP_PROGRAM = Path.of(System.getProperty("java.home"), "bin", "java")
			+ " -Xmx64m -XX:TieredStopAtLevel=1 -cp " + target().resolve("test-classes")
			+ " com.example.http.HttpProgram {port}";

	/** The arguments of {@code java}, up to the application's own. */
	abstract List<String> arguments();

	static Path target() {
		return Path.of(System.getProperty("project.build.directory"));
	}

	static Path artifact(String suffix) {
		return target().resolve(System.getProperty("project.build.finalName") + suffix);
	}

	/** The library's dependencies without those of its tests. */
	private static String dependencies() {
		Set<String> names = namesOfPackagedDependencies();
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> names.contains(Path.of(entry).getFileName().toString()))
			.collect(Collectors.joining(File.pathSeparator));
	}

	/** What the tiny application uses and the library does not. */
	private static String webSockets() {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> Path.of(entry)
				.getFileName()
				.toString()
				.matches("spring-((boot-)?websocket|messaging)-.*"))
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static Set<String> namesOfPackagedDependencies() {
		try (JarFile jar = new JarFile(artifact("-exec.jar").toFile())) {
			return jar.stream()
				.map((entry) -> entry.getName())
				.filter((name) -> name.startsWith("BOOT-INF/lib/") && name.endsWith(".jar"))
				.map((name) -> name.substring("BOOT-INF/lib/".length()))
				.collect(Collectors.toSet());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The tiny application. Made by the first to need it; tests are run by several. */
	static Path tinyJar() {
		return TinyJar.FILE;
	}

	/**
	 * Made again only when it is another one: archives of its classes are for this one.
	 */
	private static final class TinyJar {

		private static final String PACKAGE = "com/example/tiny/";

		private static final Path FILE = make();

		private static Path make() {
			Path jar = target().resolve("tiny.jar");
			try (FileChannel lock = FileChannel.open(target().resolve("tiny.jar.lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE)) {
				lock.lock();
				byte[] content = content();
				if (Files.notExists(jar) || !Arrays.equals(Files.readAllBytes(jar), content)) {
					Files.write(jar, content);
				}
				return jar;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private static byte[] content() throws IOException {
			ByteArrayOutputStream content = new ByteArrayOutputStream();
			try (Stream<Path> files = Files.list(target().resolve("test-classes").resolve(PACKAGE));
					JarOutputStream jar = new JarOutputStream(content)) {
				for (String directory : List.of("com/", "com/example/", PACKAGE)) {
					jar.putNextEntry(entry(directory));
				}
				for (Path file : files.sorted().toList()) {
					jar.putNextEntry(entry(PACKAGE + file.getFileName()));
					Files.copy(file, jar);
				}
			}
			return content.toByteArray();
		}

		private static JarEntry entry(String name) {
			JarEntry entry = new JarEntry(name);
			entry.setTime(0);
			return entry;
		}

	}

}

package io.github.bootcluster.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.springframework.util.FileSystemUtils;

/**
 * The classes of the tiny application as the JVM of this build takes them ready to use,
 * for launchers and for workers. What the integration tests take is mostly the starts of
 * JVMs, and these take a third less with it. Made once in a build, by a cluster of one
 * worker, and again when the library or the JVM is another one.
 * <p>
 * A JVM takes an archive only for the very jars that it was made of: so the release of
 * which it has the workers' classes is kept, too, and clusters have it as if a launcher
 * before them had left it.
 */
final class ClassArchives {

	private static final Path DIRECTORY = Program.target().resolve("class-archives");

	/** Its name is short: a socket's path must be. */
	private static final Path HOME = DIRECTORY.resolve("home");

	/** Of what they were made; written last. */
	private static final Path STAMP = DIRECTORY.resolve("stamp");

	private static final int LONGEST_PATH_OF_A_SOCKET = 100;

	private static final Duration PATIENCE = Duration.ofMinutes(5);

	private static final boolean AHEAD_OF_TIME = Runtime.version().feature() >= 25;

	private static final Path LAUNCHER = DIRECTORY.resolve("launcher.archive");

	private static final Path WORKER = DIRECTORY.resolve("worker.archive");

	private static Boolean available;

	private ClassArchives() {
	}

	/** The arguments of a launcher's JVM. */
	static List<String> launcherArguments() {
		return areAvailable() ? List.of(use(LAUNCHER)) : List.of();
	}

	/** The argument of a worker's JVM, where there is such a link. */
	static String workerArgument() {
		return use(WORKER);
	}

	/**
	 * Put the release into the home of a cluster, which may not exist yet.
	 * @return a link, to be removed with the cluster; empty if there are no archives, or
	 * if the home has it from another launcher, which may still need it
	 */
	static Optional<Path> linkRelease(Path home) {
		if (!areAvailable()) {
			return Optional.empty();
		}
		try {
			Path releases = Files.createDirectories(home.resolve("releases"));
			Path link = releases.resolve(release().getFileName());
			if (Files.exists(link)) {
				return Optional.empty();
			}
			return Optional.of(Files.createSymbolicLink(link, release()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path release() throws IOException {
		try (Stream<Path> releases = Files.list(HOME.resolve("releases"))) {
			return releases.findFirst().orElseThrow();
		}
	}

	private static String use(Path archive) {
		return (AHEAD_OF_TIME ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive;
	}

	private static String make(Path archive) {
		return (AHEAD_OF_TIME ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive;
	}

	private static synchronized boolean areAvailable() {
		if (available == null) {
			boolean possible = HOME.resolve("control.sock").toString().length() <= LONGEST_PATH_OF_A_SOCKET;
			if (possible) {
				makeUnlessMade();
			}
			available = possible;
		}
		return available;
	}

	/** One process at a time: tests are run by several. */
	private static void makeUnlessMade() {
		try (FileChannel lock = FileChannel.open(DIRECTORY.resolveSibling("class-archives.lock"),
				StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			lock.lock();
			String stamp = stamp();
			if (!Files.exists(STAMP) || !Files.readString(STAMP).equals(stamp)) {
				FileSystemUtils.deleteRecursively(DIRECTORY);
				Files.createDirectories(DIRECTORY);
				make();
				Files.writeString(STAMP, stamp);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String stamp() throws IOException {
		return "%s %s %s %s".formatted(Runtime.version(), System.getProperty("java.home"),
				Files.getLastModifiedTime(Program.artifact(".jar")), Files.getLastModifiedTime(Program.tinyJar()));
	}

	private static void make() {
		try (ClusterProcess cluster = ClusterProcess.of(Program.TINY, DIRECTORY)
			.property("cluster.workers", "1")
			.property("cluster.worker.jvm-args", ClusterProcess.WORKER_JVM_ARGUMENTS + "," + make(WORKER))
			.property("cluster.worker.stop-timeout", PATIENCE.toSeconds() + "s")
			.withoutArchives()
			.jvmArgument(make(LAUNCHER))
			.start()
			.awaitServing()) {
			cluster.get("/who");
			cluster.status();
			cluster.signal("TERM");
			int status = cluster.awaitExit(PATIENCE);
			if (status != 0 || !Files.exists(LAUNCHER) || !Files.exists(WORKER)) {
				throw new AssertionError("No archives of classes were made:\n" + cluster.output());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}

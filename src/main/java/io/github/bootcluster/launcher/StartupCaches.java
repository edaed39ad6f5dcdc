package io.github.bootcluster.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterProperties.Worker.StartupCaching;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.release.Release;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start-up caches of releases: one for each release, JVM and set of JVM arguments,
 * kept with the release. A cache is a means to save time and never a condition: whatever
 * is wrong with one, workers start without it, and it is said once.
 * <p>
 * A JVM takes a cache's content on trust, and dies of one that was cut off by a crash of
 * the machine. So each has its checksum beside it, looked at before it is used the first
 * time; and one is given up when a worker that uses it dies before it could say a word.
 * May be used by any thread.
 */
final class StartupCaches {

	private static final Logger logger = LoggerFactory.getLogger(StartupCaches.class);

	private static final String PREFIX = "startup-";

	private static final String CHECKSUM = ".crc32c";

	private static final String UNFINISHED = ".unfinished";

	/** Arguments by which the operator takes archives into his own hands. */
	private static final List<String> OPERATORS_OWN = List.of("-XX:SharedArchiveFile", "-XX:ArchiveClassesAtExit",
			"-XX:+AutoCreateSharedArchive", "-XX:AOT", "-XX:+AOT", "-Xshare");

	/** How those end whose JVM cannot bear its archive. */
	private static final Set<String> CRASHES = Set.of("SIGABRT", "SIGSEGV", "SIGILL");

	private static final int TRIAL_SECONDS = 30;

	private final WorkerProgram program;

	private final ClusterProperties.Worker settings;

	/** {@code null} if there are none. */
	private final @Nullable Naming naming;

	private final List<String> trainingPrefix;

	/** Whether a cache can be used, by its file. */
	private final Map<Path, Boolean> usable = new ConcurrentHashMap<>();

	/** Workers that use one and have not joined yet. */
	private final Map<WorkerId, StartupCache> unproven = new ConcurrentHashMap<>();

	StartupCaches(WorkerProgram program, ClusterProperties.Worker settings) {
		this.program = program;
		this.settings = settings;
		this.naming = (settings.startupCache() == StartupCaching.AUTO) ? naming(program) : null;
		this.trainingPrefix = (this.naming != null) ? Tether.ofBackgroundWork() : List.of();
	}

	private static @Nullable Naming naming(WorkerProgram program) {
		JavaInstallation.Version version = program.java().version();
		if (version == null || !version.hotspot()) {
			logger.info("No start-up cache: it is not known what JVM {} is", program.java().executable());
			return null;
		}
		for (String argument : program.jvmArguments()) {
			if (OPERATORS_OWN.stream().anyMatch(argument::startsWith)) {
				logger.info("No start-up cache of ours: cluster.worker.jvm-args say {}", argument);
				return null;
			}
		}
		return new Naming(StartupCache.Kind.of(version.feature()), key(version, program.jvmArguments()));
	}

	private static String key(JavaInstallation.Version version, List<String> jvmArguments) {
		CRC32C checksum = new CRC32C();
		checksum.update((version.identity() + "\n" + String.join("\n", jvmArguments)).getBytes(StandardCharsets.UTF_8));
		return PREFIX + HexFormat.of().toHexDigits((int) checksum.getValue());
	}

	/** Whether there is none for a release, and one could be made. */
	boolean isMissing(Release release) {
		return this.naming != null && !isUsable(this.naming.cacheOf(release));
	}

	/** The arguments of a worker's JVM; none if there is no cache it could use. */
	List<String> argumentsFor(WorkerId worker, Release release) {
		if (this.naming == null) {
			return List.of();
		}
		StartupCache cache = this.naming.cacheOf(release);
		if (!isUsable(cache)) {
			return List.of();
		}
		this.unproven.put(worker, cache);
		return cache.use();
	}

	/** What to put in front of the command of a worker that makes one. */
	List<String> trainingPrefix() {
		return this.trainingPrefix;
	}

	/** The arguments of the JVM of a worker that makes one. */
	List<String> trainingArguments(Release release) {
		StartupCache cache = naming().cacheOf(release);
		discard(release);
		return cache.train(unfinished(cache));
	}

	/** Remove what a worker left that was to make one, but was ended before. */
	void discard(Release release) {
		Path unfinished = unfinished(naming().cacheOf(release));
		delete(unfinished);
		// Of JDK 25: what the cache is made from.
		delete(unfinished.resolveSibling(unfinished.getFileName() + ".config"));
	}

	/** A worker's JVM has come as far as the application. */
	void joined(WorkerId worker) {
		this.unproven.remove(worker);
	}

	/**
	 * A worker's process is gone.
	 * @param status its exit status
	 */
	void ended(WorkerId worker, int status) {
		StartupCache cache = this.unproven.remove(worker);
		String signal = Exits.signalOf(status);
		if (cache != null && signal != null && CRASHES.contains(signal)
				&& Boolean.TRUE.equals(this.usable.put(cache.file(), false))) {
			logger.info("The start-up cache {} is not used any more: the JVM of worker {} was {} at its start",
					cache.file(), worker, Exits.describe(status));
		}
	}

	/** Look at what a former launcher has left with a release; it takes a moment. */
	void look(Release release) {
		if (this.naming != null) {
			discard(release);
			isUsable(this.naming.cacheOf(release));
		}
	}

	/**
	 * A worker that made one for a release has ended: use it if it is good.
	 * @param workers how many share the machine
	 */
	void complete(Release release, int workers) {
		StartupCache cache = naming().cacheOf(release);
		Path unfinished = unfinished(cache);
		try {
			if (!Files.exists(unfinished)) {
				logger.info("There is no start-up cache: the JVM that was to write one did not");
				return;
			}
			String refusal = tryOut(cache.require(unfinished), unfinished, release, workers);
			if (refusal != null) {
				logger.info("There is no start-up cache: the JVM refuses what was made: {}", refusal);
				return;
			}
			removeOthers(release.extras());
			Files.writeString(checksumFile(cache), checksum(unfinished));
			Files.move(unfinished, cache.file(), StandardCopyOption.ATOMIC_MOVE);
			this.usable.put(cache.file(), true);
			logger.info("Workers of release {} start from a cache from now on ({} MB)", release.id(),
					Files.size(cache.file()) >> 20);
		}
		catch (IOException ex) {
			logger.info("There is no start-up cache: {}", ex.toString());
		}
		finally {
			discard(release);
		}
	}

	/** Why a JVM does not take it, or {@code null} if it does. */
	private @Nullable String tryOut(List<String> arguments, Path unfinished, Release release, int workers)
			throws IOException {
		List<String> command = this.program.java(workers, arguments);
		command.addAll(List.of("-cp", release.jar().toString(), "-version"));
		Path output = unfinished.resolveSibling(unfinished.getFileName() + ".txt");
		try {
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(output.toFile());
			WorkerEnvironment.prepare(builder.environment(), this.settings);
			Process process = builder.start();
			if (!process.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS)) {
				process.destroyForcibly();
				return "it did not end";
			}
			return (process.exitValue() == 0) ? null
					: Files.readAllLines(output).stream().findFirst().orElse(Exits.describe(process.exitValue()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return "the launcher ends";
		}
		finally {
			delete(output);
		}
	}

	private boolean isUsable(StartupCache cache) {
		if (!Files.exists(cache.file())) {
			// Or not any more: a release that was removed may be made again.
			this.usable.remove(cache.file());
			return false;
		}
		return this.usable.computeIfAbsent(cache.file(), (file) -> {
			try {
				if (Files.readString(checksumFile(cache)).equals(checksum(file))) {
					return true;
				}
				logger.info("The start-up cache {} is damaged: it is made again", file);
			}
			catch (IOException ex) {
				logger.info("The start-up cache {} cannot be used: {}", file, ex.toString());
			}
			return false;
		});
	}

	private static String checksum(Path file) throws IOException {
		CRC32C checksum = new CRC32C();
		try (InputStream content = Files.newInputStream(file)) {
			byte[] buffer = new byte[1 << 16];
			for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
				checksum.update(buffer, 0, read);
			}
		}
		return String.format(Locale.ROOT, "%d %08x", Files.size(file), checksum.getValue());
	}

	/** Those of other JVMs or arguments would only take room. */
	private static void removeOthers(Path directory) throws IOException {
		try (DirectoryStream<Path> caches = Files.newDirectoryStream(directory, PREFIX + "*")) {
			for (Path cache : caches) {
				if (!cache.toString().endsWith(UNFINISHED)) {
					delete(cache);
				}
			}
		}
	}

	private Naming naming() {
		if (this.naming == null) {
			throw new IllegalStateException("There are no start-up caches");
		}
		return this.naming;
	}

	private static Path checksumFile(StartupCache cache) {
		return cache.file().resolveSibling(cache.file().getFileName() + CHECKSUM);
	}

	private static Path unfinished(StartupCache cache) {
		return cache.file().resolveSibling(cache.file().getFileName() + UNFINISHED);
	}

	private static void delete(Path file) {
		try {
			Files.deleteIfExists(file);
		}
		catch (IOException ex) {
			logger.debug("{} could not be deleted: {}", file, ex.toString());
		}
	}

	/** Where the cache of a release is, for the JVM of the workers. */
	private record Naming(StartupCache.Kind kind, String name) {

		StartupCache cacheOf(Release release) {
			return this.kind.in(release.extras(), this.name);
		}

	}

}

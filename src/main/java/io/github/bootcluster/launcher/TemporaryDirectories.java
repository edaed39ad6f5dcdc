package io.github.bootcluster.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.github.bootcluster.WorkerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.FileSystemUtils;

/**
 * A directory for the temporary files of each worker, which ends with it. A JVM that is
 * killed removes nothing itself: Tomcat's directories and half an upload would stay, for
 * every crash.
 */
final class TemporaryDirectories implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(TemporaryDirectories.class);

	private final Path parent;

	/** Of an earlier launcher. */
	private final List<Path> leftovers;

	/** Filled by the supervisor's thread, emptied by any. */
	private final Map<WorkerId, Path> workers = new ConcurrentHashMap<>();

	private TemporaryDirectories(Path parent, List<Path> leftovers) {
		this.parent = parent;
		this.leftovers = leftovers;
	}

	/**
	 * Begin, with what an earlier launcher left where it is: its workers may still be at
	 * their last requests.
	 * @throws LaunchException if the home cannot be written to
	 */
	static TemporaryDirectories open(ClusterHome home) {
		Path parent = home.makeDirectory("tmp");
		try (Stream<Path> leftovers = Files.list(parent)) {
			return new TemporaryDirectories(parent, leftovers.toList());
		}
		catch (IOException | UncheckedIOException ex) {
			throw unusable(parent, ex);
		}
	}

	/**
	 * Make that of a worker.
	 * @throws IOException if it cannot be made
	 */
	Path create(WorkerId worker) throws IOException {
		Path directory = Files.createTempDirectory(this.parent, "worker-" + worker + "-");
		this.workers.put(worker, directory);
		return directory;
	}

	/**
	 * Make that of the launcher itself.
	 * @throws LaunchException if it cannot be made
	 */
	Path createForLauncher() {
		try {
			return Files.createTempDirectory(this.parent, "launcher-");
		}
		catch (IOException ex) {
			throw unusable(this.parent, ex);
		}
	}

	/** Remove that of a worker which is gone, if it had one. */
	void delete(WorkerId worker) {
		Path directory = this.workers.remove(worker);
		if (directory != null) {
			delete(directory);
		}
	}

	/** Remove what an earlier launcher left. */
	void deleteLeftovers() {
		this.leftovers.forEach(TemporaryDirectories::delete);
	}

	/** Remove all of them. */
	@Override
	public void close() {
		delete(this.parent);
	}

	private static LaunchException unusable(Path directory, Exception ex) {
		return new LaunchException("The directory %s cannot be used: %s".formatted(directory, ex),
				"Let this user read and write it, or remove it.", ex);
	}

	private static void delete(Path directory) {
		try {
			FileSystemUtils.deleteRecursively(directory);
		}
		catch (IOException ex) {
			logger.warn("Temporary files were left behind in {}: {}", directory, ex.toString());
		}
	}

}

package io.github.bootcluster.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
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

	static final String NAME = "worker-tmp";

	/**
	 * Age from which one of an earlier launcher is removed. The workers of one that was
	 * killed may still be at their last requests.
	 */
	private static final Duration LEFT_BEHIND = Duration.ofHours(1);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

	/** Whatever else is there is not ours. */
	private static final Pattern OURS = Pattern.compile("(worker-\\d+|launcher)-\\d+");

	private static final Logger logger = LoggerFactory.getLogger(TemporaryDirectories.class);

	private final Path parent;

	/** By their owners. Filled by any thread, emptied by any. */
	private final Map<String, Path> open = new ConcurrentHashMap<>();

	/** Large files take a moment, and nobody shall wait for it. */
	private final ExecutorService removal = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "cluster-temporary-files");
		thread.setDaemon(true);
		return thread;
	});

	private TemporaryDirectories(Path parent) {
		this.parent = parent;
	}

	/**
	 * Begin, and remove what an earlier launcher left long ago.
	 * @throws LaunchException if the home cannot be written to
	 */
	static TemporaryDirectories open(ClusterHome home, Clock clock) {
		TemporaryDirectories directories = new TemporaryDirectories(home.makeDirectory(NAME));
		Instant limit = clock.instant().minus(LEFT_BEHIND);
		directories.removal.execute(() -> directories.deleteLeftovers(limit));
		return directories;
	}

	/**
	 * Make that of a worker.
	 * @throws IOException if it cannot be made
	 */
	Path create(WorkerId worker) throws IOException {
		return create(ownerOf(worker));
	}

	/**
	 * Make that of the launcher itself.
	 * @throws LaunchException if it cannot be made
	 */
	Path createForLauncher() {
		try {
			return create("launcher");
		}
		catch (IOException ex) {
			throw new LaunchException("The directory %s cannot be used: %s".formatted(this.parent, ex),
					"Let this user read and write it, or remove it.", ex);
		}
	}

	private Path create(String owner) throws IOException {
		Path directory = Files.createTempDirectory(this.parent, owner + "-");
		this.open.put(owner, directory);
		return directory;
	}

	/** Remove that of a worker which is gone, if it had one. Does not wait for that. */
	void delete(WorkerId worker) {
		Path directory = this.open.remove(ownerOf(worker));
		if (directory == null) {
			return;
		}
		try {
			this.removal.execute(() -> delete(directory));
		}
		catch (RejectedExecutionException ex) {
			// The launcher ends, and nobody waits for a replacement.
			delete(directory);
		}
	}

	private static String ownerOf(WorkerId worker) {
		return "worker-" + worker;
	}

	private void deleteLeftovers(Instant limit) {
		try (Stream<Path> children = Files.list(this.parent)) {
			for (Path child : children.toList()) {
				if (OURS.matcher(child.getFileName().toString()).matches()
						&& Files.getLastModifiedTime(child).toInstant().isBefore(limit)) {
					delete(child);
				}
			}
		}
		catch (IOException | UncheckedIOException ex) {
			logger.warn("Temporary files of an earlier launcher were left in {}: {}", this.parent, ex.toString());
		}
	}

	/** Remove all that were made. */
	@Override
	public void close() {
		this.removal.shutdown();
		try {
			this.removal.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.open.values().forEach(TemporaryDirectories::delete);
		this.open.clear();
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

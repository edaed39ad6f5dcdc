package io.github.bootcluster.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The releases of one cluster, in {@code releases} below its home, a directory each.
 * Whoever holds the home is the only one to use them, one thread at a time.
 * <p>
 * A release is written beside the others under a name of its own and renamed once it is
 * complete, so that whatever interrupts this leaves none that is broken. Files that
 * another release has already are linked, not written again.
 *
 * @since 0.1.0
 */
public final class Releases {

	static final String EXTRAS = "extras";

	private static final Logger logger = LoggerFactory.getLogger(Releases.class);

	/** Part of every release's name: grows when what is written changes. */
	private static final String LAYOUT_VERSION = "1";

	private static final int ID_LENGTH = 16;

	/** Of names of directories that are not releases, or not any more. */
	private static final String UNFINISHED = ".";

	/** How often a program that is being written may have changed under way. */
	private static final int ATTEMPTS = 20;

	private static final Duration PAUSE = Duration.ofMillis(250);

	/**
	 * Never part of a program: it changes all the time, and what is written would be read
	 * again.
	 */
	private final Path home;

	private final Path directory;

	private Releases(Path home) {
		this.home = home;
		this.directory = home.resolve("releases");
	}

	/**
	 * Open those of a cluster, and clean up what an interrupted launcher has left.
	 * @param home the cluster's home, held by the caller
	 * @throws StagingException if the directory cannot be used
	 */
	public static Releases open(Path home) throws StagingException {
		Releases releases = new Releases(home.toAbsolutePath());
		try {
			Files.createDirectories(releases.directory);
			for (Path unfinished : releases.list(UNFINISHED + "*")) {
				logger.info("Removing {}, which an interrupted launcher has left", unfinished);
				delete(unfinished);
			}
			return releases;
		}
		catch (IOException ex) {
			throw new StagingException("The directory %s cannot be used".formatted(releases.directory), ex);
		}
	}

	/**
	 * Make a release of a program as it is now, or find the one that was made of it.
	 * @throws StagingException if it cannot be read, goes on changing, or cannot be
	 * written; other releases are as they were
	 * @throws InterruptedException while waiting for it not to change any more
	 */
	public Release stage(Program program) throws StagingException, InterruptedException {
		try {
			Release unchanged = findUnchanged(program);
			return (unchanged != null) ? unchanged : copy(program);
		}
		catch (StagingException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new StagingException("%s cannot be copied to %s".formatted(program, this.directory), ex);
		}
	}

	/**
	 * Remove all releases but these and the one that was used last of the others.
	 */
	public void retain(Collection<Release> used) {
		Set<Path> kept = used.stream().map(Release::directory).collect(Collectors.toCollection(HashSet::new));
		try {
			List<Path> others = new ArrayList<>(list("*"));
			others.removeAll(kept);
			if (kept.size() < 2) {
				others.stream().max(Comparator.comparing(Releases::lastUse)).ifPresent(others::remove);
			}
			for (Path other : others) {
				remove(other);
			}
		}
		catch (IOException ex) {
			logger.warn("Releases that are not needed any more could not be removed from {}: {}", this.directory,
					ex.toString());
		}
	}

	private @Nullable Release findUnchanged(Program program) throws IOException {
		for (Path release : list("*")) {
			ReleaseIndex index = indexOf(release);
			if (index != null && index.program().equals(nameOf(program)) && index.isUpToDate(this.home)) {
				return use(release, index);
			}
		}
		return null;
	}

	/** The index of a release that is complete; else {@code null}. */
	private static @Nullable ReleaseIndex indexOf(Path release) throws IOException {
		ReleaseIndex index;
		try {
			index = ReleaseIndex.read(release);
		}
		catch (IOException ex) {
			logger.info("Removing the release {}: it has no index that can be read ({})", release, ex.getMessage());
			remove(release);
			return null;
		}
		if (!index.isIntact(release)) {
			logger.info("Removing the release {}: files of it are missing or cut off", release);
			remove(release);
			return null;
		}
		return index;
	}

	private static Release use(Path release, ReleaseIndex index) throws IOException {
		Files.createDirectories(release.resolve(EXTRAS));
		Files.setLastModifiedTime(release.resolve(ReleaseIndex.FILE), FileTime.fromMillis(System.currentTimeMillis()));
		return new Release(String.valueOf(release.getFileName()), release,
				release.resolve(index.files().get(0).name()));
	}

	private Release copy(Program program) throws IOException, InterruptedException {
		IOException failure = new IOException("it goes on changing");
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			if (attempt > 0) {
				// A build is writing it: what was read is of two worlds.
				Thread.sleep(PAUSE.toMillis());
			}
			Path staging = Files.createTempDirectory(this.directory, UNFINISHED + "staging-");
			try {
				Map<Path, String> before = new LinkedHashMap<>();
				try {
					// First, so that a layout of two worlds is found out, too.
					before = stamps(Layout.of(program, this.home));
					Layout layout = Layout.of(program, this.home);
					List<ReleaseIndex.Entry> files = write(layout, staging);
					if (before.equals(stamps(layout))) {
						return complete(staging, new ReleaseIndex(nameOf(program), before, files));
					}
				}
				catch (IOException ex) {
					if (!hasChanged(before)) {
						throw ex;
					}
					failure = ex;
				}
			}
			finally {
				delete(staging);
			}
		}
		throw failure;
	}

	/** Two class paths of one main class are two programs, though they share files. */
	private static String nameOf(Program program) {
		return (program instanceof Program.ClassPath classPath) ? classPath.mainClass() + " of " + classPath.elements()
				: program.toString();
	}

	private Map<Path, String> stamps(Layout layout) throws IOException {
		Map<Path, String> stamps = new LinkedHashMap<>();
		for (Path source : layout.sources()) {
			stamps.put(source, SourceStamp.of(source, this.home));
		}
		return stamps;
	}

	private boolean hasChanged(Map<Path, String> stamps) throws IOException {
		for (Map.Entry<Path, String> stamp : stamps.entrySet()) {
			if (!SourceStamp.of(stamp.getKey(), this.home).equals(stamp.getValue())) {
				return true;
			}
		}
		return false;
	}

	private List<ReleaseIndex.Entry> write(Layout layout, Path staging) throws IOException {
		Map<String, Path> existing = existingFiles();
		List<ReleaseIndex.Entry> files = new ArrayList<>();
		for (Part part : layout.parts()) {
			Path file = staging.resolve(part.name());
			Files.createDirectories(file.getParent());
			String hash = Hash.write(part.content(), file);
			if (!file.toFile().setReadOnly()) {
				logger.debug("{} could not be made read-only", file);
			}
			shareWith(existing.get(hash), file);
			files.add(new ReleaseIndex.Entry(part.name(), Files.size(file), hash));
		}
		return files;
	}

	/** The files of complete releases, by their hash. */
	private Map<String, Path> existingFiles() throws IOException {
		Map<String, Path> files = new HashMap<>();
		for (Path release : list("*")) {
			ReleaseIndex index = indexOf(release);
			if (index != null) {
				index.files().forEach((file) -> files.put(file.hash(), release.resolve(file.name())));
			}
		}
		return files;
	}

	/** Two releases that have a file of the same content have one file. */
	private static void shareWith(@Nullable Path existing, Path file) throws IOException {
		if (existing == null) {
			return;
		}
		Path link = file.resolveSibling(file.getFileName() + ".link");
		try {
			Files.createLink(link, existing);
			Files.move(link, file, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (FileSystemException | UnsupportedOperationException ex) {
			// Not every file system has links, and those that do limit their number.
			logger.debug("{} could not be linked: {}", existing, ex.toString());
			Files.deleteIfExists(link);
		}
	}

	private Release complete(Path staging, ReleaseIndex index) throws IOException {
		Path release = this.directory.resolve(idOf(index.files()));
		if (Files.isDirectory(release)) {
			// The same content, though its sources look otherwise: those of now count.
			index.write(release);
			return use(release, index);
		}
		Files.createDirectory(staging.resolve(EXTRAS));
		index.write(staging);
		Files.move(staging, release, StandardCopyOption.ATOMIC_MOVE);
		return use(release, index);
	}

	private static String idOf(List<ReleaseIndex.Entry> files) {
		MessageDigest digest = Hash.sha256();
		digest.update(LAYOUT_VERSION.getBytes(StandardCharsets.UTF_8));
		files.forEach(
				(file) -> digest.update((file.name() + "\t" + file.hash() + "\n").getBytes(StandardCharsets.UTF_8)));
		return Hash.text(digest).substring(0, ID_LENGTH);
	}

	private List<Path> list(String glob) throws IOException {
		List<Path> found = new ArrayList<>();
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(this.directory, glob)) {
			entries.forEach(found::add);
		}
		boolean unfinished = glob.startsWith(UNFINISHED);
		return found.stream()
			.filter((path) -> path.getFileName().toString().startsWith(UNFINISHED) == unfinished)
			.toList();
	}

	private static FileTime lastUse(Path release) {
		try {
			return Files.getLastModifiedTime(release.resolve(ReleaseIndex.FILE));
		}
		catch (IOException ex) {
			// Not complete: the first to go.
			return FileTime.fromMillis(0);
		}
	}

	/** Renamed first, so that one that is removed in part is not taken for a whole. */
	private static void remove(Path release) throws IOException {
		Path renamed = release.resolveSibling(UNFINISHED + "removed-" + release.getFileName());
		delete(renamed);
		Files.move(release, renamed, StandardCopyOption.ATOMIC_MOVE);
		delete(renamed);
	}

	/**
	 * Not by a library: when the launcher's own jar was overwritten, which is when a
	 * staging may have to be cleaned up, only classes of ours are sure to be there.
	 */
	private static void delete(Path path) throws IOException {
		try {
			Files.walkFileTree(path, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
					Files.deleteIfExists(file);
					return FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException ex) throws IOException {
					if (ex != null) {
						throw ex;
					}
					Files.deleteIfExists(visited);
					return FileVisitResult.CONTINUE;
				}

			});
		}
		catch (NoSuchFileException ex) {
			// Renamed to a release, or gone already: that is what was wanted.
		}
	}

}

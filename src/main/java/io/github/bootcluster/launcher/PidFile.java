package io.github.bootcluster.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that tells scripts and service managers which process to signal: the pid of
 * this one and a newline. It is complete whenever it is there. It guards nothing: of two
 * launchers, the {@linkplain ClusterHome home} lets one live, so open that first and
 * close it last.
 * <p>
 * A file is replaced only if it looks like one of these. Whatever else may be at the path
 * by mistake (a configuration file, a device) stays, and so does a symbolic link: written
 * through, it would let whoever may write to the directory choose what a launcher of the
 * superuser overwrites; replaced, an operator's {@code /dev/stdout} would be gone.
 */
final class PidFile implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(PidFile.class);

	/** Enough for every pid, and to tell that something else is there. */
	private static final int MAX_LENGTH = 32;

	private final Path file;

	/** What the file holds as long as it is ours. */
	private final long pid;

	private PidFile(Path file, long pid) {
		this.file = file;
		this.pid = pid;
	}

	/**
	 * Write the pid of this process. The file is readable by all, as far as the umask
	 * lets it be. Its directory must be there: whose it shall be is not for us to guess.
	 * @throws LaunchException if that is not possible, or something else is in the way
	 */
	static PidFile write(Path path) {
		Path file = path.toAbsolutePath().normalize();
		Path directory = file.getParent();
		if (directory == null) {
			throw inTheWay(file, "it is a directory");
		}
		if (!Files.isDirectory(directory)) {
			throw unwritable(file,
					"%s %s".formatted(directory, Files.exists(directory) ? "is no directory" : "does not exist"), null);
		}
		long pid = ProcessHandle.current().pid();
		try {
			checkReplaceable(file, pid);
			publish(directory, file, pid + "\n");
		}
		catch (IOException ex) {
			throw unwritable(file, describe(ex), ex);
		}
		return new PidFile(file, pid);
	}

	private static LaunchException unwritable(Path file, String reason, @Nullable IOException ex) {
		return new LaunchException("The pid file %s cannot be written: %s.".formatted(file, reason),
				"Make its directory one this user can write to, or set cluster.pid-file to a file in one that is.", ex);
	}

	private static LaunchException inTheWay(Path file, String reason) {
		return new LaunchException("The pid file %s cannot be written: %s.".formatted(file, reason),
				"Remove what is there if it is of no use, or set cluster.pid-file to another path.");
	}

	private static void checkReplaceable(Path file, long pid) throws IOException {
		String content;
		try {
			BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class,
					LinkOption.NOFOLLOW_LINKS);
			if (!attributes.isRegularFile()) {
				throw inTheWay(file, "it is " + kindOf(attributes));
			}
			content = read(file);
		}
		catch (NoSuchFileException ex) {
			return;
		}
		// Empty is what touch(1) leaves, or a crash of the machine.
		if (content.isBlank()) {
			return;
		}
		long other = parse(content).orElseThrow(() -> inTheWay(file, "it holds something other than a pid"));
		Optional<ProcessHandle> process = ProcessHandle.of(other).filter(ProcessHandle::isAlive);
		if (other != pid && process.isPresent()) {
			logger.warn("The pid file {} names process {} ({}), which lives: it names {} from now on", file, other,
					process.get().info().command().orElse("of another user"), pid);
		}
	}

	private static String kindOf(BasicFileAttributes attributes) {
		if (attributes.isDirectory()) {
			return "a directory";
		}
		return attributes.isSymbolicLink() ? "a symbolic link" : "a device or the like";
	}

	private static void publish(Path directory, Path file, String content) throws IOException {
		Path draft = Files.createTempFile(directory, file.getFileName() + ".", ".new", readableByAll(directory));
		try {
			Files.writeString(draft, content);
			Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Files.deleteIfExists(draft);
		}
	}

	@Override
	public void close() {
		try {
			if (isOurs()) {
				Files.deleteIfExists(this.file);
			}
		}
		catch (IOException ex) {
			logger.warn("The pid file {} could not be deleted: {}", this.file, describe(ex));
		}
	}

	private boolean isOurs() throws IOException {
		if (!Files.isRegularFile(this.file, LinkOption.NOFOLLOW_LINKS)) {
			return false;
		}
		OptionalLong named = parse(read(this.file));
		return named.isPresent() && named.getAsLong() == this.pid;
	}

	private static String read(Path file) throws IOException {
		try (InputStream stream = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
			return new String(stream.readNBytes(MAX_LENGTH), StandardCharsets.ISO_8859_1);
		}
	}

	private static OptionalLong parse(String content) {
		try {
			return OptionalLong.of(Long.parseLong(content.strip()));
		}
		catch (NumberFormatException ex) {
			// Not a pid file, then.
			return OptionalLong.empty();
		}
	}

	/** Given at the creation, so that the system takes from it what the umask says. */
	private static FileAttribute<?>[] readableByAll(Path directory) {
		return (Files.getFileAttributeView(directory, PosixFileAttributeView.class) != null)
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")) }
				: new FileAttribute<?>[0];
	}

	/** The messages of file system exceptions are often the bare path. */
	private static String describe(IOException ex) {
		String reason = (ex instanceof FileSystemException failure) ? failure.getReason() : ex.getMessage();
		String kind = ex.getClass().getSimpleName().replace("Exception", "");
		return (reason != null) ? kind + " " + reason : kind;
	}

}

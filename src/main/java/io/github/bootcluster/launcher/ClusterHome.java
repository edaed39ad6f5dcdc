package io.github.bootcluster.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * The directory of a cluster's own files, held by one launcher at a time. The lock is the
 * operating system's: it ends with the launcher, however that ends.
 */
final class ClusterHome implements AutoCloseable {

	private static final Set<PosixFilePermission> WRITABLE_BY_OTHERS = Set.of(PosixFilePermission.GROUP_WRITE,
			PosixFilePermission.OTHERS_WRITE);

	private final Path directory;

	private final FileChannel lockFile;

	private ClusterHome(Path directory, FileChannel lockFile) {
		this.directory = directory;
		this.lockFile = lockFile;
	}

	/**
	 * Make the directory if it is missing, and take possession of it.
	 * @throws LaunchException if it cannot be used, or another launcher holds it
	 */
	static ClusterHome open(Path home) {
		Path directory = home.toAbsolutePath().normalize();
		try {
			create(directory);
			FileChannel lockFile = FileChannel.open(directory.resolve("launcher.lock"), StandardOpenOption.CREATE,
					StandardOpenOption.READ, StandardOpenOption.WRITE);
			FileLock lock = lockFile.tryLock();
			if (lock == null) {
				String holder = read(lockFile);
				lockFile.close();
				throw new LaunchException(
						"The cluster home %s is in use by another launcher%s.".formatted(directory, holder),
						"Stop that launcher, or set cluster.home to another directory for this one.");
			}
			write(lockFile, "pid " + ProcessHandle.current().pid());
			return new ClusterHome(directory, lockFile);
		}
		catch (IOException ex) {
			throw unusable(directory, ex);
		}
	}

	private static LaunchException unusable(Path directory, IOException ex) {
		return new LaunchException("The cluster home %s cannot be used: %s".formatted(directory, describe(ex)),
				"Make it a directory this user can write to, or set cluster.home to one.", ex);
	}

	Path directory() {
		return this.directory;
	}

	Path controlSocket() {
		return this.directory.resolve("control.sock");
	}

	/**
	 * Make a directory in it, for its owner only, unless it is there.
	 * @return its path
	 * @throws LaunchException if that is not possible
	 */
	Path makeDirectory(String name) {
		Path path = this.directory.resolve(name);
		try {
			Files.createDirectories(path);
			if (isPosix(path)) {
				Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
			}
			return path;
		}
		catch (IOException ex) {
			throw unusable(this.directory, ex);
		}
	}

	/**
	 * Write a file of arguments for the {@code java} command, readable by its owner only.
	 * @return its path
	 * @throws LaunchException if it cannot be written
	 */
	Path writeArguments(List<String> arguments) {
		Path file = this.directory.resolve("worker.args");
		try {
			Files.deleteIfExists(file);
			FileAttribute<?>[] ownerOnly = isPosix(this.directory)
					? new FileAttribute<?>[] {
							PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")) }
					: new FileAttribute<?>[0];
			Files.createFile(file, ownerOnly);
			return Files.write(file, arguments.stream().map(ClusterHome::quote).toList());
		}
		catch (IOException ex) {
			throw unusable(this.directory, ex);
		}
	}

	/**
	 * As the java command reads it back: in quotes, a backslash before what is special.
	 */
	private static String quote(String argument) {
		return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r")
				+ '"';
	}

	@Override
	public void close() {
		try {
			this.lockFile.close();
		}
		catch (IOException ex) {
			throw new IllegalStateException("The lock of " + this.directory + " could not be given back", ex);
		}
	}

	private static void create(Path directory) throws IOException {
		if (!Files.exists(directory)) {
			Files.createDirectories(directory);
			if (isPosix(directory)) {
				Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
			}
			return;
		}
		if (!isPosix(directory)) {
			return;
		}
		Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
		if (permissions.stream().anyMatch(WRITABLE_BY_OTHERS::contains)) {
			// Whoever can write here can put a socket of his own in place of ours.
			throw new LaunchException(
					"The cluster home %s can be written to by other users (%s).".formatted(directory,
							PosixFilePermissions.toString(permissions)),
					"Make it private (chmod 700), or set cluster.home to a directory that is.");
		}
	}

	private static boolean isPosix(Path path) {
		return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
	}

	private static String read(FileChannel file) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(64);
		file.read(buffer, 0);
		String holder = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).trim();
		return holder.isEmpty() ? "" : " (" + holder + ")";
	}

	private static void write(FileChannel file, String text) throws IOException {
		file.truncate(0);
		file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
	}

	/** The messages of file system exceptions are often the bare path. */
	private static String describe(IOException ex) {
		return ex.getClass().getSimpleName().replace("Exception", "") + " " + ex.getMessage();
	}

}

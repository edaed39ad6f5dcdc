package io.github.bootcluster.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that nobody but their owner can read, from their first moment on. Where the file
 * system knows no such permissions, those of the directory have to do.
 */
final class OwnerOnlyFiles {

	private static final Set<PosixFilePermission> READ_WRITE = PosixFilePermissions.fromString("rw-------");

	private OwnerOnlyFiles() {
	}

	/** Create an empty file, or take away everybody else's access to an existing one. */
	static void createOrRestrict(Path file) throws IOException {
		try {
			Files.createFile(file, permissions(file));
		}
		catch (FileAlreadyExistsException ex) {
			if (isPosix(file)) {
				Files.setPosixFilePermissions(file, READ_WRITE);
			}
		}
	}

	/**
	 * Create a file that is complete as soon as it is there.
	 * @throws FileAlreadyExistsException if it is there, made by another process
	 * meanwhile, say
	 */
	static void create(Path file, String content) throws IOException {
		Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName().toString(), ".new",
				permissions(file));
		try {
			try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
				ByteBuffer bytes = StandardCharsets.UTF_8.encode(content);
				while (bytes.hasRemaining()) {
					channel.write(bytes);
				}
				channel.force(true);
			}
			publish(draft, file);
		}
		finally {
			Files.deleteIfExists(draft);
		}
	}

	private static void publish(Path draft, Path file) throws IOException {
		try {
			// Unlike a rename, a link never replaces what another process published.
			Files.createLink(file, draft);
		}
		catch (FileAlreadyExistsException ex) {
			throw ex;
		}
		catch (FileSystemException | UnsupportedOperationException ex) {
			// A file system without hard links.
			Files.move(draft, file);
		}
	}

	private static FileAttribute<?>[] permissions(Path file) {
		return isPosix(file) ? new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(READ_WRITE) }
				: new FileAttribute<?>[0];
	}

	private static boolean isPosix(Path file) {
		return file.getFileSystem().supportedFileAttributeViews().contains("posix")
				&& Files.getFileAttributeView(file, PosixFileAttributeView.class) != null;
	}

}

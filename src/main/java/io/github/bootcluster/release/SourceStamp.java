package io.github.bootcluster.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * How a file or a directory looks from the outside. Two equal stamps mean the same
 * content: where the system tells it, they hold the time of the inode's last change,
 * which no program can set back.
 */
final class SourceStamp {

	private static final String UNIX_ATTRIBUTES = "unix:size,lastModifiedTime,ctime,ino";

	private static final String MISSING = "missing";

	private SourceStamp() {
	}

	static String of(Path source) throws IOException {
		try {
			return Files.isDirectory(source) ? ofTree(source) : ofFile(source);
		}
		catch (NoSuchFileException ex) {
			return MISSING;
		}
	}

	private static String ofFile(Path file) throws IOException {
		if (file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
			Map<String, Object> attributes = Files.readAttributes(file, UNIX_ATTRIBUTES);
			return "%s-%s-%s-%s".formatted(attributes.get("size"), nanos(attributes.get("lastModifiedTime")),
					nanos(attributes.get("ctime")), attributes.get("ino"));
		}
		BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
		return "%d-%d".formatted(attributes.size(), nanos(attributes.lastModifiedTime()));
	}

	private static String ofTree(Path directory) throws IOException {
		Map<String, String> stamps = new TreeMap<>();
		Files.walkFileTree(directory, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE,
				new SimpleFileVisitor<>() {

					@Override
					public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
						stamps.put(directory.relativize(file).toString(), ofFile(file));
						return FileVisitResult.CONTINUE;
					}

					@Override
					public FileVisitResult visitFileFailed(Path file, IOException ex) throws IOException {
						// Gone since it was listed, or a link to nothing.
						if (ex instanceof NoSuchFileException) {
							return FileVisitResult.CONTINUE;
						}
						throw ex;
					}

				});
		MessageDigest digest = Hash.sha256();
		stamps.forEach((name, stamp) -> digest.update((name + "\0" + stamp + "\n").getBytes(StandardCharsets.UTF_8)));
		return "tree-" + Hash.text(digest);
	}

	private static long nanos(@Nullable Object time) {
		return (time instanceof FileTime fileTime) ? fileTime.to(TimeUnit.NANOSECONDS) : 0;
	}

}

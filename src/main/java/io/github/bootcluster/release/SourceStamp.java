package io.github.bootcluster.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.Map;
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

	/**
	 * The present one of a file or a directory.
	 * @param left a directory that is no part of it, though it may be within
	 */
	static String of(Path source, Path left) throws IOException {
		return Files.isDirectory(source) ? ofTree(source, left) : stampOf(source);
	}

	private static String stampOf(Path file) throws IOException {
		try {
			return ofFile(file);
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

	private static String ofTree(Path directory, Path left) throws IOException {
		Map<String, String> stamps = new TreeMap<>();
		for (Path path : Tree.list(directory, left)) {
			if (!Files.isDirectory(path)) {
				stamps.put(directory.relativize(path).toString(), stampOf(path));
			}
		}
		MessageDigest digest = Hash.sha256();
		stamps.forEach((name, stamp) -> digest.update((name + "\0" + stamp + "\n").getBytes(StandardCharsets.UTF_8)));
		return "tree-" + Hash.text(digest);
	}

	private static long nanos(@Nullable Object time) {
		return (time instanceof FileTime fileTime) ? fileTime.to(TimeUnit.NANOSECONDS) : 0;
	}

}

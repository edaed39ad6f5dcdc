package io.github.bootcluster.release;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * A directory of a class path with all that is below it, links followed. Only what can be
 * read like a file counts: not a socket, a pipe, or a link to nothing.
 */
final class Tree {

	private Tree() {
	}

	/**
	 * The directories and files below a directory, in the order of their names.
	 * @param left a directory that is left out with all its content, wherever it is
	 */
	static List<Path> list(Path directory, Path left) throws IOException {
		List<Path> paths = new ArrayList<>();
		Files.walkFileTree(directory, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE,
				new SimpleFileVisitor<>() {

					@Override
					public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes)
							throws IOException {
						if (visited.equals(directory)) {
							return FileVisitResult.CONTINUE;
						}
						if (Files.exists(left) && Files.isSameFile(visited, left)) {
							return FileVisitResult.SKIP_SUBTREE;
						}
						paths.add(visited);
						return FileVisitResult.CONTINUE;
					}

					@Override
					public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
						if (attributes.isRegularFile()) {
							paths.add(file);
						}
						return FileVisitResult.CONTINUE;
					}

					@Override
					public FileVisitResult visitFileFailed(Path file, IOException ex) throws IOException {
						// Gone since it was listed.
						if (ex instanceof NoSuchFileException) {
							return FileVisitResult.CONTINUE;
						}
						throw ex;
					}

				});
		Collections.sort(paths);
		return paths;
	}

}

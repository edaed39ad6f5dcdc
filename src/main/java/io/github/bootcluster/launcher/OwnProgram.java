package io.github.bootcluster.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

import io.github.bootcluster.release.Program;
import io.github.bootcluster.release.Release;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the launcher itself runs: the files that workers have a copy of, and it has not. A
 * jar that is replaced by another file does not matter, since the launcher holds the old
 * one open. One that is overwritten takes from it all classes it has not loaded yet; so
 * it loads those it cannot do without.
 */
final class OwnProgram {

	private static final Logger logger = LoggerFactory.getLogger(OwnProgram.class);

	/** Ours, and those that tell of an exception, which may be the first one. */
	private static final List<String> NEEDED = List.of("io/github/bootcluster/", "ch/qos/logback/classic/spi/",
			"ch/qos/logback/classic/pattern/");

	/** Of those, what only workers need. */
	private static final List<String> NOT_NEEDED = List.of("io/github/bootcluster/sample/",
			"io/github/bootcluster/worker/");

	private static final String CLASS = ".class";

	private final Program program;

	/** How the jar looked, or {@code null} if there is none. Owned by one thread. */
	private @Nullable Look look;

	OwnProgram(Program program) {
		this.program = program;
		this.look = look();
	}

	/**
	 * Load the classes that must be there whatever happens to the files.
	 * @param release a copy that tells which there are
	 */
	static void loadNeededClasses(Release release) {
		int loaded = 0;
		try {
			List<Path> jars = new ArrayList<>(List.of(release.jar()));
			Path libraries = release.directory().resolve("lib");
			if (Files.isDirectory(libraries)) {
				try (DirectoryStream<Path> found = Files.newDirectoryStream(libraries)) {
					found.forEach(jars::add);
				}
			}
			for (Path jar : jars) {
				loaded += loadFrom(jar);
			}
		}
		catch (IOException ex) {
			logger.debug("The launcher's classes are loaded when they are needed: {}", ex.toString());
		}
		logger.debug("{} classes loaded in advance", loaded);
	}

	private static int loadFrom(Path jar) throws IOException {
		List<String> names;
		try (JarFile file = new JarFile(jar.toFile())) {
			names = file.stream().map(JarEntry::getName).filter(OwnProgram::isNeeded).toList();
		}
		int loaded = 0;
		for (String name : names) {
			String className = name.substring(0, name.length() - CLASS.length()).replace('/', '.');
			try {
				Class.forName(className, false, OwnProgram.class.getClassLoader());
				loaded++;
			}
			catch (ClassNotFoundException | LinkageError ex) {
				// It needs a library that is not there, and is not needed then.
				logger.trace("{} is not loaded: {}", className, ex.toString());
			}
		}
		return loaded;
	}

	private static boolean isNeeded(String name) {
		return name.endsWith(CLASS) && NEEDED.stream().anyMatch(name::startsWith)
				&& NOT_NEEDED.stream().noneMatch(name::startsWith);
	}

	/** Say it if the jar was overwritten since this was asked last. */
	void warnIfOverwritten() {
		Look before = this.look;
		Look now = look();
		if (before != null && now != null && now.isOverwritten(before)) {
			logger.warn("{} was overwritten while this launcher runs from it. Its workers have a copy and are safe, "
					+ "but the launcher may miss classes: restart it when it suits you, "
					+ "and next time replace the file (mv) rather than write into it (cp)", this.program);
		}
		this.look = now;
	}

	private @Nullable Look look() {
		if (!(this.program instanceof Program.Jar jar)) {
			return null;
		}
		try {
			BasicFileAttributes attributes = Files.readAttributes(jar.file(), BasicFileAttributes.class);
			Object key = attributes.fileKey();
			return (key != null) ? new Look(key, attributes.size(), attributes.lastModifiedTime()) : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

	/** A file, and how its content looks from the outside. */
	private record Look(Object file, long size, FileTime time) {

		boolean isOverwritten(Look before) {
			return this.file.equals(before.file) && !equals(before);
		}

	}

}

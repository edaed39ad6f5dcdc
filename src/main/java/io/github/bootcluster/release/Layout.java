package io.github.bootcluster.release;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

import org.jspecify.annotations.Nullable;

/**
 * What a release of a program consists of: the jar to run and, in {@code lib}, what that
 * refers to. The directories of a class path become jars there, and the jars inside of an
 * executable jar of Spring Boot are taken out, as its own tool
 * ({@code -Djarmode=tools … extract}) does it: programs start faster that way, and a
 * JVM's archives of classes need jars.
 *
 * @param sources the files and directories that were read, or would be if they existed
 * @param parts what to write, the jar to run first
 */
record Layout(List<Path> sources, List<Part> parts) {

	private static final String LIBRARIES = "lib/";

	/** The loader whose jars are nothing but classes and libraries. */
	private static final Pattern JAR_LAUNCHER = Pattern
		.compile("org\\.springframework\\.boot\\.loader\\..*JarLauncher");

	private static final Attributes.Name START_CLASS = new Attributes.Name("Start-Class");

	private static final String BOOT_ATTRIBUTES = "Spring-Boot-";

	private static final Pattern INDEX_LINE = Pattern.compile("- \"(.+)\"");

	/**
	 * That of a program.
	 * @param left a directory that is no part of it, though it may be within one that is
	 */
	static Layout of(Program program, Path left) throws IOException {
		if (program instanceof Program.ClassPath classPath) {
			String mainClass = classPath.mainClass();
			// What an operator looks for in a list of processes.
			String name = safe(mainClass.substring(mainClass.lastIndexOf('.') + 1)) + ".jar";
			return ofClassPath(name, mainClass, new Attributes(), classPath.elements(), left);
		}
		return ofJar(((Program.Jar) program).file(), left);
	}

	private static Layout ofJar(Path file, Path left) throws IOException {
		Attributes attributes = attributes(file);
		String mainClass = attributes.getValue(Attributes.Name.MAIN_CLASS);
		if (mainClass == null) {
			// What is left of one that was cut off may look like a library it holds.
			throw new IOException(file + " names no main class: it is no executable jar, or not all of one");
		}
		if (JAR_LAUNCHER.matcher(mainClass).matches() && attributes.containsKey(START_CLASS)) {
			return ofExecutableJar(file, attributes);
		}
		if (mainClass.startsWith("org.springframework.boot.loader.")) {
			// A loader that looks elsewhere, too: what it finds there is not ours to
			// tell.
			return new Layout(List.of(file), List.of(new Part(safe(file), (out) -> Files.copy(file, out))));
		}
		return ofClassPath(safe(file), mainClass, attributes, List.of(file), left);
	}

	private static Layout ofClassPath(String name, String mainClass, Attributes attributes, List<Path> elements,
			Path left) throws IOException {
		Set<Path> expanded = new LinkedHashSet<>();
		for (Path element : elements) {
			expand(element, expanded);
		}
		Names names = new Names();
		List<Part> libraries = new ArrayList<>();
		for (Path element : expanded) {
			if (!Files.exists(element) || isOther(element)) {
				continue;
			}
			if (Files.isDirectory(element)) {
				libraries.add(new Part(names.library(safe(element) + ".jar"), (out) -> {
					try (PackedJar jar = new PackedJar(out)) {
						jar.tree(element, left);
					}
				}));
			}
			else {
				libraries.add(new Part(names.library(safe(element)), (out) -> copyLibrary(element, out)));
			}
		}
		Attributes manifest = manifest(attributes, mainClass, libraries);
		return new Layout(List.copyOf(expanded), parts(new Part(name, (out) -> {
			try (PackedJar jar = new PackedJar(out)) {
				jar.manifest(manifest);
			}
		}), libraries));
	}

	/**
	 * As Java does it: what a jar's manifest refers to comes right after that jar. What
	 * does not exist is a source, too: it counts from when it does.
	 */
	private static void expand(Path element, Set<Path> expanded) throws IOException {
		if (!expanded.add(element) || !Files.exists(element) || Files.isDirectory(element) || isOther(element)) {
			return;
		}
		String references = attributes(element).getValue(Attributes.Name.CLASS_PATH);
		if (references == null) {
			return;
		}
		for (String reference : references.trim().split("\\s+")) {
			Path referred = resolve(element, reference);
			if (referred != null) {
				expand(referred, expanded);
			}
		}
	}

	/** Java passes over what is no jar; but what is called one must be one. */
	private static boolean isOther(Path element) {
		if (Files.isDirectory(element) || element.toString().endsWith(".jar")) {
			return false;
		}
		try (JarFile jar = new JarFile(element.toFile())) {
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	/** What cannot be a file is passed over, as Java does. */
	private static @Nullable Path resolve(Path jar, String reference) {
		try {
			URI uri = jar.toUri().resolve(reference);
			return "file".equals(uri.getScheme()) ? Path.of(uri).normalize() : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * As it is, but for references by URL: they would lead back to what lies on the disk.
	 */
	private static void copyLibrary(Path file, OutputStream out) throws IOException {
		boolean copied = read(file, (source) -> {
			Manifest manifest = source.getManifest();
			String references = (manifest != null) ? manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH)
					: null;
			if (manifest == null || references == null || !references.contains(":")) {
				return false;
			}
			manifest.getMainAttributes().remove(Attributes.Name.CLASS_PATH);
			try (PackedJar jar = new PackedJar(out)) {
				jar.manifest(manifest);
				jar.entries(source, "");
			}
			return true;
		});
		if (!copied) {
			Files.copy(file, out);
		}
	}

	private static Layout ofExecutableJar(Path file, Attributes attributes) throws IOException {
		String classes = directory(attributes, "Spring-Boot-Classes", "BOOT-INF/classes/");
		String libraryDirectory = directory(attributes, "Spring-Boot-Lib", "BOOT-INF/lib/");
		Names names = new Names();
		List<Part> libraries = new ArrayList<>();
		for (String entry : read(file, (jar) -> libraries(jar, attributes, libraryDirectory))) {
			libraries.add(new Part(names.library(safe(entry.substring(libraryDirectory.length()))),
					(out) -> copyEntry(file, entry, out)));
		}
		Attributes manifest = manifest(attributes, attributes.getValue(START_CLASS), libraries);
		return new Layout(List.of(file), parts(new Part(safe(file), (out) -> read(file, (source) -> {
			try (PackedJar jar = new PackedJar(out)) {
				jar.manifest(manifest);
				jar.entries(source, classes);
				jar.metadata(source);
			}
			return file;
		})), libraries));
	}

	private static String directory(Attributes attributes, String name, String standard) {
		String value = attributes.getValue(name);
		return (value != null) ? value : standard;
	}

	/** In the order of Boot's index, and those it does not name after them. */
	private static Set<String> libraries(JarFile jar, Attributes attributes, String directory) throws IOException {
		Set<String> present = new LinkedHashSet<>();
		jar.stream()
			.map(JarEntry::getName)
			.filter((name) -> name.startsWith(directory) && name.endsWith(".jar"))
			.forEach(present::add);
		Set<String> libraries = new LinkedHashSet<>();
		JarEntry index = jar
			.getJarEntry(directory(attributes, "Spring-Boot-Classpath-Index", "BOOT-INF/classpath.idx"));
		if (index != null) {
			try (InputStream content = jar.getInputStream(index)) {
				new String(content.readAllBytes(), StandardCharsets.UTF_8).lines()
					.map(INDEX_LINE::matcher)
					.filter(Matcher::matches)
					.map((line) -> line.group(1))
					.filter(present::contains)
					.forEach(libraries::add);
			}
		}
		libraries.addAll(present);
		return libraries;
	}

	private static void copyEntry(Path file, String entry, OutputStream out) throws IOException {
		read(file, (jar) -> {
			JarEntry found = jar.getJarEntry(entry);
			if (found == null) {
				throw new ZipException("there is no " + entry + " any more");
			}
			try (InputStream content = jar.getInputStream(found)) {
				return content.transferTo(out);
			}
		});
	}

	private static Attributes attributes(Path file) throws IOException {
		return read(file, (jar) -> {
			Manifest manifest = jar.getManifest();
			return (manifest != null) ? manifest.getMainAttributes() : new Attributes();
		});
	}

	/** One that is just being written may be none, whenever it is looked at. */
	static <T> T read(Path file, Reading<T> reading) throws IOException {
		try (JarFile jar = new JarFile(file.toFile())) {
			return reading.of(jar);
		}
		catch (ZipException ex) {
			throw unreadable(file, String.valueOf(ex.getMessage()), ex);
		}
		catch (EOFException ex) {
			throw unreadable(file, "it became shorter meanwhile", ex);
		}
	}

	private static IOException unreadable(Path file, String reason, IOException cause) {
		return new IOException("%s is no jar that can be read (%s)".formatted(file, reason), cause);
	}

	/** Also what only the manifest of the jar that is run can say, such as Add-Opens. */
	private static Attributes manifest(Attributes original, @Nullable String mainClass, List<Part> libraries) {
		Attributes attributes = new Attributes(original);
		attributes.keySet().removeIf((name) -> name.equals(START_CLASS) || name.toString().startsWith(BOOT_ATTRIBUTES));
		attributes.put(Attributes.Name.MAIN_CLASS, mainClass);
		attributes.put(Attributes.Name.CLASS_PATH, String.join(" ", libraries.stream().map(Part::name).toList()));
		return attributes;
	}

	private static List<Part> parts(Part first, List<Part> others) {
		List<Part> parts = new ArrayList<>();
		parts.add(first);
		parts.addAll(others);
		return parts;
	}

	private static String safe(Path path) {
		Path name = path.getFileName();
		return (name != null) ? safe(name.toString()) : "root";
	}

	/** Nothing that has a meaning in a manifest, in a URL or for a shell. */
	private static String safe(String name) {
		return name.replaceAll("[^A-Za-z0-9._+-]", "_");
	}

	/** What to make of a jar while it is open. */
	@FunctionalInterface
	interface Reading<T> {

		T of(JarFile jar) throws IOException;

	}

	/** Files of one name from different places must not meet. */
	private static final class Names {

		private final Set<String> taken = new HashSet<>();

		String library(String name) {
			String candidate = LIBRARIES + name;
			for (int number = 2; !this.taken.add(candidate); number++) {
				candidate = LIBRARIES + number + "-" + name;
			}
			return candidate;
		}

	}

}

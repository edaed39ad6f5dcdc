package io.github.bootcluster.release;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;

/**
 * A jar in the making that depends on its content alone: entries have one and the same
 * time. They are stored rather than compressed, which makes classes load faster. Has
 * entries for directories, which Spring's search for resources needs.
 */
final class PackedJar implements AutoCloseable {

	/** The first day that a zip file can tell, plus a month for time zones. */
	private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

	private static final String META_INF = "META-INF/";

	private final JarOutputStream jar;

	private final Set<String> names = new HashSet<>();

	PackedJar(OutputStream out) throws IOException {
		this.jar = new JarOutputStream(new Unclosed(out));
		this.jar.setLevel(Deflater.NO_COMPRESSION);
	}

	/** Write the manifest, which has to come first. */
	void manifest(Attributes attributes) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().putAll(attributes);
		manifest(manifest);
	}

	/** Likewise, with what it says of single entries. */
	void manifest(Manifest manifest) throws IOException {
		begin(META_INF);
		begin(JarFile.MANIFEST_NAME);
		manifest.write(this.jar);
	}

	/**
	 * Write all files below a directory, the manifest first if there is one.
	 * @param left a directory that is left out
	 */
	void tree(Path directory, Path left) throws IOException {
		Path manifest = directory.resolve(JarFile.MANIFEST_NAME);
		if (Files.isRegularFile(manifest)) {
			begin(META_INF);
			begin(JarFile.MANIFEST_NAME);
			Files.copy(manifest, this.jar);
		}
		for (Path path : Tree.list(directory, left)) {
			String name = directory.relativize(path).toString().replace('\\', '/');
			if (Files.isDirectory(path)) {
				begin(name + "/");
			}
			else if (begin(name)) {
				Files.copy(path, this.jar);
			}
		}
	}

	/** Write the entries of another jar below a prefix, without the prefix. */
	void entries(JarFile source, String prefix) throws IOException {
		for (Enumeration<JarEntry> entries = source.entries(); entries.hasMoreElements();) {
			JarEntry entry = entries.nextElement();
			if (entry.getName().startsWith(prefix) && entry.getName().length() > prefix.length()) {
				copy(source, entry, entry.getName().substring(prefix.length()));
			}
		}
	}

	/** Write what another jar tells of itself, apart from how it is loaded and signed. */
	void metadata(JarFile source) throws IOException {
		for (Enumeration<JarEntry> entries = source.entries(); entries.hasMoreElements();) {
			JarEntry entry = entries.nextElement();
			if (entry.getName().startsWith(META_INF) && !isAboutLoading(entry.getName().toUpperCase(Locale.ROOT))) {
				copy(source, entry, entry.getName());
			}
		}
	}

	private static boolean isAboutLoading(String name) {
		boolean inside = name.indexOf('/', META_INF.length()) > 0;
		return name.startsWith("META-INF/SERVICES/") || name.equals("META-INF/INDEX.LIST") || (!inside
				&& (name.endsWith(".SF") || name.endsWith(".RSA") || name.endsWith(".DSA") || name.endsWith(".EC")));
	}

	private void copy(JarFile source, JarEntry entry, String name) throws IOException {
		if (begin(name)) {
			try (InputStream content = source.getInputStream(entry)) {
				content.transferTo(this.jar);
			}
		}
	}

	/** Begin an entry unless there is one of that name: the first counts, as in Java. */
	private boolean begin(String name) throws IOException {
		if (!this.names.add(name)) {
			return false;
		}
		if (name.getBytes(StandardCharsets.UTF_8).length > 0xffff) {
			throw new IOException("the name of " + name + " is too long for a jar");
		}
		ZipEntry entry = new ZipEntry(name);
		entry.setTimeLocal(TIME);
		this.jar.putNextEntry(entry);
		return true;
	}

	@Override
	public void close() throws IOException {
		this.jar.close();
	}

	/** Whoever opened the stream closes it. */
	private static final class Unclosed extends FilterOutputStream {

		Unclosed(OutputStream out) {
			super(out);
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			this.out.write(bytes, offset, length);
		}

		@Override
		public void close() throws IOException {
			flush();
		}

	}

}

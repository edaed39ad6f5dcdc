package io.github.bootcluster.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a release was made of. Written last, so that one without an index is not complete.
 *
 * @param program name of the program
 * @param sources what was read, with its stamp
 * @param files what was written, the jar to run first
 */
record ReleaseIndex(String program, Map<Path, String> sources, List<Entry> files) {

	static final String FILE = "release.index";

	private static final int FIELDS = 4;

	/**
	 * One line a fact, its fields divided by tabs. One that was there is replaced as a
	 * whole or not at all: the release may be in use.
	 */
	void write(Path directory) throws IOException {
		List<String> lines = new ArrayList<>();
		lines.add("program\t" + clean(this.program));
		this.sources.forEach((path, stamp) -> lines.add("source\t" + stamp + "\t" + clean(path.toString())));
		this.files
			.forEach((file) -> lines.add("file\t" + file.hash() + "\t" + file.size() + "\t" + clean(file.name())));
		Path unfinished = directory.resolve(FILE + ".unfinished");
		Files.write(unfinished, lines);
		Files.move(unfinished, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
	}

	/**
	 * Read that of a release.
	 * @throws IOException if there is none that makes sense
	 */
	static ReleaseIndex read(Path directory) throws IOException {
		String program = "";
		Map<Path, String> sources = new LinkedHashMap<>();
		List<Entry> files = new ArrayList<>();
		try {
			for (String line : Files.readAllLines(directory.resolve(FILE), StandardCharsets.UTF_8)) {
				String[] fields = line.split("\t", FIELDS);
				switch (fields[0]) {
					case "program" -> program = fields[1];
					case "source" -> sources.put(Path.of(fields[2]), fields[1]);
					case "file" -> files.add(new Entry(fields[3], Long.parseLong(fields[2]), fields[1]));
					default -> throw new IOException("it says " + line);
				}
			}
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException ex) {
			throw new IOException("it makes no sense", ex);
		}
		if (program.isEmpty() || files.isEmpty()) {
			throw new IOException("it is not complete");
		}
		return new ReleaseIndex(program, sources, files);
	}

	/**
	 * Whether what was read looks as it did then.
	 * @param left a directory that was left out
	 */
	boolean isUpToDate(Path left) throws IOException {
		for (Map.Entry<Path, String> source : this.sources.entrySet()) {
			if (!SourceStamp.of(source.getKey(), left).equals(source.getValue())) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Whether all files are there in full: those of a machine that lost power may not be.
	 */
	boolean isIntact(Path directory) throws IOException {
		for (Entry file : this.files) {
			Path path = directory.resolve(file.name());
			if (!Files.isRegularFile(path) || Files.size(path) != file.size()) {
				return false;
			}
		}
		return true;
	}

	/** A name that would break a line is not worth more than not being found again. */
	private static String clean(String text) {
		return text.replaceAll("[\\t\\n\\r]", "?");
	}

	/** A file of a release. */
	record Entry(String name, long size, String hash) {

	}

}

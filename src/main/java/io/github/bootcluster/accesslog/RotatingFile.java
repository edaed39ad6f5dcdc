package io.github.bootcluster.accesslog;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file that is put aside under the name of its day, such as
 * {@code access-2026-11-22.1.log}, once it is full or that day is over; of such files the
 * latest are kept. What is no ordinary file, such as {@code /dev/stdout}, is written to
 * and left at that. Any exception leaves it of no use but to be closed. Used by one
 * thread.
 */
final class RotatingFile implements Closeable {

	/** What is named there belongs to the system, whatever it leads to. */
	private static final Path DEVICES = Path.of("/dev");

	/**
	 * Opened anew, one that leads to a file would have a position of its own there, and
	 * what is written overwrite what the process writes otherwise.
	 */
	private static final Map<Path, FileDescriptor> STANDARD_STREAMS = Map.of(DEVICES.resolve("stdout"),
			FileDescriptor.out, DEVICES.resolve("stderr"), FileDescriptor.err);

	private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

	/** A system follows about as many; what is left leads in a circle. */
	private static final int MAX_LINKS = 40;

	private static final Comparator<PutAside> BY_AGE = Comparator.comparing(PutAside::day)
		.thenComparingLong(PutAside::number);

	private final Path path;

	private final Path directory;

	private final long maxBytes;

	private final int maxHistory;

	private final Clock clock;

	private FileChannel channel;

	private boolean ordinary;

	private long size;

	/** The day its first line is of. */
	private LocalDate day;

	/** When that is over, in milliseconds since 1970. */
	private long dayEndsAt;

	private RotatingFile(Path path, Path directory, long maxBytes, int maxHistory, Clock clock) throws IOException {
		this.path = path;
		this.directory = directory;
		this.maxBytes = maxBytes;
		this.maxHistory = maxHistory;
		this.clock = clock;
		this.channel = openChannel();
		begin();
	}

	/**
	 * Open a file to write at its end, and make it, for its owner only, and its directory
	 * where they are missing.
	 * @param maxBytes its largest size
	 * @param maxHistory how many are kept that were put aside
	 */
	static RotatingFile open(Path path, long maxBytes, int maxHistory, Clock clock) throws IOException {
		// Beside the file itself, not beside a link to it, are those put aside.
		Path absolute = isOrdinary(path) ? path.toRealPath() : followLinks(path.toAbsolutePath());
		Path directory = absolute.getParent();
		if (directory == null) {
			throw new IOException(path + " is a directory");
		}
		if (!Files.isDirectory(directory)) {
			Files.createDirectories(directory);
		}
		RotatingFile file = new RotatingFile(absolute, directory, maxBytes, maxHistory, clock);
		if (file.ordinary && !Files.isWritable(directory)) {
			file.close();
			throw new AccessDeniedException(directory.toString(), null, "no file can be put aside there");
		}
		return file;
	}

	/**
	 * Write whole lines, all or none of them.
	 * @param lines the lines; in a file of their own if there are more than fit into one
	 */
	void write(ByteBuffer lines) throws IOException {
		boolean full = this.size + lines.remaining() > this.maxBytes || this.clock.millis() >= this.dayEndsAt;
		if (full && this.size > 0 && this.ordinary) {
			putAside();
		}
		else if (full) {
			begin();
		}
		int length = lines.remaining();
		long before = this.ordinary ? this.channel.size() : 0;
		try {
			while (lines.hasRemaining()) {
				this.channel.write(lines);
			}
		}
		catch (IOException ex) {
			removeHalfLines(before, ex);
			throw ex;
		}
		this.size += length;
	}

	@Override
	public void close() throws IOException {
		if (!STANDARD_STREAMS.containsKey(this.path)) {
			this.channel.close();
		}
	}

	/** To where a file will be made, unless there is something. */
	private static Path followLinks(Path path) throws IOException {
		Path end = path;
		for (int i = 0; i < MAX_LINKS && Files.isSymbolicLink(end) && !Files.exists(end); i++) {
			end = end.resolveSibling(Files.readSymbolicLink(end));
		}
		return end;
	}

	private static boolean isOrdinary(Path path) {
		return Files.isRegularFile(path) && !path.startsWith(DEVICES);
	}

	private FileChannel openChannel() throws IOException {
		FileDescriptor stream = STANDARD_STREAMS.get(this.path);
		if (stream != null) {
			return new FileOutputStream(stream).getChannel();
		}
		FileAttribute<?>[] ownerOnly = isPosix()
				? new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(OWNER_ONLY) } : new FileAttribute<?>[0];
		return FileChannel.open(this.path,
				Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND), ownerOnly);
	}

	private boolean isPosix() {
		return Files.getFileAttributeView(this.directory, PosixFileAttributeView.class) != null;
	}

	private void begin() throws IOException {
		this.ordinary = isOrdinary(this.path);
		this.size = this.ordinary ? this.channel.size() : 0;
		ZoneId zone = this.clock.getZone();
		Instant began = (this.size > 0) ? Files.getLastModifiedTime(this.path).toInstant() : this.clock.instant();
		this.day = LocalDate.ofInstant(began, zone);
		this.dayEndsAt = this.day.plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
	}

	private void putAside() throws IOException {
		this.channel.close();
		List<PutAside> earlier = findPutAside();
		long number = earlier.stream()
			.filter((file) -> file.day().equals(this.day.toString()))
			.mapToLong(PutAside::number)
			.max()
			.orElse(0) + 1;
		Path aside = this.directory.resolve(stem() + "-" + this.day + "." + number + extension());
		try {
			Files.move(this.path, aside);
		}
		catch (NoSuchFileException ex) {
			// Somebody else has moved or deleted it, which comes to the same.
		}
		this.channel = openChannel();
		if (isPosix() && Files.exists(aside)) {
			// Whoever was let read the log may read on.
			Files.setPosixFilePermissions(this.path, Files.getPosixFilePermissions(aside));
		}
		begin();
		List<PutAside> all = findPutAside();
		for (PutAside old : all.subList(0, Math.max(0, all.size() - this.maxHistory))) {
			Files.deleteIfExists(old.path());
		}
	}

	/** Oldest first. */
	private List<PutAside> findPutAside() throws IOException {
		Pattern name = Pattern
			.compile(Pattern.quote(stem()) + "-(\\d{4}-\\d{2}-\\d{2})\\.(\\d{1,18})" + Pattern.quote(extension()));
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.flatMap((file) -> {
				Matcher matcher = name.matcher(file.getFileName().toString());
				return matcher.matches()
						? Stream.of(new PutAside(file, matcher.group(1), Long.parseLong(matcher.group(2))))
						: Stream.empty();
			}).sorted(BY_AGE).toList();
		}
	}

	/** On a full disk the first of several bytes may still have found a place. */
	private void removeHalfLines(long size, IOException failure) {
		if (!this.ordinary) {
			return;
		}
		try {
			this.channel.truncate(size);
		}
		catch (IOException ex) {
			failure.addSuppressed(ex);
		}
	}

	private String stem() {
		String name = this.path.getFileName().toString();
		return name.substring(0, name.length() - extension().length());
	}

	private String extension() {
		String name = this.path.getFileName().toString();
		int dot = name.lastIndexOf('.');
		return (dot > 0) ? name.substring(dot) : "";
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

	/**
	 * A file that was put aside.
	 *
	 * @param path where it is
	 * @param day the day of its name
	 * @param number which one of that day
	 */
	private record PutAside(Path path, String day, long number) {

	}

}

package io.github.bootcluster.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class RotatingFileTests {

	private final SettableClock clock = new SettableClock("2026-11-22T12:00:00Z");

	@TempDir
	Path directory;

	@Test
	void fileAndItsDirectoryAreMadeWhenTheyAreMissing() throws Exception {
		Path path = this.directory.resolve("a/b/access.log");
		try (RotatingFile file = RotatingFile.open(path, 100, 1, this.clock)) {
			write(file, "one\n");
			assertThat(path).hasContent("one");
		}
	}

	@Test
	void linesAreAddedToWhatIsThere() throws Exception {
		try (RotatingFile file = open(100, 1)) {
			write(file, "one\n");
		}
		setTime("2026-11-22T12:00:00Z");
		try (RotatingFile file = open(100, 1)) {
			write(file, "two\n");
		}
		assertThat(names()).containsExactly("access.log");
		assertThat(content("access.log")).isEqualTo("one\ntwo\n");
	}

	@Test
	void fileIsPutAsideBeforeItBecomesTooLarge() throws Exception {
		try (RotatingFile file = open(10, 9)) {
			for (String line : List.of("aaaa\n", "bbbb\n", "cccc\n", "dd\n")) {
				write(file, line);
			}
		}
		assertThat(content("access-2026-11-22.1.log")).isEqualTo("aaaa\nbbbb\n");
		assertThat(content("access.log")).isEqualTo("cccc\ndd\n");
	}

	@Test
	void sizeOfWhatIsThereCounts() throws Exception {
		Files.writeString(this.directory.resolve("access.log"), "aaaa\nbbbb\n");
		setTime("2026-11-22T12:00:00Z");
		try (RotatingFile file = open(11, 9)) {
			write(file, "\n");
			assertThat(names()).hasSize(1);
			write(file, "c\n");
		}
		assertThat(content("access.log")).isEqualTo("c\n");
		assertThat(content("access-2026-11-22.1.log")).isEqualTo("aaaa\nbbbb\n\n");
	}

	@Test
	void lineThatIsLargerThanAFileGetsOneOfItsOwn() throws Exception {
		try (RotatingFile file = open(4, 9)) {
			write(file, "aaaaaaaa\n");
			write(file, "bbbbbbbb\n");
		}
		assertThat(content("access-2026-11-22.1.log")).isEqualTo("aaaaaaaa\n");
		assertThat(content("access.log")).isEqualTo("bbbbbbbb\n");
	}

	@Test
	void onlyTheLatestAreKept() throws Exception {
		try (RotatingFile file = open(4, 2)) {
			for (int i = 1; i <= 12; i++) {
				write(file, "%03d\n".formatted(i));
			}
		}
		// Ten comes after nine, not after one.
		assertThat(names()).containsExactly("access-2026-11-22.10.log", "access-2026-11-22.11.log", "access.log");
		assertThat(content("access-2026-11-22.11.log")).isEqualTo("011\n");
	}

	@Test
	void noneIsKeptWhenTheHistoryIsEmpty() throws Exception {
		try (RotatingFile file = open(4, 0)) {
			write(file, "one\n");
			write(file, "two\n");
		}
		assertThat(names()).containsExactly("access.log");
		assertThat(content("access.log")).isEqualTo("two\n");
	}

	@Test
	void filesOfOthersAreLeftAlone() throws Exception {
		List<String> others = List.of("access-2026-11-22.log", "access-2026-11-22.1.log.gz", "access-x.1.log",
				"error-2026-11-22.1.log", "xaccess-2026-11-22.1.log", "accessXlog");
		for (String other : others) {
			Files.writeString(this.directory.resolve(other), "theirs");
		}
		try (RotatingFile file = open(4, 0)) {
			write(file, "one\n");
			write(file, "two\n");
		}
		assertThat(names())
			.containsExactlyInAnyOrderElementsOf(Stream.concat(others.stream(), Stream.of("access.log")).toList());
	}

	@Test
	void fileIsPutAsideUnderItsDayWhenThatIsOver() throws Exception {
		this.clock.set("2026-11-22T22:59:59Z");
		try (RotatingFile file = open(1000, 9)) {
			write(file, "late\n");
			write(file, "later\n");
			// Midnight where the clock is.
			this.clock.advance(Duration.ofSeconds(1));
			write(file, "early\n");
			write(file, "earlier\n");
		}
		assertThat(content("access-2026-11-22.1.log")).isEqualTo("late\nlater\n");
		assertThat(content("access.log")).isEqualTo("early\nearlier\n");
	}

	@Test
	void fileOfAnEarlierRunIsPutAsideUnderItsDay() throws Exception {
		Files.writeString(this.directory.resolve("access.log"), "old\n");
		setTime("2026-11-19T12:00:00Z");
		try (RotatingFile file = open(1000, 9)) {
			assertThat(names()).containsExactly("access.log");
			write(file, "new\n");
		}
		assertThat(content("access-2026-11-19.1.log")).isEqualTo("old\n");
		assertThat(content("access.log")).isEqualTo("new\n");
	}

	@Test
	void emptyFileIsNotPutAside() throws Exception {
		try (RotatingFile file = open(1000, 9)) {
			this.clock.advance(Duration.ofDays(1));
			write(file, "one\n");
			write(file, "two\n");
		}
		assertThat(names()).containsExactly("access.log");
	}

	@Test
	void newFileIsMadeWhenSomebodyTookTheOldOneAway() throws Exception {
		try (RotatingFile file = open(4, 9)) {
			write(file, "one\n");
			Files.delete(this.directory.resolve("access.log"));
			write(file, "two\n");
		}
		assertThat(names()).containsExactly("access.log");
		assertThat(content("access.log")).isEqualTo("two\n");
	}

	@Test
	void fileIsPutAsideBesideItselfWhenItIsReachedByALink() throws Exception {
		Path real = Files.createDirectory(this.directory.resolve("real")).resolve("requests.log");
		Files.createFile(real);
		Path link = Files.createSymbolicLink(this.directory.resolve("access.log"), real);
		try (RotatingFile file = RotatingFile.open(link, 4, 9, this.clock)) {
			write(file, "one\n");
			write(file, "two\n");
		}
		assertThat(link).isSymbolicLink().hasContent("two");
		assertThat(real.resolveSibling("requests-2026-11-22.1.log")).hasContent("one");
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void newFileIsItsOwnersOnly() throws Exception {
		try (RotatingFile file = open(4, 9)) {
			write(file, "one\n");
			write(file, "two\n");
		}
		assertThat(permissions("access.log")).isEqualTo("rw-------");
		assertThat(permissions("access-2026-11-22.1.log")).isEqualTo("rw-------");
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void permissionsOfTheFileAreKeptAlsoByItsSuccessors() throws Exception {
		Path path = Files.createFile(this.directory.resolve("access.log"));
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-r--"));
		try (RotatingFile file = open(4, 9)) {
			write(file, "one\n");
			write(file, "two\n");
		}
		assertThat(permissions("access-2026-11-22.1.log")).isEqualTo("rw-rw-r--");
		assertThat(permissions("access.log")).isEqualTo("rw-rw-r--");
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void standardOutputIsSharedWithTheRestOfTheProcess() throws Exception {
		Path output = this.directory.resolve("output.txt");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), StandardOutput.class.getName())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		assertThat(process.waitFor()).as(Files.readString(output)).isZero();
		assertThat(output).hasContent("console 1\nlog 1\nconsole 2\nlog 2\nconsole 3");
	}

	@Test
	void fileIsPutAsideBesideItselfWhenALinkLedToItBeforeItWasThere() throws Exception {
		Path real = Files.createDirectory(this.directory.resolve("real")).resolve("requests.log");
		Path link = this.directory.resolve("access.log");
		Files.createSymbolicLink(link, Path.of("second.log"));
		Files.createSymbolicLink(this.directory.resolve("second.log"), Path.of("real/requests.log"));
		try (RotatingFile file = RotatingFile.open(link, 4, 9, this.clock)) {
			write(file, "one\n");
			write(file, "two\n");
		}
		assertThat(link).isSymbolicLink().hasContent("two");
		assertThat(real.resolveSibling("requests-2026-11-22.1.log")).hasContent("one");
	}

	@Test
	void linkThatLeadsInACircleIsAnException() throws Exception {
		Files.createSymbolicLink(this.directory.resolve("access.log"), Path.of("access.log"));
		assertThatIOException().isThrownBy(() -> open(1000, 0));
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void whatIsNoFileIsNeverPutAside() throws Exception {
		Path link = Files.createSymbolicLink(this.directory.resolve("access.log"), Path.of("/dev/null"));
		try (RotatingFile file = RotatingFile.open(link, 4, 0, this.clock)) {
			write(file, "one\n");
			this.clock.advance(Duration.ofDays(2));
			write(file, "two\n");
		}
		assertThat(names()).containsExactly("access.log");
		assertThat(link).isSymbolicLink();
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void diskThatIsFullIsAnException() throws Exception {
		Path link = Files.createSymbolicLink(this.directory.resolve("access.log"), Path.of("/dev/full"));
		try (RotatingFile file = RotatingFile.open(link, 1000, 0, this.clock)) {
			assertThatIOException().isThrownBy(() -> write(file, "one\n")).withMessageContaining("No space");
		}
	}

	@Test
	void directoryInPlaceOfTheFileIsAnException() throws Exception {
		Files.createDirectory(this.directory.resolve("access.log"));
		assertThatIOException().isThrownBy(() -> open(1000, 0));
	}

	@Test
	void fileInPlaceOfTheDirectoryIsAnException() throws Exception {
		Files.createFile(this.directory.resolve("logs"));
		assertThatIOException()
			.isThrownBy(() -> RotatingFile.open(this.directory.resolve("logs/access.log"), 1000, 0, this.clock));
	}

	private RotatingFile open(long maxBytes, int maxHistory) throws IOException {
		return RotatingFile.open(this.directory.resolve("access.log"), maxBytes, maxHistory, this.clock);
	}

	private static void write(RotatingFile file, String lines) throws IOException {
		file.write(ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII)));
	}

	/** The file system has a clock of its own. */
	private void setTime(String time) throws IOException {
		Files.setLastModifiedTime(this.directory.resolve("access.log"), FileTime.from(Instant.parse(time)));
	}

	private String permissions(String name) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(this.directory.resolve(name)));
	}

	private String content(String name) throws IOException {
		return Files.readString(this.directory.resolve(name));
	}

	private List<String> names() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.map((file) -> file.getFileName().toString()).sorted().toList();
		}
	}

	/** A process whose console and log are the same. */
	static final class StandardOutput {

		public static void main(String[] args) throws IOException {
			System.out.println("console 1");
			try (RotatingFile file = RotatingFile.open(Path.of("/dev/stdout"), 1000, 0, Clock.systemUTC())) {
				write(file, "log 1\n");
				System.out.println("console 2");
				write(file, "log 2\n");
			}
			System.out.println("console 3");
		}

	}

}

package io.github.bootcluster.accesslog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterProperties.AccessLog.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

@ExtendWith(OutputCaptureExtension.class)
class AccessLogWriterTests {

	private final SettableClock clock = new SettableClock("2026-11-22T12:00:00Z");

	private final AtomicInteger opened = new AtomicInteger();

	@TempDir
	Path directory;

	@Test
	void entriesAreWrittenInTheirOrder() throws Exception {
		AccessLogWriter writer = open(1_000_000);
		for (int i = 0; i < 1000; i++) {
			writer.write(Entries.get("/" + i));
		}
		writer.flush(0);
		List<String> expected = IntStream.range(0, 1000).mapToObj((i) -> "/" + i).toList();
		assertThat(lines().stream().map(AccessLogWriterTests::target)).isEqualTo(expected);
		writer.close(0);
		assertThat(lines()).hasSize(1000);
	}

	@Test
	void noFileIsLargerThanItMay() throws Exception {
		AccessLogWriter writer = open(2000);
		for (int i = 0; i < 100; i++) {
			writer.write(Entries.get("/" + i));
		}
		writer.close(0);
		try (Stream<Path> files = Files.list(file().getParent())) {
			List<Path> all = files.toList();
			assertThat(all).hasSizeGreaterThan(5)
				.allSatisfy((file) -> assertThat(file.toFile().length()).isBetween(1L, 2000L));
			long lines = 0;
			for (Path file : all) {
				lines += Files.readAllLines(file).size();
			}
			assertThat(lines).isEqualTo(100);
		}
	}

	@Test
	void whatWasDroppedIsSaidInTheFileAndInTheLog(CapturedOutput output) throws Exception {
		AccessLogWriter writer = open(1_000_000);
		writer.write(Entries.get("/before"));
		writer.flush(3);
		writer.write(Entries.get("/after"));
		writer.flush(0);
		assertThat(lines()).hasSize(3);
		assertThat(lines().get(1)).isEqualTo("# [22/Nov/2026:13:00:00 +0100] requests missing here: 3");
		assertThat(output).contains("WARN")
			.containsOnlyOnce(
					"Requests come faster than the access log " + file() + " can be written; missing in it: 3");
	}

	@Test
	void whatIsDroppedAgainAndAgainIsSaidFromTimeToTime(CapturedOutput output) throws Exception {
		AccessLogWriter writer = open(1_000_000);
		for (int i = 0; i < 200; i++) {
			writer.flush(1);
			this.clock.advance(AccessLogWriter.REPORT.dividedBy(100));
		}
		assertThat(lines()).extracting(AccessLogWriterTests::missing).containsExactly(1L, 100L);
		assertThat(output.toString().split("missing in it")).hasSize(3);
		writer.close(2);
		assertThat(lines()).extracting(AccessLogWriterTests::missing).containsExactly(1L, 100L, 101L);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void logGoesOnWhenTheDiskHasRoomAgain(CapturedOutput output) throws Exception {
		fillDisk();
		AccessLogWriter writer = open(1_000_000);
		for (int i = 0; i < 5; i++) {
			writer.write(Entries.get("/lost"));
			writer.flush(0);
		}
		assertThat(output).containsOnlyOnce("The access log cannot be written: No space left on device");
		freeDisk();
		this.clock.advance(AccessLogWriter.RETRY.minusMillis(1));
		writer.write(Entries.get("/lost"));
		writer.flush(1);
		assertThat(lines()).isEmpty();
		assertThat(this.opened).hasValue(1);
		this.clock.advance(Duration.ofMillis(1));
		writer.write(Entries.get("/written"));
		writer.flush(0);
		assertThat(lines()).hasSize(2);
		assertThat(missing(lines().get(0))).isEqualTo(7);
		assertThat(lines().get(1)).contains("/written");
		assertThat(output)
			.containsOnlyOnce("The access log " + file() + " is written again; requests missing in it: 7");
		writer.write(Entries.get("/later"));
		writer.close(0);
		assertThat(lines()).hasSize(3);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void troubleIsSaidOnceHoweverLongItLasts(CapturedOutput output) throws Exception {
		fillDisk();
		AccessLogWriter writer = open(1_000_000);
		for (int i = 0; i < 10; i++) {
			writer.write(Entries.get("/lost"));
			writer.flush(0);
			this.clock.advance(AccessLogWriter.RETRY);
		}
		assertThat(this.opened).hasValue(10);
		assertThat(output.toString().split("cannot be written")).hasSize(2);
		writer.close(1);
		assertThat(output).containsOnlyOnce("could not be written to the end; requests missing: 11");
	}

	@Test
	void logGoesOnWhenItsDirectoryIsBack(CapturedOutput output) throws Exception {
		AccessLogWriter writer = open(1024);
		writer.write(Entries.get("/first"));
		writer.flush(0);
		Files.delete(file());
		Files.delete(file().getParent());
		// A file of its own is needed for so much, and cannot be made: somebody is in the
		// way.
		Files.createFile(file().getParent());
		for (int i = 0; i < 10; i++) {
			writer.write(Entries.get("/lost"));
		}
		writer.flush(0);
		assertThat(output).containsOnlyOnce("The access log cannot be written:");
		Files.delete(file().getParent());
		this.clock.advance(AccessLogWriter.RETRY);
		writer.write(Entries.get("/back"));
		writer.close(0);
		assertThat(lines()).hasSize(2);
		assertThat(missing(lines().get(0))).isBetween(5L, 10L);
		assertThat(lines().get(1)).contains("/back");
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void closingTriesOnceMore() throws Exception {
		fillDisk();
		AccessLogWriter writer = open(1_000_000);
		writer.write(Entries.get("/lost"));
		writer.flush(0);
		freeDisk();
		writer.close(1);
		assertThat(lines()).extracting(AccessLogWriterTests::missing).containsExactly(2L);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void clockThatIsSetBackDoesNotPutOffTheNextAttempt() throws Exception {
		fillDisk();
		AccessLogWriter writer = open(1_000_000);
		writer.write(Entries.get("/lost"));
		writer.flush(0);
		freeDisk();
		this.clock.advance(Duration.ofDays(-1));
		writer.write(Entries.get("/written"));
		writer.flush(0);
		assertThat(lines()).hasSize(2);
	}

	@Test
	void fileThatCannotBeWrittenIsAnException() throws Exception {
		Files.createDirectories(file());
		assertThatIOException().isThrownBy(() -> open(1000));
	}

	private AccessLogWriter open(long maxBytes) throws IOException {
		return new AccessLogWriter(() -> {
			this.opened.incrementAndGet();
			return RotatingFile.open(file(), maxBytes, 1000, this.clock);
		}, maxBytes, LineFormat.of(Format.COMBINED, SettableClock.ZONE), this.clock);
	}

	private Path file() {
		return this.directory.resolve("logs/access.log");
	}

	private void fillDisk() throws IOException {
		Files.createDirectories(file().getParent());
		Files.createSymbolicLink(file(), Path.of("/dev/full"));
	}

	private void freeDisk() throws IOException {
		Files.delete(file());
		Files.createFile(file());
	}

	private List<String> lines() throws IOException {
		return Files.readAllLines(file());
	}

	private static String target(String line) {
		return line.substring(line.indexOf("GET ") + 4, line.indexOf(" HTTP/"));
	}

	private static long missing(String line) {
		assertThat(line).startsWith("# ");
		return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
	}

}

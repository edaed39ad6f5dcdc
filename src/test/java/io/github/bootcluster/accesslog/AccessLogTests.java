package io.github.bootcluster.accesslog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterProperties.AccessLog.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class AccessLogTests {

	@TempDir
	Path home;

	@Test
	void fileIsBelowTheHome() {
		open("access.log").close();
		assertThat(this.home.resolve("access.log")).isEmptyFile();
	}

	@Test
	void fileIsElsewhereWhenItsPathIsAbsolute(@TempDir Path elsewhere) {
		open(elsewhere.resolve("requests.log").toString()).close();
		assertThat(elsewhere.resolve("requests.log")).isEmptyFile();
		assertThat(this.home).isEmptyDirectory();
	}

	@Test
	void entryIsWrittenWithoutFurtherAdo() {
		try (AccessLog log = open("access.log")) {
			log.add(Entries.get("/one"));
			await().until(() -> lines().size() == 1);
			log.add(Entries.get("/two"));
			await().until(() -> lines().size() == 2);
		}
	}

	@Test
	void everythingHandedOverIsWrittenWhenItIsClosed() throws Exception {
		AccessLog log = open("access.log");
		for (int i = 0; i < 5000; i++) {
			log.add(Entries.get("/" + i));
		}
		log.close();
		assertThat(lines()).hasSize(5000);
	}

	@Test
	void entriesOfManyThreadsAreWrittenOrCounted() throws Exception {
		int each = 50_000;
		AccessLog log = open("access.log");
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			Thread thread = new Thread(() -> {
				for (int j = 0; j < each; j++) {
					log.add(Entries.get("/"));
				}
			});
			thread.start();
			threads.add(thread);
		}
		for (Thread thread : threads) {
			thread.join();
		}
		log.close();
		long written = 0;
		long missing = 0;
		for (String line : lines()) {
			if (line.startsWith("#")) {
				missing += Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
			}
			else {
				assertThat(line).startsWith("192.0.2.7 - - [").endsWith("outcome=answered");
				written++;
			}
		}
		assertThat(written).isPositive();
		assertThat(written + missing).isEqualTo(4 * each);
	}

	@Test
	void entryIsDroppedAndCountedWhenTooManyWait() throws Exception {
		// The thread does not run, as if the disk held it.
		SettableClock clock = new SettableClock("2026-11-22T12:00:00Z");
		AccessLog log = new AccessLog(
				new AccessLogWriter(() -> RotatingFile.open(this.home.resolve("access.log"), 1_000_000, 0, clock),
						1_000_000, LineFormat.of(Format.COMBINED, SettableClock.ZONE), clock),
				10);
		for (int i = 0; i < 17; i++) {
			log.add(Entries.get("/" + i));
		}
		log.writeWaiting();
		assertThat(lines()).hasSize(11);
		assertThat(lines().get(9)).contains("GET /9 ");
		assertThat(lines().get(10)).endsWith("requests missing here: 7");
		// There is room again.
		for (int i = 0; i < 10; i++) {
			log.add(Entries.get("/again"));
		}
		log.writeLast();
		assertThat(lines()).hasSize(21);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void logGoesOnWhenOneEntryCannotBeWritten(boolean last, CapturedOutput output) throws Exception {
		AccessLog log = start((entry) -> {
			if (entry.request().target().equals("/poison1")) {
				throw new StackOverflowError();
			}
			if (entry.request().target().equals("/poison2")) {
				throw new IllegalStateException("poison");
			}
		});
		log.add(Entries.get("/poison1"));
		log.add(Entries.get("/poison2"));
		if (!last) {
			log.add(Entries.get("/good"));
			await().until(() -> lines().stream().anyMatch((line) -> line.contains("GET /good ")));
		}
		log.close();
		assertThat(lines().stream()
			.filter((line) -> line.startsWith("#"))
			.mapToInt((line) -> Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)))
			.sum()).isEqualTo(2);
		assertThat(output).containsOnlyOnce("The access log failed and goes on; requests missing: 1");
	}

	@Test
	void closingSaysWhatIsMissingWhenTheThreadIsDead(CapturedOutput output) throws Exception {
		// It never ran.
		AccessLog log = new AccessLog(writer((entry) -> {
		}), 10);
		log.add(Entries.get("/lost"));
		log.close();
		assertThat(output).containsOnlyOnce("requests missing: 1");
	}

	@Test
	void fileAndReasonAreNamedWhenItCannotBeWritten() throws Exception {
		Files.createFile(this.home.resolve("logs"));
		assertThatExceptionOfType(AccessLogException.class).isThrownBy(() -> open("logs/access.log"))
			.satisfies((ex) -> assertThat(ex.getFile()).isEqualTo(this.home.resolve("logs/access.log")))
			.withMessageStartingWith("Cannot write the access log " + this.home.resolve("logs/access.log") + ": ")
			.withCauseInstanceOf(IOException.class);
	}

	private AccessLog start(Consumer<AccessLogEntry> beforeRendering) throws IOException {
		AccessLog log = new AccessLog(writer(beforeRendering), 10);
		log.start();
		return log;
	}

	private AccessLogWriter writer(Consumer<AccessLogEntry> beforeRendering) throws IOException {
		LineFormat format = LineFormat.of(Format.COMBINED, SettableClock.ZONE);
		Clock clock = Clock.system(SettableClock.ZONE);
		return new AccessLogWriter(() -> RotatingFile.open(this.home.resolve("access.log"), 1_000_000, 0, clock),
				1_000_000, new LineFormat() {

					@Override
					public void render(AccessLogEntry entry, StringBuilder out) {
						beforeRendering.accept(entry);
						format.render(entry, out);
					}

					@Override
					public void renderMissing(long count, long time, StringBuilder out) {
						format.renderMissing(count, time, out);
					}

				}, clock);
	}

	private AccessLog open(String file) {
		return AccessLog.open(
				new ClusterProperties.AccessLog(true, Format.COMBINED, Path.of(file), DataSize.ofMegabytes(64), 0),
				this.home);
	}

	private List<String> lines() throws IOException {
		return Files.readAllLines(this.home.resolve("access.log"));
	}

}

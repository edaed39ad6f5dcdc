package io.github.bootcluster.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class FileChangesTests {

	/** The tests look themselves. */
	private static final Duration NEVER = Duration.ofDays(1);

	@TempDir
	Path directory;

	private final AtomicInteger told = new AtomicInteger();

	private Path file;

	@BeforeEach
	void writeFile() throws Exception {
		this.file = Files.writeString(this.directory.resolve("a"), "one");
	}

	@Test
	void changeIsToldOnceWhenTheFileIsAsItWas() throws Exception {
		try (FileChanges changes = watch(this.file)) {
			changes.check();
			Files.writeString(this.file, "longer");
			changes.check();
			assertThat(this.told).hasValue(0);
			changes.check();
			assertThat(this.told).hasValue(1);
			changes.check();
			assertThat(this.told).hasValue(1);
		}
	}

	@Test
	void nothingIsToldWhileTheFileIsBeingWritten() throws Exception {
		try (FileChanges changes = watch(this.file)) {
			for (int i = 0; i < 5; i++) {
				Files.writeString(this.file, "more and ".repeat(i + 1));
				changes.check();
			}
			assertThat(this.told).hasValue(0);
			changes.check();
			assertThat(this.told).hasValue(1);
		}
	}

	@Test
	void disappearanceAndReturnAreTold() throws Exception {
		try (FileChanges changes = watch(this.file)) {
			Files.delete(this.file);
			changes.check();
			changes.check();
			assertThat(this.told).hasValue(1);
			Files.writeString(this.file, "one");
			changes.check();
			changes.check();
			assertThat(this.told).hasValue(2);
		}
	}

	@Test
	void nothingIsToldWhenOtherFilesChange() throws Exception {
		try (FileChanges changes = watch(this.file, this.directory.resolve("missing"))) {
			Files.writeString(this.directory.resolve("b"), "other");
			changes.check();
			changes.check();
			assertThat(this.told).hasValue(0);
		}
	}

	@Test
	void listenerThatFailsIsToldOfTheNextChange() throws Exception {
		try (FileChanges changes = FileChanges.watch(List.of(this.file), Duration.ofMillis(100), () -> {
			this.told.incrementAndGet();
			throw new IllegalStateException("expected");
		})) {
			Files.writeString(this.file, "second");
			await().until(() -> this.told.get() == 1);
			Files.writeString(this.file, "the third");
			await().until(() -> this.told.get() == 2);
		}
	}

	private FileChanges watch(Path... files) {
		return FileChanges.watch(List.of(files), NEVER, this.told::incrementAndGet);
	}

}

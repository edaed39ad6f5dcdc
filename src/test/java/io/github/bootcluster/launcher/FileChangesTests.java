package io.github.bootcluster.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class FileChangesTests {

	private static final Duration INTERVAL = Duration.ofMillis(100);

	@TempDir
	Path directory;

	private final AtomicInteger told = new AtomicInteger();

	@Test
	void changeDisappearanceAndReturnAreTold() throws Exception {
		Path file = Files.writeString(this.directory.resolve("a"), "one");
		try (FileChanges changes = watch(file)) {
			Files.writeString(file, "longer");
			await().until(() -> this.told.get() == 1);
			Files.delete(file);
			await().until(() -> this.told.get() == 2);
			Files.writeString(file, "longer");
			await().until(() -> this.told.get() == 3);
		}
	}

	@Test
	void nothingIsToldWhenNothingChanges() throws Exception {
		Path file = Files.writeString(this.directory.resolve("a"), "one");
		try (FileChanges changes = watch(file, this.directory.resolve("missing"))) {
			Files.writeString(this.directory.resolve("b"), "other");
			await().during(Duration.ofMillis(500)).until(() -> this.told.get() == 0);
		}
	}

	@Test
	void listenerThatFailsIsToldOfTheNextChange() throws Exception {
		Path file = Files.writeString(this.directory.resolve("a"), "one");
		try (FileChanges changes = FileChanges.watch(List.of(file), INTERVAL, () -> {
			this.told.incrementAndGet();
			throw new IllegalStateException("expected");
		})) {
			Files.writeString(file, "second");
			await().until(() -> this.told.get() == 1);
			Files.writeString(file, "the third");
			await().until(() -> this.told.get() == 2);
		}
	}

	@Test
	void nothingIsToldAfterTheEnd() throws Exception {
		Path file = Files.writeString(this.directory.resolve("a"), "one");
		FileChanges changes = watch(file);
		changes.close();
		Files.writeString(file, "longer");
		await().during(Duration.ofMillis(400)).until(() -> this.told.get() == 0);
		assertThat(this.told).hasValue(0);
	}

	private FileChanges watch(Path... files) {
		return FileChanges.watch(List.of(files), INTERVAL, this.told::incrementAndGet);
	}

}

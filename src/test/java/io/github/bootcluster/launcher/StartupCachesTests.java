package io.github.bootcluster.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.release.Release;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/** {@link StartupCaches} of a JVM that is a script. */
@DisabledOnOs(OS.WINDOWS)
class StartupCachesTests {

	private static final WorkerId WORKER = WorkerId.of(1);

	@TempDir
	Path temporary;

	private Release release;

	@BeforeEach
	void makeRelease() throws IOException {
		Path directory = this.temporary.resolve("4711");
		this.release = new Release("4711", directory, directory.resolve("app.jar"));
		Files.createDirectories(this.release.extras());
	}

	@Test
	void cacheIsUsedOnceTheJvmHasTakenIt() throws Exception {
		StartupCaches caches = caches("exit 0");
		assertThat(caches.isMissing(this.release)).isTrue();
		assertThat(caches.argumentsFor(WORKER, this.release)).isEmpty();
		train(caches);
		assertThat(caches.isMissing(this.release)).isFalse();
		assertThat(caches.argumentsFor(WORKER, this.release)).first()
			.asString()
			.startsWith("-XX:SharedArchiveFile=" + this.release.extras());
		assertThat(caches("exit 0").isMissing(this.release)).as("another launch").isFalse();
	}

	@Test
	void cacheThatTheJvmRefusesIsNotKept() throws Exception {
		StartupCaches caches = caches("exit 1");
		train(caches);
		assertThat(caches.isMissing(this.release)).isTrue();
		assertThat(this.release.extras()).isEmptyDirectory();
	}

	@Test
	void cacheThatKillsAWorkerAtItsStartIsNotUsedAgain() throws Exception {
		StartupCaches caches = caches("exit 0");
		train(caches);
		caches.argumentsFor(WORKER, this.release);
		caches.joined(WORKER);
		caches.ended(WORKER, 134);
		assertThat(caches.isMissing(this.release)).as("of something else").isFalse();
		caches.argumentsFor(WorkerId.of(2), this.release);
		caches.ended(WorkerId.of(2), 134);
		assertThat(caches.isMissing(this.release)).isTrue();
		assertThat(caches.argumentsFor(WORKER, this.release)).isEmpty();
	}

	@Test
	void cacheThatIsGoneWithItsReleaseIsMissingWhenThatIsMadeAgain() throws Exception {
		StartupCaches caches = caches("exit 0");
		train(caches);
		FileSystemUtils.deleteRecursively(this.release.directory());
		Files.createDirectories(this.release.extras());
		assertThat(caches.isMissing(this.release)).isTrue();
		assertThat(caches.argumentsFor(WORKER, this.release)).isEmpty();
		train(caches);
		assertThat(caches.isMissing(this.release)).isFalse();
	}

	@Test
	void jvmTriesItInTheEnvironmentOfWorkers() throws Exception {
		StartupCaches caches = caches("[ \"$ONLY_WORKERS\" = yes ]");
		train(caches);
		assertThat(caches.isMissing(this.release)).isFalse();
	}

	@Test
	void cacheThatIsDamagedIsNotUsed() throws Exception {
		train(caches("exit 0"));
		Files.writeString(cache(), "a cachf");
		StartupCaches caches = caches("exit 0");
		assertThat(caches.isMissing(this.release)).isTrue();
		assertThat(caches.argumentsFor(WORKER, this.release)).isEmpty();
		train(caches);
		assertThat(caches.isMissing(this.release)).isFalse();
	}

	@Test
	void cacheBelongsToItsJvmAndArgumentsAndTakesThePlaceOfOthers() throws Exception {
		train(caches("exit 0"));
		Path first = cache();
		assertThat(caches(17, true, "-Xmx1g").isMissing(this.release)).isTrue();
		StartupCaches other = caches(25, true);
		assertThat(other.isMissing(this.release)).isTrue();
		train(other);
		assertThat(first).doesNotExist();
		assertThat(other.argumentsFor(WORKER, this.release)).first().asString().startsWith("-XX:AOTCache=");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xshare:on", "-Xshare:off", "-XX:SharedArchiveFile=x.jsa", "-XX:AOTMode=off" })
	void operatorWhoHasArchivesInHandIsLeftAlone(String argument) throws Exception {
		StartupCaches caches = caches(25, true, argument);
		assertThat(caches.isMissing(this.release)).isFalse();
		assertThat(caches.argumentsFor(WORKER, this.release)).isEmpty();
	}

	@Test
	void otherJvmsGetNone() throws Exception {
		StartupCaches caches = caches(25, false);
		assertThat(caches.isMissing(this.release)).isFalse();
		assertThat(caches.argumentsFor(WORKER, this.release)).isEmpty();
	}

	private Path cache() throws IOException {
		try (Stream<Path> files = Files.list(this.release.extras())) {
			return files.filter((file) -> !file.toString().endsWith(".crc32c")).findFirst().orElseThrow();
		}
	}

	private void train(StartupCaches caches) throws IOException {
		String file = caches.trainingArguments(this.release).get(0);
		Files.writeString(Path.of(file.substring(file.indexOf('=') + 1)), "a cache");
		caches.complete(this.release, 1);
	}

	private StartupCaches caches(String script) throws IOException {
		return caches(script, new JavaInstallation.Version(17, true, "17.0.1"), List.of());
	}

	private StartupCaches caches(int feature, boolean hotspot, String... arguments) throws IOException {
		return caches("exit 0", new JavaInstallation.Version(feature, hotspot, feature + ".0.1"), List.of(arguments));
	}

	private StartupCaches caches(String script, JavaInstallation.Version version, List<String> arguments)
			throws IOException {
		Path java = this.temporary.resolve("java");
		Files.writeString(java, "#!/bin/sh\n" + script + "\n");
		Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
		return new StartupCaches(
				new WorkerProgram(new JavaInstallation(java, version), arguments, this.temporary.resolve("arguments"),
						List.of(), List.of(), 2),
				SupervisorFixture.properties(Map.of("cluster.worker.environment.ONLY_WORKERS", "yes")).worker());
	}

}

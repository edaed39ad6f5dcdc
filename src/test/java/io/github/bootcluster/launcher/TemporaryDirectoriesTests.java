package io.github.bootcluster.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;

import io.github.bootcluster.WorkerId;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests for {@link TemporaryDirectories}. */
class TemporaryDirectoriesTests {

	private static final WorkerId WORKER = WorkerId.of(7);

	private final Clock clock = Clock.systemUTC();

	@TempDir
	Path home;

	@Test
	void eachEndsWithItsWorkerAndAllOfThemWithTheLauncher() throws IOException {
		try (ClusterHome home = ClusterHome.open(this.home)) {
			TemporaryDirectories directories = TemporaryDirectories.open(home, this.clock);
			Path mine = directories.create(WORKER);
			Path other = directories.create(WorkerId.of(8));
			Path launchers = directories.createForLauncher();
			assertThat(mine).isEmptyDirectory().startsWith(this.home.toAbsolutePath().resolve("worker-tmp"));
			Files.writeString(Files.createDirectory(mine.resolve("tomcat")).resolve("upload"), "half a file");
			directories.delete(WORKER);
			directories.delete(WORKER);
			Awaitility.await().until(() -> !Files.exists(mine));
			assertThat(other).exists();
			assertThat(launchers).exists();
			directories.close();
			directories.close();
			assertThat(other).doesNotExist();
			assertThat(launchers).doesNotExist();
			directories.delete(WorkerId.of(8));
		}
	}

	@Test
	void whatAnotherLauncherLeftIsRemovedOnceItIsOldAndNothingElse() throws IOException {
		try (ClusterHome home = ClusterHome.open(this.home)) {
			Path left = TemporaryDirectories.open(home, this.clock).create(WORKER);
			Path foreign = Files.createDirectory(left.resolveSibling("photos"));
			try (TemporaryDirectories soon = TemporaryDirectories.open(home, this.clock)) {
				assertThat(soon.create(WORKER)).isNotEqualTo(left);
			}
			assertThat(left).as("its worker may be at its last request").exists();
			TemporaryDirectories.open(home, Clock.offset(this.clock, Duration.ofMinutes(61))).close();
			assertThat(left).doesNotExist();
			assertThat(foreign).exists();
		}
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void othersCannotLookIntoThem() throws IOException {
		try (ClusterHome home = ClusterHome.open(this.home);
				TemporaryDirectories directories = TemporaryDirectories.open(home, this.clock)) {
			for (Path directory : new Path[] { this.home.resolve("worker-tmp"), directories.create(WORKER) }) {
				assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
					.isEqualTo("rwx------");
			}
		}
	}

	@Test
	void homeThatHasAFileThereIsRefused() throws IOException {
		Files.createFile(this.home.resolve("worker-tmp"));
		try (ClusterHome home = ClusterHome.open(this.home)) {
			assertThatExceptionOfType(LaunchException.class)
				.isThrownBy(() -> TemporaryDirectories.open(home, this.clock))
				.withMessageContaining(this.home.toString());
		}
	}

}

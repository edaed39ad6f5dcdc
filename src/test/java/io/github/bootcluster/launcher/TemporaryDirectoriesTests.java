package io.github.bootcluster.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import io.github.bootcluster.WorkerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests for {@link TemporaryDirectories}. */
class TemporaryDirectoriesTests {

	private static final WorkerId WORKER = WorkerId.of(7);

	@TempDir
	Path home;

	@Test
	void eachEndsWithItsWorkerAndAllOfThemWithTheLauncher() throws IOException {
		try (ClusterHome home = ClusterHome.open(this.home)) {
			TemporaryDirectories directories = TemporaryDirectories.open(home);
			Path mine = directories.create(WORKER);
			Path other = directories.create(WorkerId.of(8));
			Path launchers = directories.createForLauncher();
			assertThat(mine).isEmptyDirectory().startsWith(this.home.toAbsolutePath().resolve("tmp"));
			Files.writeString(Files.createDirectory(mine.resolve("tomcat")).resolve("upload"), "half a file");
			directories.delete(WORKER);
			directories.delete(WORKER);
			assertThat(mine).doesNotExist();
			assertThat(other).exists();
			assertThat(launchers).exists();
			directories.close();
			directories.close();
			assertThat(this.home.resolve("tmp")).doesNotExist();
		}
	}

	@Test
	void whatAnotherLauncherLeftStaysUntilItIsAskedFor() throws IOException {
		try (ClusterHome home = ClusterHome.open(this.home)) {
			Path left = TemporaryDirectories.open(home).create(WORKER);
			try (TemporaryDirectories directories = TemporaryDirectories.open(home)) {
				Path next = directories.create(WORKER);
				assertThat(left).exists().isNotEqualTo(next);
				directories.deleteLeftovers();
				assertThat(left).doesNotExist();
				assertThat(next).exists();
			}
		}
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void othersCannotLookIntoThem() throws IOException {
		try (ClusterHome home = ClusterHome.open(this.home);
				TemporaryDirectories directories = TemporaryDirectories.open(home)) {
			for (Path directory : new Path[] { this.home.resolve("tmp"), directories.create(WORKER) }) {
				assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
					.isEqualTo("rwx------");
			}
		}
	}

	@Test
	void homeThatHasAFileThereIsRefused() throws IOException {
		Files.createFile(this.home.resolve("tmp"));
		try (ClusterHome home = ClusterHome.open(this.home)) {
			assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> TemporaryDirectories.open(home))
				.withMessageContaining(this.home.toString());
		}
	}

}

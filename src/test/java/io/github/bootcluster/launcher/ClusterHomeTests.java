package io.github.bootcluster.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ClusterHomeTests {

	@TempDir
	Path directory;

	@Test
	void newHomeIsPrivate() throws Exception {
		try (ClusterHome home = ClusterHome.open(this.directory.resolve("a/b"))) {
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.directory())))
				.isEqualTo("rwx------");
		}
	}

	@Test
	void homeCanBeOpenedAgainOnceClosed() {
		ClusterHome.open(this.directory).close();
		ClusterHome.open(this.directory).close();
	}

	@Test
	void homeThatOthersCanWriteToIsRefused() throws Exception {
		Path home = Files.createDirectory(this.directory.resolve("open"));
		Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> ClusterHome.open(home))
			.withMessageContaining("rwxrwxrwx")
			.satisfies((ex) -> assertThat(ex.getAction()).contains("chmod 700"));
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home))).isEqualTo("rwxrwxrwx");
	}

	@Test
	void homeThatIsAFileIsRefused() throws Exception {
		Path home = Files.createFile(this.directory.resolve("file"));
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> ClusterHome.open(home))
			.withMessageContaining(home.toString())
			.satisfies((ex) -> assertThat(ex.getAction()).contains("cluster.home"));
	}

}

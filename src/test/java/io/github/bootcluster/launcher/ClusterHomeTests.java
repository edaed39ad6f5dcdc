package io.github.bootcluster.launcher;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

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
	void argumentsAreReadBackByJavaAsTheyWereAndByNobodyElse() throws Exception {
		List<String> values = List.of("plain", "with space", "quote\"d", "back\\slash", "#hash", "'single'");
		try (ClusterHome home = ClusterHome.open(this.directory)) {
			List<String> arguments = new ArrayList<>();
			for (int i = 0; i < values.size(); i++) {
				arguments.add("-Dvalue." + i + "=" + values.get(i));
			}
			Path file = home.writeArguments(arguments);
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
			Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"@" + file, "-XshowSettings:properties", "-version")
				.redirectErrorStream(true)
				.start();
			String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(java.waitFor()).as(output).isZero();
			for (int i = 0; i < values.size(); i++) {
				assertThat(output).contains("value." + i + " = " + values.get(i));
			}
		}
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

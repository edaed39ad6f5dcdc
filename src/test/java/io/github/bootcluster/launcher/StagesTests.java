package io.github.bootcluster.launcher;

import java.io.File;
import java.nio.file.Path;
import java.util.List;

import io.github.bootcluster.release.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StagesTests {

	@TempDir
	Path directory;

	@Test
	void homeThatNoClassPathCanLeadToIsRefused() {
		try (ClusterHome home = ClusterHome.open(this.directory.resolve("of" + File.pathSeparator + "two"))) {
			assertThatExceptionOfType(LaunchException.class)
				.isThrownBy(() -> Stages.open(home, new Program.ClassPath(List.of(), "Main"), (fact) -> {
				}, (release) -> {
				}))
				.withMessageContaining(home.directory().toString())
				.withMessageContaining("class path");
		}
	}

}

package io.github.bootcluster.launcher;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WorkerProgramTests {

	@Test
	void programOfAJarIsThatJar() {
		assertThat(WorkerProgram.program("/opt/app.jar", "/opt/app.jar --server.port=80")).containsExactly("-jar",
				"/opt/app.jar");
	}

	@Test
	void programOfARelativeJarIsItsAbsolutePath() {
		assertThat(WorkerProgram.program("app.jar", "app.jar")).containsExactly("-jar",
				Path.of("app.jar").toAbsolutePath().toString());
	}

	@Test
	void programOfAJarWithSpacesInItsPathIsThatJar() {
		assertThat(WorkerProgram.program("/opt/my apps/app.jar", "/opt/my apps/app.jar x")).containsExactly("-jar",
				"/opt/my apps/app.jar");
	}

	@Test
	void programOfAClassPathIsItsMainClass() {
		assertThat(WorkerProgram.program("classes:lib/a.jar", "com.example.Main --a=b c")).containsExactly("-cp",
				"classes:lib/a.jar", "com.example.Main");
		assertThat(WorkerProgram.program("app.jar", "org.springframework.boot.loader.launch.JarLauncher"))
			.containsExactly("-cp", "app.jar", "org.springframework.boot.loader.launch.JarLauncher");
	}

	@Test
	void shareOfTheMachineFollowsTheNumberOfWorkersAndYieldsToWhatIsConfigured() {
		WorkerProgram program = new WorkerProgram(Path.of("/jdk/bin/java"), List.of("@configured", "-jar", "a.jar"), 8);
		assertThat(program.command(2)).startsWith("/jdk/bin/java", "-XX:MaxRAMPercentage=25.0")
			.endsWith("@configured", "-jar", "a.jar");
		assertThat(program.command(4)).contains("-XX:MaxRAMPercentage=12.5", "-XX:ActiveProcessorCount=2");
	}

	@Test
	void programThatCannotBeToldIsRefused() {
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> WorkerProgram.program("", "app/Main"))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("java -jar"));
	}

}

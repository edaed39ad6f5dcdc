package io.github.bootcluster.launcher;

import java.nio.file.Path;
import java.util.List;

import io.github.bootcluster.release.Program;
import io.github.bootcluster.release.Release;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WorkerProgramTests {

	@Test
	void programOfAJarIsThatJar() {
		assertThat(WorkerProgram.program("/opt/app.jar", "/opt/app.jar --server.port=80"))
			.isEqualTo(new Program.Jar(Path.of("/opt/app.jar")));
	}

	@Test
	void programOfARelativeJarIsItsAbsolutePath() {
		assertThat(WorkerProgram.program("app.jar", "app.jar"))
			.isEqualTo(new Program.Jar(Path.of("app.jar").toAbsolutePath()));
	}

	@Test
	void programOfAJarWithSpacesInItsPathIsThatJar() {
		assertThat(WorkerProgram.program("/opt/my apps/app.jar", "/opt/my apps/app.jar x"))
			.isEqualTo(new Program.Jar(Path.of("/opt/my apps/app.jar")));
	}

	@Test
	void programOfAClassPathIsItsMainClass() {
		assertThat(WorkerProgram.program("classes:lib/a.jar", "com.example.Main --a=b c"))
			.isEqualTo(new Program.ClassPath(List.of(Path.of("classes"), Path.of("lib/a.jar")), "com.example.Main"));
		assertThat(WorkerProgram.program("app.jar", "org.springframework.boot.loader.launch.JarLauncher"))
			.isEqualTo(new Program.ClassPath(List.of(Path.of("app.jar")),
					"org.springframework.boot.loader.launch.JarLauncher"));
	}

	@Test
	void shareOfTheMachineFollowsTheNumberOfWorkersAndYieldsToWhatIsConfigured() {
		WorkerProgram program = new WorkerProgram(new JavaInstallation(Path.of("/jdk/bin/java"), null),
				List.of("-Xmx1g"), Path.of("configured"), List.of(), List.of("--a=b"), 8);
		Release release = new Release("4711", Path.of("4711"), Path.of("4711/a.jar"));
		assertThat(program.command(2, release, List.of("-Xmore")))
			.startsWith("/jdk/bin/java", "-XX:MaxRAMPercentage=25.0")
			.endsWith("-Xmore", "@configured", "-jar", "4711/a.jar", "--a=b");
		assertThat(program.command(4, release, List.of())).contains("-XX:MaxRAMPercentage=12.5",
				"-XX:ActiveProcessorCount=2");
	}

	@Test
	void programThatCannotBeToldIsRefused() {
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> WorkerProgram.program("", "app/Main"))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("java -jar"));
	}

}

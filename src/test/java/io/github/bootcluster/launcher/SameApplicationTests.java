package io.github.bootcluster.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlServer;
import io.github.bootcluster.messaging.PostOffice;
import io.github.bootcluster.release.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** {@link SameApplication} with a JVM that is a script. */
@DisabledOnOs(OS.WINDOWS)
class SameApplicationTests {

	private static final String DEBUG = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=0";

	private final ClusterProperties.Worker settings = SupervisorFixture.properties(Map.of()).worker();

	@TempDir
	Path temporary;

	@Test
	void startupCacheIsTakenOnlyFromAWorkerThatEndedAsAsked() throws Exception {
		Path java = Files.writeString(this.temporary.resolve("java"), "#!/bin/sh\n");
		Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
		WorkerProgram program = new WorkerProgram(
				new JavaInstallation(java, new JavaInstallation.Version(17, true, "17.0.1")), List.of(),
				this.temporary.resolve("arguments"), List.of(new DebugAgent(DEBUG)), List.of(), 2);
		StartupCaches caches = new StartupCaches(program, this.settings);
		try (ClusterHome home = ClusterHome.open(this.temporary.resolve("home"));
				TemporaryDirectories temporary = TemporaryDirectories.open(home, Clock.systemUTC());
				Stages stages = Stages.open(home, new Program.ClassPath(List.of(), "Main"), (fact) -> {
				}, caches::look);
				ControlServer control = ControlServer.open(home.controlSocket(), new ControlFacts((fact) -> {
				}, new PostOffice((worker) -> true, 1), new MeterCalls(MeterCalls.PATIENCE), new Vitals(),
						new Inquiries(LauncherDiagnostics.PATIENCE)), (operator, ask, connection) -> {
						})) {
			SameApplication kind = new SameApplication(program, stages, caches, temporary, this.settings, control,
					home.controlSocket(), new CompletableFuture<>());
			for (int status : List.of(137, 1)) {
				train(kind, stages, status);
				assertThat(kind.lacksStartupCache(1)).as("after status %d", status).isTrue();
			}
			assertThat(kind.prepare(new WorkerSpec(WorkerId.of(2), 1, 1, 1)).command()).anyMatch(DebugAgent::isOne);
			kind.ended(WorkerId.of(2), 0);
			train(kind, stages, 0);
			assertThat(kind.lacksStartupCache(1)).isFalse();
		}
	}

	/** Nobody knows of it, and so nobody could debug it. */
	private static void assertLetsNoDebuggerIn(ProcessBuilder builder) {
		assertThat(builder.command()).noneMatch(DebugAgent::isOne);
	}

	private static void train(SameApplication kind, Stages stages, int status) throws Exception {
		WorkerSpec spec = new WorkerSpec(WorkerId.of(1), 0, 1, 1);
		ProcessBuilder training = kind.prepareTraining(spec);
		assertLetsNoDebuggerIn(training);
		String file = training.command()
			.stream()
			.filter((argument) -> argument.startsWith("-XX:ArchiveClassesAtExit="))
			.findFirst()
			.orElseThrow();
		Files.writeString(Path.of(file.substring(file.indexOf('=') + 1)), "a cache");
		kind.ended(spec.id(), status);
		CompletableFuture<Void> done = new CompletableFuture<>();
		stages.afterwards(1, (release) -> done.complete(null));
		done.get(30, TimeUnit.SECONDS);
	}

}

package io.github.bootcluster.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class TerminalTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	@TempDir
	Path directory;

	private Path alwaysThere;

	private Path path;

	@BeforeEach
	void createFiles() throws Exception {
		this.alwaysThere = Files.createFile(this.directory.resolve("null"));
		this.path = Files.createFile(this.directory.resolve("tty"));
	}

	@Test
	void terminalThatCanStillBeOpenedIsNotGone() throws Exception {
		Terminal terminal = Terminal.at(this.path, this.alwaysThere);
		assertThat(terminal.isGone()).isFalse();
		assertThat(terminal.isGoneWithin(Duration.ZERO)).isFalse();
		assertThat(terminal.isGoneWithin(Duration.ofMillis(50))).isFalse();
	}

	@Test
	void terminalThatCannotBeOpenedAnyMoreIsGone() throws Exception {
		Terminal terminal = Terminal.at(this.path, this.alwaysThere);
		Files.delete(this.path);
		assertThat(terminal.isGone()).isTrue();
		assertThat(terminal.isGoneWithin(Duration.ZERO)).isTrue();
	}

	@Test
	void terminalThatNeverWasIsNotGone() throws Exception {
		Files.delete(this.path);
		Terminal terminal = Terminal.at(this.path, this.alwaysThere);
		assertThat(terminal.isGone()).isFalse();
		assertThat(CompletableFuture.supplyAsync(() -> isGoneWithin(terminal, LONG))).as("without a wait")
			.succeedsWithin(Duration.ofSeconds(10))
			.isEqualTo(false);
	}

	@Test
	void terminalIsNotGoneWhenNothingCanBeOpened() throws Exception {
		Terminal terminal = Terminal.at(this.path, this.alwaysThere);
		Files.delete(this.path);
		Files.delete(this.alwaysThere);
		assertThat(terminal.isGone()).isFalse();
		assertThat(terminal.isGoneWithin(Duration.ofMillis(50))).isFalse();
	}

	@Test
	void terminalThatGoesWithinThePatienceIsGone() throws Exception {
		Terminal terminal = Terminal.at(this.path, this.alwaysThere);
		CompletableFuture<Boolean> gone = CompletableFuture.supplyAsync(() -> isGoneWithin(terminal, LONG));
		Files.delete(this.path);
		assertThat(gone).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
	}

	private static boolean isGoneWithin(Terminal terminal, Duration patience) {
		try {
			return terminal.isGoneWithin(patience);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for a terminal to go", ex);
		}
	}

	/** A program at a real terminal, or none. */
	@Nested
	class HangupProgramTests {

		private static final String WITH_TERMINAL = "with terminal or none ever";

		private static final String WITHOUT_TERMINAL = "without terminal";

		private final List<Process> processes = new ArrayList<>();

		private Path report;

		@BeforeEach
		void nameReport() {
			this.report = TerminalTests.this.directory.resolve("report");
		}

		@AfterEach
		void endProcesses() throws Exception {
			if (Files.exists(this.report)) {
				// Once its terminal is gone, it is no child of ours any more.
				ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
			}
			this.processes.forEach((process) -> process.descendants().forEach(ProcessHandle::destroyForcibly));
			this.processes.forEach(Process::destroyForcibly);
		}

		@Test
		void signalSentAtATerminalIsARequest() throws Exception {
			startAtTerminal("exec " + program(Duration.ofMillis(50)));
			awaitStart();
			hangUp(pid());
			awaitReport(WITH_TERMINAL, "reload");
		}

		@Test
		void signalOfAClosedTerminalIsAHangup() throws Exception {
			Process terminal = startAtTerminal("exec " + program(Duration.ZERO));
			awaitStart();
			terminal.destroyForcibly();
			awaitReport(WITHOUT_TERMINAL, "gone");
		}

		@Test
		void signalOfAClosedTerminalIsAHangupToTheChildOfAShell() throws Exception {
			Process terminal = startAtTerminal(program(Duration.ZERO) + "; true");
			awaitStart();
			terminal.destroyForcibly();
			awaitReport(WITHOUT_TERMINAL, "gone");
		}

		@Test
		void signalPassedOnByAShellThatEndsIsAHangup() throws Exception {
			// As bash does with huponexit, or when it is itself sent a SIGHUP.
			startAtTerminal("""
					%s & until grep -q pid '%2$s'; do sleep 0.05; done
					kill -HUP $!; until grep -q terminal '%2$s'; do sleep 0.05; done
					""".formatted(program(LONG), this.report));
			awaitReport(WITH_TERMINAL, "gone");
		}

		@Test
		void signalWithoutATerminalIsARequest() throws Exception {
			assumeTrue(works("setsid", "true"), "no setsid here");
			start("setsid", "sh", "-c", "exec " + program(LONG));
			awaitStart();
			hangUp(pid());
			awaitReport(WITH_TERMINAL, "reload");
		}

		private Process startAtTerminal(String command) throws Exception {
			assumeTrue(works("script", "-qec", "true", "/dev/null"), "no script of util-linux here");
			return start("script", "-qfc", command, "/dev/null");
		}

		private Process start(String... words) throws Exception {
			List<String> command = new ArrayList<>();
			// Under nohup the signal is ignored, and so would be all that is started.
			if (works("env", "--default-signal=HUP", "true")) {
				command.addAll(List.of("env", "--default-signal=HUP"));
			}
			command.addAll(List.of(words));
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(TerminalTests.this.directory.resolve("output").toFile());
			builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
			builder.environment().put("SHELL", "/bin/sh");
			Process process = builder.start();
			this.processes.add(process);
			return process;
		}

		private String program(Duration patience) {
			return "'%s' -XX:TieredStopAtLevel=1 %s '%s' %d".formatted(
					Path.of(System.getProperty("java.home"), "bin", "java"), HangupProgram.class.getName(), this.report,
					patience.toMillis());
		}

		private boolean works(String... command) throws InterruptedException {
			try {
				Process trial = new ProcessBuilder(command).start();
				return trial.waitFor(10, TimeUnit.SECONDS) && trial.exitValue() == 0;
			}
			catch (IOException ex) {
				// There is no such command.
				return false;
			}
		}

		private void hangUp(long pid) throws Exception {
			assertThat(works("kill", "-HUP", Long.toString(pid))).isTrue();
		}

		private void awaitStart() {
			await().atMost(LONG).until(() -> Files.exists(this.report) && !Files.readString(this.report).isEmpty());
		}

		private long pid() throws IOException {
			return Long.parseLong(Files.readAllLines(this.report).get(0).substring("pid ".length()));
		}

		private void awaitReport(String terminal, String decision) {
			await().atMost(LONG)
				.untilAsserted(
						() -> assertThat(this.report).content().endsWith("\n" + terminal + "\n" + decision + "\n"));
		}

	}

}

package io.github.bootcluster.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/**
 * A command line as an operator's shell runs it: a process of its own. What it prints
 * goes to files. Closing it ends it.
 */
final class CtlProcess implements AutoCloseable {

	private final Process process;

	private final Path output;

	private final Path errors;

	private CtlProcess(Process process, Path output, Path errors) {
		this.process = process;
		this.output = output;
		this.errors = errors;
	}

	static Builder in(Path directory) {
		return new Builder(directory);
	}

	/** Wait for its end. */
	CtlProcess await() {
		try {
			if (!this.process.waitFor(ClusterProcess.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new AssertionError("The command line did not end: " + output() + errors());
			}
			return this;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Wait for something in what it prints. */
	void awaitOutput(String text) {
		Awaitility.await(text).atMost(ClusterProcess.PATIENCE).until(() -> output().contains(text));
	}

	int status() {
		return this.process.exitValue();
	}

	long pid() {
		return this.process.pid();
	}

	String output() {
		return read(this.output);
	}

	String errors() {
		return read(this.errors);
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public String toString() {
		return "status %s, output: %s, errors: %s".formatted(this.process.isAlive() ? "unknown" : status(), output(),
				errors());
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !this.process.isAlive());
	}

	/** How to start one. */
	static final class Builder {

		private final Path directory;

		private List<String> program = Program.SAMPLE_JAR.arguments();

		private List<String> prefix = List.of();

		private boolean atTerminal;

		private Builder(Path directory) {
			this.directory = directory;
		}

		/**
		 * The arguments of {@code java} in place of those that start the sample's jar.
		 */
		Builder program(List<String> program) {
			this.program = program;
			return this;
		}

		/** What the command line is run by. */
		Builder by(String... prefix) {
			this.prefix = List.of(prefix);
			return this;
		}

		/** At a terminal of its own, 100 characters wide. */
		Builder atTerminal() {
			this.atTerminal = true;
			return this;
		}

		/** Start it, and wait for its end. */
		CtlProcess run(String... arguments) {
			try (CtlProcess process = start(arguments)) {
				return process.await();
			}
		}

		CtlProcess start(String... arguments) {
			List<String> command = new ArrayList<>(this.prefix);
			command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
			command.add("-XX:TieredStopAtLevel=1");
			command.addAll(this.program);
			command.addAll(List.of(arguments));
			if (this.atTerminal) {
				command = List.of("script", "-qec", "stty cols 100; " + String.join(" ", command), "/dev/null");
			}
			try {
				Path output = Files.createTempFile("ctl", ".out");
				Path errors = Files.createTempFile("ctl", ".err");
				output.toFile().deleteOnExit();
				errors.toFile().deleteOnExit();
				ProcessBuilder builder = new ProcessBuilder(command).directory(this.directory.toFile())
					.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
					.redirectOutput(output.toFile())
					.redirectError(errors.toFile());
				builder.environment().keySet().removeAll(List.of("COLUMNS", "NO_COLOR", "LC_ALL", "LC_CTYPE"));
				builder.environment().put("LANG", "C.UTF-8");
				builder.environment().put("TERM", "xterm");
				return new CtlProcess(builder.start(), output, errors);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}

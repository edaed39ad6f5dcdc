package io.github.bootcluster.launcher;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterProperties;
import org.jspecify.annotations.Nullable;

/**
 * A command that runs a program which is not this application, with a place for the port
 * it shall serve.
 *
 * @param program the program, as a path wherever the system does not look for it itself
 * @param arguments its arguments, in which {@code {port}} may stand
 */
record ExternalCommand(String program, List<String> arguments) {

	private static final String PORT = "{port}";

	ExternalCommand {
		arguments = List.copyOf(arguments);
	}

	/**
	 * Find the program of {@code cluster.worker.command}, as a shell would: on the
	 * workers' {@code PATH}, or relative to the launcher's directory if it names one.
	 * @throws LaunchException if there is none
	 */
	static ExternalCommand find(ClusterProperties.Worker settings) {
		List<String> words = Objects.requireNonNull(settings.command());
		String path = settings.environment().getOrDefault("PATH", System.getenv("PATH"));
		return new ExternalCommand(locate(words.get(0), path), words.subList(1, words.size()));
	}

	/** The whole command for one port. */
	List<String> at(int port) {
		List<String> command = new ArrayList<>();
		command.add(this.program);
		this.arguments.forEach((argument) -> command.add(argument.replace(PORT, Integer.toString(port))));
		return command;
	}

	/**
	 * The path of a program.
	 * @param path directories to look into, or {@code null}
	 */
	static String locate(String program, @Nullable String path) {
		if (File.separatorChar != '/') {
			// The system's rules are its own there (extensions, the current directory).
			return program;
		}
		if (program.indexOf('/') >= 0) {
			Path file = Path.of(program).toAbsolutePath();
			if (isProgram(file)) {
				return file.toString();
			}
			throw unusable(Files.exists(file) ? "%s is no executable file".formatted(file)
					: "%s does not exist".formatted(file));
		}
		return directories(path).map((directory) -> directory.resolve(program).toAbsolutePath())
			.filter(ExternalCommand::isProgram)
			.map(Path::toString)
			.findFirst()
			.orElseThrow(() -> unusable("there is no '%s' on the PATH (%s)".formatted(program, path)));
	}

	private static Stream<Path> directories(@Nullable String path) {
		return (path != null) ? Stream.of(path.split(File.pathSeparator)).map(ExternalCommand::directory)
				: Stream.empty();
	}

	private static Path directory(String name) {
		try {
			return Path.of(name);
		}
		catch (InvalidPathException ex) {
			throw unusable("its PATH has the entry '%s', which is no path".formatted(name));
		}
	}

	private static boolean isProgram(Path file) {
		return Files.isRegularFile(file) && Files.isExecutable(file);
	}

	private static LaunchException unusable(String why) {
		return new LaunchException(
				"The program of '%s' cannot be run: %s.".formatted(ClusterProperties.Worker.COMMAND, why),
				"Install it, or correct %s. It is run without a shell; name one (sh -c '…') where you need its features."
					.formatted(ClusterProperties.Worker.COMMAND));
	}

}

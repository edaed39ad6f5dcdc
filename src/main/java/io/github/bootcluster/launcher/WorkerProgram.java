package io.github.bootcluster.launcher;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.release.Program;
import io.github.bootcluster.release.Release;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recipe of a worker's process: a release of the same program as this one, with its
 * application arguments. Arguments for the JVM go through a file that only its owner can
 * read: some may have come to this JVM in such a way ({@code JAVA_TOOL_OPTIONS}, an
 * argument file) because they hold a secret.
 *
 * @param java the Java of the workers
 * @param jvmArguments file of the arguments of their JVMs
 * @param arguments those of the application
 * @param availableProcessors number of processors to share out
 */
record WorkerProgram(Path java, Path jvmArguments, List<String> arguments, int availableProcessors) {

	private static final Logger logger = LoggerFactory.getLogger(WorkerProgram.class);

	WorkerProgram {
		arguments = List.copyOf(arguments);
	}

	/**
	 * The command line of one of that many workers. Its share of the machine comes first:
	 * of several arguments that say the same the last one counts.
	 */
	List<String> command(int workers, Release release) {
		List<String> command = new ArrayList<>();
		command.add(this.java.toString());
		command.addAll(JvmArguments.shareOfMachine(workers, this.availableProcessors));
		command.add("@" + this.jvmArguments);
		command.add("-jar");
		command.add(release.jar().toString());
		command.addAll(this.arguments);
		return command;
	}

	/**
	 * Read how this JVM was started.
	 * @param arguments the arguments of the application
	 * @param home where the file with the JVM's arguments is put
	 * @throws LaunchException if it was started in a way that cannot be repeated, or the
	 * Java installation for the workers does not exist
	 */
	static WorkerProgram ofThisProcess(ClusterProperties properties, int availableProcessors, List<String> arguments,
			ClusterHome home) {
		List<String> own = ManagementFactory.getRuntimeMXBean().getInputArguments();
		List<String> kept = JvmArguments.keptByLauncher(own);
		if (!kept.isEmpty()) {
			logger.info("JVM arguments of the launcher only (cluster.worker.jvm-args are for workers): {}",
					String.join(" ", kept));
		}
		List<String> jvmArguments = new ArrayList<>(JvmArguments.forWorkers(own));
		jvmArguments.addAll(properties.worker().jvmArgs());
		Path java = java(properties.worker());
		return new WorkerProgram(java, home.writeArguments(jvmArguments), arguments, availableProcessors);
	}

	/** What this JVM runs. */
	static Program program() {
		return program(System.getProperty("java.class.path", ""), System.getProperty("sun.java.command", ""));
	}

	/**
	 * What a JVM runs.
	 * @param classPath its class path; with {@code -jar} the jar alone
	 * @param javaCommand its main class or jar, followed by its arguments
	 * @throws LaunchException if that does not tell
	 */
	static Program program(String classPath, String javaCommand) {
		if (classPath.isEmpty() || javaCommand.isEmpty()) {
			throw new LaunchException(
					"The launcher cannot tell how it was started: this JVM names neither class path nor main class.",
					"Start the application with 'java -jar' or 'java -cp'. Modular applications (java -m) are not supported.");
		}
		if (javaCommand.equals(classPath) || javaCommand.startsWith(classPath + " ")) {
			return new Program.Jar(Path.of(classPath));
		}
		int end = javaCommand.indexOf(' ');
		String mainClass = (end < 0) ? javaCommand : javaCommand.substring(0, end);
		return new Program.ClassPath(
				Arrays.stream(classPath.split(File.pathSeparator)).map(WorkerProgram::element).toList(), mainClass);
	}

	/** An empty one means the working directory. */
	private static Path element(String name) {
		return Path.of(name.isEmpty() ? "." : name);
	}

	private static Path java(ClusterProperties.Worker worker) {
		boolean configured = worker.javaHome() != null;
		Path home = (worker.javaHome() != null) ? worker.javaHome() : Path.of(System.getProperty("java.home"));
		for (String name : List.of("java", "java.exe")) {
			Path java = home.toAbsolutePath().resolve("bin").resolve(name);
			if (Files.isExecutable(java)) {
				return java;
			}
		}
		throw new LaunchException(
				"There is no Java installation for the workers: %s has no executable bin/java.".formatted(home),
				configured
						? "Set cluster.worker.java-home to the directory of a Java installation (the one that holds bin), "
								+ "or remove it to use the launcher's own."
						: "Set cluster.worker.java-home to the directory of a Java installation (the one that holds bin).");
	}

}

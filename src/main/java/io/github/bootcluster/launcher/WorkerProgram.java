package io.github.bootcluster.launcher;

import java.io.File;
import java.lang.management.ManagementFactory;
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
 * @param jvmArguments the arguments that all their JVMs have in common; may hold secrets
 * @param argumentFile the file that holds these
 * @param debugAgents further ones by which debuggers are let in, each JVM's at a port of
 * its own; so they are no part of what a start-up cache is made for
 * @param arguments those of the application
 * @param availableProcessors number of processors to share out
 */
record WorkerProgram(JavaInstallation java, List<String> jvmArguments, Path argumentFile, List<DebugAgent> debugAgents,
		List<String> arguments, int availableProcessors) {

	private static final Logger logger = LoggerFactory.getLogger(WorkerProgram.class);

	WorkerProgram {
		jvmArguments = List.copyOf(jvmArguments);
		debugAgents = List.copyOf(debugAgents);
		arguments = List.copyOf(arguments);
	}

	/**
	 * The command line of one of that many workers.
	 * @param more arguments for its JVM
	 */
	List<String> command(int workers, Release release, List<String> more) {
		List<String> command = java(workers, more);
		command.add("-jar");
		command.add(release.jar().toString());
		command.addAll(this.arguments);
		return command;
	}

	/**
	 * The beginning of that: the JVM alone. What the launcher has to say comes first: of
	 * several arguments that say the same the last one counts.
	 */
	List<String> java(int workers, List<String> more) {
		List<String> command = new ArrayList<>();
		command.add(this.java.executable().toString());
		command.addAll(JvmArguments.shareOfMachine(workers, this.availableProcessors));
		command.addAll(JvmArguments.defaults(this.java.version()));
		command.addAll(more);
		command.add("@" + this.argumentFile);
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
		List<String> configured = properties.worker().jvmArgs();
		jvmArguments.addAll(DebugAgent.without(configured));
		return new WorkerProgram(JavaInstallation.find(properties.worker()), jvmArguments,
				home.writeArguments(jvmArguments), DebugAgent.among(configured), arguments, availableProcessors);
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

}

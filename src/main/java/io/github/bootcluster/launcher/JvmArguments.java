package io.github.bootcluster.launcher;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Which of the launcher's own JVM arguments its workers get: those the program needs in
 * order to run (modules, agents, system properties, preview features). What sizes, tunes,
 * debugs or observes one JVM is meant for the launcher, and would take the same port,
 * file or share of memory in every worker; {@code cluster.worker.jvm-args} is the place
 * for the workers'.
 */
final class JvmArguments {

	private static final List<String> PASSED = List.of("-D", "--add-", "--patch-module", "--limit-modules",
			"--module-path", "--upgrade-module-path", "--enable-preview", "--enable-native-access",
			"--illegal-native-access", "--sun-misc-unsafe-memory-access", "--finalization", "-javaagent:",
			"-agentpath:", "-Xbootclasspath/", "-ea", "-enableassertions", "-da", "-disableassertions", "-esa", "-dsa",
			"-Xss", "-XX:+AllowEnhancedClassRedefinition", "-XX:+EnableDynamicAgentLoading");

	private static final List<String> KEPT_BY_LAUNCHER = List.of("-Dcom.sun.management.", "-Djava.rmi.server.");

	private static final int FIRST_WITH_COMPACT_HEADERS = 25;

	private JvmArguments() {
	}

	/** Those of the launcher's arguments that a worker gets, in order. */
	static List<String> forWorkers(List<String> launcherArguments) {
		return launcherArguments.stream().filter(JvmArguments::isPassed).toList();
	}

	/** Those that it does not get, in order. */
	static List<String> keptByLauncher(List<String> launcherArguments) {
		return launcherArguments.stream().filter((argument) -> !isPassed(argument)).toList();
	}

	/**
	 * What every worker is given for a fair share of the machine: together the workers
	 * may use half of the memory for their heaps, where each JVM alone would take a
	 * quarter, and each sizes its threads for its share of the processors. Two at least,
	 * since a JVM that sees one falls back to a serial collector. One that has run out of
	 * memory ends, for a new one to take its place: it cannot be trusted any more.
	 */
	static List<String> shareOfMachine(int workers, int availableProcessors) {
		List<String> arguments = new ArrayList<>();
		arguments.add("-XX:MaxRAMPercentage=" + Math.max(1.0, Math.round(500.0 / workers) / 10.0));
		arguments.add("-XX:ActiveProcessorCount=" + Math.max(2, (availableProcessors + workers - 1) / workers));
		arguments.add("-XX:+ExitOnOutOfMemoryError");
		return arguments;
	}

	/**
	 * What is better than a JVM's own defaults. Compact object headers are smaller, which
	 * counts N times (https://openjdk.org/jeps/519).
	 */
	static List<String> defaults(JavaInstallation.@Nullable Version version) {
		boolean compact = version != null && version.hotspot() && version.feature() >= FIRST_WITH_COMPACT_HEADERS;
		return compact ? List.of("-XX:+UseCompactObjectHeaders") : List.of();
	}

	private static boolean isPassed(String argument) {
		return PASSED.stream().anyMatch(argument::startsWith)
				&& KEPT_BY_LAUNCHER.stream().noneMatch(argument::startsWith) && !DebugAgent.isOne(argument);
	}

}

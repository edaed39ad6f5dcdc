package io.github.bootcluster.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What ties a program that knows nothing of its launcher to it, by two commands of Linux
 * in front of the program's own, where they are found:
 * <ul>
 * <li>{@code setpriv} asks the system for a TERM when the launcher dies, however that
 * happens. The system means the <em>thread</em> that started the program, so that must be
 * one that lives as long as the launcher: the supervisor's.</li>
 * <li>{@code setsid} gives the program a session of its own. Ctrl-C at the launcher's
 * terminal does not reach it, which leaves the launcher the time to drain it; and what
 * the program has started and left behind can be told by that session.</li>
 * </ul>
 *
 * @param prefix what to put in front of a command
 * @param ownSession whether each program leads a session
 */
record Tether(List<String> prefix, boolean ownSession) {

	private static final Logger logger = LoggerFactory.getLogger(Tether.class);

	private static final List<String> OWN_SESSION = List.of("setsid");

	private static final List<String> DIES_WITH_LAUNCHER = List.of("setpriv", "--pdeathsig", "TERM", "--");

	private static final int TRIAL_SECONDS = 5;

	Tether {
		prefix = List.copyOf(prefix);
	}

	/** Find out what this system has. */
	static Tether find() {
		boolean linux = "Linux".equals(System.getProperty("os.name"));
		boolean ownSession = linux && works(OWN_SESSION);
		boolean diesWithLauncher = linux && works(DIES_WITH_LAUNCHER);
		if (!diesWithLauncher) {
			logger.info("Without Linux's 'setpriv --pdeathsig' workers outlive a launcher that is killed with -9");
		}
		List<String> prefix = new ArrayList<>();
		if (ownSession) {
			prefix.addAll(OWN_SESSION);
		}
		if (diesWithLauncher) {
			prefix.addAll(DIES_WITH_LAUNCHER);
		}
		return new Tether(prefix, ownSession);
	}

	/**
	 * What to put in front of a command that does its work in the background: it shall
	 * take the processor from nobody, and be killed when the launcher is.
	 */
	static List<String> ofBackgroundWork() {
		return Stream
			.of(List.of("nice", "-n", "10", "setpriv", "--pdeathsig", "KILL", "--"), List.of("nice", "-n", "10"))
			.filter(Tether::works)
			.findFirst()
			.orElse(List.of());
	}

	/** Kill what a program whose process is gone has left behind. */
	void endWhatIsLeftOf(long pid) {
		if (!this.ownSession) {
			return;
		}
		Set<Long> killed = new HashSet<>();
		List<ProcessHandle> left;
		// Again for what was started while we looked; who is killed starts nothing.
		while (!(left = ProcessHandle.allProcesses()
			.filter((process) -> !killed.contains(process.pid()) && isLeftOf(pid, process.pid()))
			.toList()).isEmpty()) {
			left.forEach((process) -> {
				logger.warn("Process {}, left behind by a worker's process {}, is killed", process.pid(), pid);
				killed.add(process.pid());
				process.destroyForcibly();
			});
		}
	}

	private static boolean isLeftOf(long leader, long pid) {
		try {
			String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
			// Behind the command in parentheses: state, parent, process group, session.
			String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
			return Long.parseLong(fields[3]) == leader && !fields[0].equals("Z");
		}
		catch (NoSuchFileException ex) {
			// It has ended since it was listed.
			return false;
		}
		catch (IOException ex) {
			// So it has while its file was being read, or it is none of ours.
			logger.trace("Process {} cannot be looked at", pid, ex);
			return false;
		}
	}

	private static boolean works(List<String> prefix) {
		List<String> command = new ArrayList<>(prefix);
		command.add("true");
		try {
			Process trial = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			if (!trial.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS)) {
				trial.destroyForcibly();
				return false;
			}
			return trial.exitValue() == 0;
		}
		catch (IOException ex) {
			logger.debug("There is no {}", prefix.get(0), ex);
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while trying " + prefix.get(0), ex);
		}
	}

}

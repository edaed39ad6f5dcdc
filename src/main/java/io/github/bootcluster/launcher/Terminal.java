package io.github.bootcluster.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The terminal this process was started at, if it was. Tells the two meanings of a SIGHUP
 * apart: somebody sent it as a request, or the terminal is gone, as with a closed window
 * or a lost ssh connection. The system takes the terminal away from all processes of its
 * session before it signals them, and from then on it cannot be opened.
 * <p>
 * A shell may be faster than the system: when it ends, or is told to, it can pass a
 * SIGHUP on to its jobs while the terminal is still there, and end with it a little
 * later. Hence the patience one can have here.
 * <p>
 * A process without a terminal at its start (a service, a container, {@code setsid})
 * never loses one. Immutable.
 */
final class Terminal {

	/** The terminal of the process that opens it, whichever that is. */
	private static final Path OWN_TERMINAL = Path.of("/dev/tty");

	/** What can be opened as long as anything can. */
	private static final Path ALWAYS_THERE = Path.of("/dev/null");

	private static final long INTERVAL_MILLIS = 20;

	private final Path path;

	private final Path alwaysThere;

	private final boolean present;

	private Terminal(Path path, Path alwaysThere) {
		this.path = path;
		this.alwaysThere = alwaysThere;
		this.present = canBeOpened(path);
	}

	/** To be called at the launch: only what was there can be gone. */
	static Terminal ofThisProcess() {
		return at(OWN_TERMINAL, ALWAYS_THERE);
	}

	/**
	 * The terminal at a path.
	 * @param alwaysThere another file, to find out whether files can be opened at all
	 */
	static Terminal at(Path path, Path alwaysThere) {
		return new Terminal(path, alwaysThere);
	}

	/** Whether there was a terminal at the launch and is none now. */
	boolean isGone() {
		// Without the second look, a process out of file descriptors would take a request
		// for a hangup. The reason is no help: its text depends on the language.
		return this.present && !canBeOpened(this.path) && canBeOpened(this.alwaysThere);
	}

	/**
	 * Whether the terminal is gone or goes soon. Answers at once where there was none.
	 * @param patience how long to wait for it to go
	 */
	boolean isGoneWithin(Duration patience) throws InterruptedException {
		long begin = System.nanoTime();
		while (this.present && !isGone()) {
			if (System.nanoTime() - begin >= patience.toNanos()) {
				return false;
			}
			TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
		}
		return this.present;
	}

	private static boolean canBeOpened(Path path) {
		try {
			FileChannel.open(path).close();
			return true;
		}
		catch (IOException ex) {
			// Missing (Windows has no such file), or "No such device or address".
			return false;
		}
	}

}

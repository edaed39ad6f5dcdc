package io.github.bootcluster.ctl;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import io.github.bootcluster.control.ControlMessage.Ask;
import io.github.bootcluster.control.ControlMessage.Presumption;
import io.github.bootcluster.control.OperatorClient;
import io.github.bootcluster.control.OperatorReply;
import org.jspecify.annotations.Nullable;

/**
 * One question to a launcher, and what it says printed. On the way to an answer it loads
 * as little as can be: the operator waits for that.
 */
final class Call {

	/** The launcher could not confirm that it is the one that was meant. */
	static final int NOT_CONFIRMED = -1;

	private static final long PAUSE_MILLIS = 10;

	/** For a process whose connection has ended, and that is all but gone. */
	private static final long EXIT_MILLIS = 2000;

	private final Console console;

	private final Path home;

	private final List<String> words;

	private final @Nullable Presumption presumption;

	/**
	 * Create a call.
	 * @param presumption what the launcher must confirm, or {@code null} if it is meant
	 * for sure
	 */
	Call(Console console, Path home, List<String> words, @Nullable Presumption presumption) {
		this.console = console;
		this.home = home;
		this.words = words;
		this.presumption = presumption;
	}

	/** The socket of the launcher that uses a home. */
	static Path socket(Path home) {
		return home.resolve("control.sock");
	}

	/**
	 * Ask, and print the answer.
	 * @param redraw put before what is printed, as one piece with it, or {@code null} to
	 * print what comes as it comes
	 * @return the status to exit with, or {@link #NOT_CONFIRMED}
	 * @throws UnreadOutputException if nobody reads it: whoever watches has had enough
	 */
	int run(@Nullable String redraw) throws UnreadOutputException {
		Path socket = socket(this.home);
		if (Files.notExists(socket)) {
			return noLauncher();
		}
		if (!Files.isWritable(socket)) {
			this.console.complain("This user may not command the cluster of " + this.home.toAbsolutePath().normalize()
					+ ": only the owner of that directory, and root.\n");
			return ExitStatus.REFUSED;
		}
		Ask ask = new Ask(this.words, this.console.screen(), ProcessHandle.current().pid(), this.presumption);
		try (OperatorClient launcher = OperatorClient.ask(socket, ask)) {
			return (redraw == null) ? print(launcher) : printAtOnce(launcher, redraw);
		}
		catch (ConnectException ex) {
			return noLauncher();
		}
		catch (UnreadOutputException ex) {
			throw ex;
		}
		catch (EOFException ex) {
			this.console
				.complain("The launcher closed the connection before it had answered: it ended, or its answer was "
						+ "not read for 30 seconds, or it could not serve this, which its log would tell.\n");
			return ExitStatus.FAILED;
		}
		catch (IOException ex) {
			this.console.complain("No answer from the launcher of " + this.home.toAbsolutePath().normalize() + ": "
					+ ex.getMessage() + "\n");
			return ExitStatus.FAILED;
		}
	}

	private int print(OperatorClient launcher) throws IOException {
		while (true) {
			OperatorReply reply = launcher.read();
			if (reply instanceof OperatorReply.Text text) {
				print(text);
			}
			else if (reply instanceof OperatorReply.End end) {
				return end.status();
			}
			else if (reply instanceof OperatorReply.Farewell farewell) {
				awaitEnd(launcher, farewell.pid());
				this.console.print(farewell.text());
				return ExitStatus.DONE;
			}
			else {
				return NOT_CONFIRMED;
			}
		}
	}

	private int printAtOnce(OperatorClient launcher, String redraw) throws IOException {
		StringBuilder all = new StringBuilder(redraw);
		while (true) {
			OperatorReply reply = launcher.read();
			if (reply instanceof OperatorReply.Text text && !text.error()) {
				all.append(text.text());
			}
			else if (reply instanceof OperatorReply.Text complaint) {
				print(complaint);
			}
			else if (reply instanceof OperatorReply.End end) {
				this.console.print(all.toString());
				return end.status();
			}
			else {
				return NOT_CONFIRMED;
			}
		}
	}

	private void print(OperatorReply.Text text) throws IOException {
		if (text.error()) {
			this.console.complain(text.text());
		}
		else {
			this.console.print(text.text());
		}
	}

	private static void awaitEnd(OperatorClient launcher, long pid) throws IOException {
		try {
			while (true) {
				launcher.read();
			}
		}
		catch (EOFException ex) {
			// The system closes what a process has open a little before that is gone.
			awaitExit(pid);
		}
	}

	/**
	 * Not for ever: the number may be that of another process by now, or have another
	 * meaning here than in the launcher's container.
	 */
	private static void awaitExit(long pid) {
		Optional<ProcessHandle> process = ProcessHandle.of(pid);
		long begun = System.nanoTime();
		try {
			while (process.isPresent() && process.get().isAlive()
					&& System.nanoTime() - begun < EXIT_MILLIS * 1_000_000) {
				Thread.sleep(PAUSE_MILLIS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private int noLauncher() {
		this.console.complain("No launcher runs with the cluster home " + this.home.toAbsolutePath().normalize()
				+ ". Start one, or give the home of the one that is meant: --cluster.home=DIRECTORY\n");
		return ExitStatus.NO_LAUNCHER;
	}

}

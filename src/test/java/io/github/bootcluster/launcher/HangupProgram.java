package io.github.bootcluster.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.control.ProcessSignals;

/**
 * Reports to a file what it takes its first SIGHUP for: its pid, what the terminal is
 * like when the signal comes, and the decision. Arguments are the file and how many
 * milliseconds it has patience.
 */
final class HangupProgram {

	private HangupProgram() {
	}

	public static void main(String[] arguments) throws InterruptedException {
		Path report = Path.of(arguments[0]);
		Duration patience = Duration.ofMillis(Long.parseLong(arguments[1]));
		Terminal terminal = Terminal.ofThisProcess();
		CountDownLatch signalled = new CountDownLatch(1);
		ProcessSignals.handle("HUP", signalled::countDown);
		append(report, "pid " + ProcessHandle.current().pid());
		// Not forever: a test that fails may not come to end it.
		if (signalled.await(2, TimeUnit.MINUTES)) {
			append(report, terminal.isGone() ? "without terminal" : "with terminal or none ever");
			append(report, terminal.isGoneWithin(patience) ? "gone" : "reload");
		}
	}

	private static void append(Path report, String line) {
		try {
			Files.writeString(report, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

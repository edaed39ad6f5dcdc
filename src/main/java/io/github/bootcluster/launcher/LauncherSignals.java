package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.ClusterOperations;
import io.github.bootcluster.control.ProcessSignals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What signals mean to a launcher, as to the servers operators know: TERM and INT end it,
 * HUP reloads it, TTIN and TTOU give it a worker more or fewer. Where signals cannot be
 * handled ({@code -Xrs}) the JVM's own handling stays: it stops gracefully too, with
 * status 143 or 130.
 * <p>
 * The first TERM or INT begins a graceful stop with exit status 0; the same one again
 * means that the operator does not want to wait. Another one is not taken for that:
 * Maven's run goal sends TERM by itself, seconds after a Ctrl-C.
 * <p>
 * A HUP may also come of a terminal that was closed: then there is nobody left to serve
 * for, and it is a stop. (A launcher that shall outlive its terminal is started with
 * {@code nohup}, and then no HUP reaches it at all.)
 */
final class LauncherSignals {

	private static final Logger logger = LoggerFactory.getLogger(LauncherSignals.class);

	/** A shell may pass on a HUP a moment before its terminal is gone. */
	private static final Duration PATIENCE = Duration.ofMillis(500);

	private final Runnable impatient;

	private final ClusterOperations operations;

	private final Terminal terminal;

	private final AtomicBoolean stopping = new AtomicBoolean();

	private LauncherSignals(Runnable impatient, ClusterOperations operations, Terminal terminal) {
		this.impatient = impatient;
		this.operations = operations;
		this.terminal = terminal;
	}

	/**
	 * Install the handlers.
	 * @param impatient what the same signal does a second time
	 * @return what else can stop the launcher
	 */
	static LauncherSignals handle(Runnable impatient, ClusterOperations operations, Terminal terminal) {
		LauncherSignals signals = new LauncherSignals(impatient, operations, terminal);
		for (String name : List.of("TERM", "INT")) {
			AtomicInteger arrivals = new AtomicInteger();
			ProcessSignals.handle(name, () -> signals.end(name, arrivals.incrementAndGet()));
		}
		if (!ProcessSignals.handle("HUP", signals::hangUp)) {
			logger.info("SIGHUP does not reload this cluster: this system has none, or it is ignored (nohup, -Xrs)");
		}
		ProcessSignals.handle("TTIN", () -> signals.command(new ClusterCommand.ScaleBy(1), "TTIN"));
		ProcessSignals.handle("TTOU", () -> signals.command(new ClusterCommand.ScaleBy(-1), "TTOU"));
		return signals;
	}

	/** Begin a graceful stop that was not asked for by a signal. */
	void stopFor(String source) {
		if (!stop("Stop (by %s): stopping gracefully".formatted(source))) {
			logger.info("Stop (by {}): stopping already", source);
		}
	}

	private void end(String name, int arrival) {
		if (arrival > 1) {
			logger.warn("SIG{} again: stopping at once", name);
			this.impatient.run();
		}
		else if (!stop("SIG%s: stopping gracefully; SIG%s again stops at once".formatted(name, name))) {
			logger.info("SIG{}: stopping already", name);
		}
	}

	/** Each signal has a thread of its own: this one may wait. */
	private void hangUp() {
		try {
			if (this.terminal.isGoneWithin(PATIENCE)) {
				stop("SIGHUP, and the terminal is gone: stopping gracefully");
			}
			else {
				command(new ClusterCommand.Reload(), "HUP");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			logger.warn("Interrupted while finding out what SIGHUP means: ignored");
		}
	}

	private void command(ClusterCommand command, String name) {
		this.operations.execute(command, false, "SIG" + name);
	}

	private boolean stop(String why) {
		boolean first = this.stopping.compareAndSet(false, true);
		if (first) {
			logger.info(why);
			new Thread(() -> System.exit(0), "cluster-stop").start();
		}
		return first;
	}

}

package io.github.bootcluster.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.bootcluster.OutputLines;
import io.github.bootcluster.WorkerSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running worker and the thread that carries its output. */
final class WorkerProcess {

	private static final Logger logger = LoggerFactory.getLogger(WorkerProcess.class);

	private static final Duration OUTPUT_TIMEOUT = Duration.ofSeconds(1);

	private final Process process;

	private final OutputPump output;

	private final Thread pump;

	private final OutputTail tail;

	/** Whether somebody has waited for the rest of the output. Set by any thread. */
	private final AtomicBoolean awaited = new AtomicBoolean();

	private WorkerProcess(Process process, OutputPump output, Thread pump, OutputTail tail) {
		this.process = process;
		this.output = output;
		this.pump = pump;
		this.tail = tail;
	}

	static WorkerProcess start(ProcessBuilder builder, WorkerSpec spec, OutputStream console) throws IOException {
		Process process = builder.redirectErrorStream(true).start();
		try {
			process.getOutputStream().close();
			OutputTail tail = new OutputTail();
			OutputPump output = new OutputPump(labelOf(spec.slot()), process.getInputStream(), console, tail);
			Thread pump = new Thread(output, "cluster-output-" + spec.id());
			pump.setDaemon(true);
			pump.start();
			return new WorkerProcess(process, output, pump, tail);
		}
		catch (IOException | RuntimeException | Error ex) {
			// Nobody would know of it.
			process.destroyForcibly();
			throw ex;
		}
	}

	/** It has got a slot: what it writes from now on is marked with that. */
	void seated(int slot) {
		this.output.label(labelOf(slot));
	}

	long pid() {
		return this.process.pid();
	}

	/** Completed with the exit status once the process is gone. */
	CompletableFuture<Integer> exit() {
		return this.process.onExit().thenApply(Process::exitValue);
	}

	/**
	 * A JVM answers SIGQUIT with a thread dump, as one of its lines of output.
	 * @return whether it was sent one
	 */
	boolean dumpThreads() {
		if (!this.process.supportsNormalTermination()) {
			logger.info("No thread dump of process {}: this system has no SIGQUIT", pid());
			return false;
		}
		if (!SignalMask.catchesQuit(pid())) {
			logger.info("No thread dump of process {}: SIGQUIT would end it (-Xrs?)", pid());
			return false;
		}
		try {
			new ProcessBuilder("kill", "-QUIT", Long.toString(pid())).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			return true;
		}
		catch (IOException ex) {
			logger.warn("No thread dump of process {}: {}", pid(), ex.getMessage());
			return false;
		}
	}

	void terminate() {
		this.process.destroy();
	}

	/** Kill it with all that it has started: it can no more do so itself. */
	void kill() {
		if (this.process.isAlive()) {
			List<ProcessHandle> descendants = this.process.descendants().toList();
			this.process.destroyForcibly();
			descendants.forEach(ProcessHandle::destroyForcibly);
		}
	}

	/** Wait for the process to be gone. */
	boolean awaitExit(Duration timeout) throws InterruptedException {
		return this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * The lines it wrote after one of them; once it has ended, all of them: the first to
	 * ask then may have to wait a moment for the pump. Not longer, and nobody a second
	 * time: a child of the worker may hold its output open for ever.
	 */
	OutputLines linesAfter(long number) {
		if (!this.process.isAlive() && this.awaited.compareAndSet(false, true)) {
			awaitOutput();
		}
		return this.tail.after(number);
	}

	private static String labelOf(int slot) {
		return (slot == WorkerSnapshot.NO_SLOT) ? "standby" : "worker-" + slot;
	}

	private void awaitOutput() {
		try {
			this.pump.join(OUTPUT_TIMEOUT.toMillis());
		}
		catch (InterruptedException ex) {
			// The lines so far will have to do.
			Thread.currentThread().interrupt();
		}
	}

}

package io.github.bootcluster.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import io.github.bootcluster.OutputLines;
import io.github.bootcluster.console.OutputPump;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running worker and the thread that carries its output. */
final class WorkerProcess {

	private static final Logger logger = LoggerFactory.getLogger(WorkerProcess.class);

	/** Longer than a console that is stuck keeps a pump. */
	private static final Duration OUTPUT_TIMEOUT = Duration.ofSeconds(2);

	private final Process process;

	private final OutputPump output;

	/** Whether somebody has waited for the rest of the output. Set by any thread. */
	private final AtomicBoolean awaited = new AtomicBoolean();

	private WorkerProcess(Process process, OutputPump output) {
		this.process = process;
		this.output = output;
	}

	/**
	 * Start a worker.
	 * @param reader begins to read its output
	 */
	static WorkerProcess start(ProcessBuilder builder, Function<InputStream, OutputPump> reader) throws IOException {
		Process process = builder.redirectErrorStream(true).start();
		try {
			process.getOutputStream().close();
			return new WorkerProcess(process, reader.apply(process.getInputStream()));
		}
		catch (IOException | RuntimeException | Error ex) {
			// Nobody would know of it.
			process.destroyForcibly();
			throw ex;
		}
	}

	/** It has got a slot: what it writes from now on tells so. */
	void seated(int slot) {
		this.output.seated(slot);
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
		return this.output.linesAfter(number);
	}

	private void awaitOutput() {
		try {
			this.output.awaitEnd(OUTPUT_TIMEOUT);
		}
		catch (InterruptedException ex) {
			// The lines so far will have to do.
			Thread.currentThread().interrupt();
		}
	}

}

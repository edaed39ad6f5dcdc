package io.github.bootcluster.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running worker and the thread that carries its output. */
final class WorkerProcess {

	private static final Logger logger = LoggerFactory.getLogger(WorkerProcess.class);

	private final Process process;

	private final Thread pump;

	private final OutputTail tail;

	private WorkerProcess(Process process, Thread pump, OutputTail tail) {
		this.process = process;
		this.pump = pump;
		this.tail = tail;
	}

	static WorkerProcess start(ProcessBuilder builder, WorkerSpec spec, OutputStream console) throws IOException {
		Process process = builder.redirectErrorStream(true).start();
		try {
			process.getOutputStream().close();
			OutputTail tail = new OutputTail();
			Thread pump = new Thread(new OutputPump("worker-" + spec.slot(), process.getInputStream(), console, tail),
					"cluster-output-" + spec.id());
			pump.setDaemon(true);
			pump.start();
			return new WorkerProcess(process, pump, tail);
		}
		catch (IOException | RuntimeException | Error ex) {
			// Nobody would know of it.
			process.destroyForcibly();
			throw ex;
		}
	}

	long pid() {
		return this.process.pid();
	}

	/** Completed with the exit status once the process is gone. */
	CompletableFuture<Integer> exit() {
		return this.process.onExit().thenApply(Process::exitValue);
	}

	/** A JVM answers SIGQUIT with a thread dump, as one of its lines of output. */
	void dumpThreads() {
		if (!this.process.supportsNormalTermination()) {
			logger.info("No thread dump of process {}: this system has no SIGQUIT", pid());
			return;
		}
		try {
			new ProcessBuilder("kill", "-QUIT", Long.toString(pid())).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
		}
		catch (IOException ex) {
			logger.warn("No thread dump of process {}: {}", pid(), ex.getMessage());
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

	boolean hasEnded() {
		return !this.process.isAlive();
	}

	/** Wait for the process to be gone. */
	boolean awaitExit(Duration timeout) throws InterruptedException {
		return this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * The last lines it wrote. After its exit they are complete as soon as the pump has
	 * read what is left, unless a child of the worker still holds its output.
	 */
	List<String> lastLines() {
		return this.tail.lines();
	}

	/** Wait for the pump to reach the end of the output. */
	void awaitOutput(Duration timeout) {
		try {
			this.pump.join(timeout.toMillis());
		}
		catch (InterruptedException ex) {
			// The lines so far will have to do.
			Thread.currentThread().interrupt();
		}
	}

}

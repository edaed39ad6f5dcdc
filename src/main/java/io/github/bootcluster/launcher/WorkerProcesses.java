package io.github.bootcluster.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.LogOrigin;
import io.github.bootcluster.OutputLines;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerOutput;
import io.github.bootcluster.console.Console;
import io.github.bootcluster.console.OutputPump;

/** Carries out the supervisor's orders on real processes. */
final class WorkerProcesses implements Orders, WorkerOutput, AutoCloseable {

	private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);

	private final WorkerKind kind;

	private final Consumer<Fact> facts;

	private final Console console;

	private final WarmUpRequests warmUps;

	/** Written by the supervisor's thread, read by any. */
	private final Map<WorkerId, WorkerProcess> processes = new ConcurrentHashMap<>();

	/** Guarded by this. */
	private boolean closed;

	/**
	 * Create the processes' keeper; none is started yet.
	 * @param facts is told of every exit, and of the end of every warm-up
	 */
	WorkerProcesses(WorkerKind kind, ClusterProperties.WarmUp warmUp, Consumer<Fact> facts, Console console) {
		this.kind = kind;
		this.facts = facts;
		this.console = console;
		this.warmUps = new WarmUpRequests(warmUp, facts);
	}

	@Override
	public void stage(int generation) {
		this.kind.stage(generation);
	}

	@Override
	public void retain(Set<Integer> generations) {
		this.kind.retain(generations);
	}

	@Override
	public long start(WorkerSpec spec) throws WorkerStartException {
		return start(spec, this.kind::prepare, this.console::show);
	}

	@Override
	public boolean lacksStartupCache(int generation) {
		return this.kind.lacksStartupCache(generation);
	}

	/** What it says at its start, others have said before it. */
	@Override
	public long train(WorkerSpec spec) throws WorkerStartException {
		return start(spec, this.kind::prepareTraining, this.console::hide);
	}

	private synchronized long start(WorkerSpec spec, Recipe recipe,
			BiFunction<InputStream, LogOrigin, OutputPump> reader) throws WorkerStartException {
		if (this.closed) {
			throw new WorkerStartException(spec, new IOException("the launcher is closing"));
		}
		try {
			WorkerProcess process = WorkerProcess.start(recipe.prepare(spec),
					(output) -> reader.apply(output, originOf(spec)));
			this.processes.put(spec.id(), process);
			this.kind.started(spec, process.pid());
			process.exit().thenAccept((status) -> exited(spec.id(), status));
			return process.pid();
		}
		catch (IOException | RuntimeException | Error ex) {
			// An Error too: out of threads is not a reason to supervise no more.
			WorkerProcess unwatched = this.processes.remove(spec.id());
			if (unwatched != null) {
				unwatched.kill();
			}
			this.kind.ended(spec.id(), -1);
			throw new WorkerStartException(spec, ex);
		}
	}

	@Override
	public void welcome(WorkerSpec spec, ClusterSnapshot snapshot) {
		this.kind.welcome(spec, snapshot);
	}

	@Override
	public void warmUp(WorkerSpec spec, int port) {
		this.warmUps.begin(spec.id(), port);
	}

	@Override
	public void endWarmUp(WorkerId worker) {
		this.warmUps.end(worker);
	}

	@Override
	public void seated(WorkerId worker, int slot) {
		process(worker).seated(slot);
	}

	@Override
	public void lead(WorkerId worker, long term) {
		this.kind.lead(worker, term);
	}

	@Override
	public void resign(WorkerId worker, long term) {
		this.kind.resign(worker, term);
	}

	@Override
	public void shutDown(WorkerId worker) {
		if (!this.kind.askToEnd(worker)) {
			process(worker).terminate();
		}
	}

	@Override
	public boolean dumpThreads(WorkerId worker) {
		return this.kind.dumpsThreadsWhenAsked() && process(worker).dumpThreads();
	}

	/**
	 * Likewise, at the wish of somebody else than the supervisor; called by any thread.
	 * @return whether it was told to
	 */
	boolean signalForThreads(WorkerId worker) {
		WorkerProcess process = this.processes.get(worker);
		return process != null && this.kind.dumpsThreadsWhenAsked() && process.dumpThreads();
	}

	@Override
	public void terminate(WorkerId worker) {
		process(worker).terminate();
	}

	@Override
	public void kill(WorkerId worker) {
		process(worker).kill();
	}

	@Override
	public String whyNotReady(WorkerId worker) {
		return this.kind.whyNotReady(worker);
	}

	@Override
	public void forget(WorkerId worker) {
		this.processes.remove(worker);
	}

	@Override
	public OutputLines linesAfter(WorkerId worker, long number) {
		WorkerProcess process = this.processes.get(worker);
		return (process != null) ? process.linesAfter(number) : OutputLines.NONE;
	}

	/** Kill all that still run. For an impatient operator: their exits are reported. */
	void killAll() {
		this.processes.values().forEach(WorkerProcess::kill);
	}

	/** Kill all that still run and wait until they are gone; none is started any more. */
	@Override
	public synchronized void close() throws InterruptedException {
		this.closed = true;
		killAll();
		for (WorkerProcess process : this.processes.values()) {
			process.awaitExit(KILL_TIMEOUT);
		}
	}

	/** Cleaned up first: once the last worker's exit is known, the launcher may end. */
	private void exited(WorkerId worker, int status) {
		try {
			this.kind.ended(worker, status);
		}
		finally {
			this.facts.accept(new Fact.Exited(worker, status));
		}
	}

	private static LogOrigin originOf(WorkerSpec spec) {
		return LogOrigin.worker(spec.id(), spec.slot(), spec.generation());
	}

	private WorkerProcess process(WorkerId worker) {
		WorkerProcess process = this.processes.get(worker);
		if (process == null) {
			throw new IllegalStateException("Worker " + worker + " has no process");
		}
		return process;
	}

	/** Prepares a process. */
	@FunctionalInterface
	private interface Recipe {

		ProcessBuilder prepare(WorkerSpec spec) throws IOException;

	}

}

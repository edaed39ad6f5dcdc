package io.github.bootcluster.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerOutput;
import io.github.bootcluster.control.ControlAddress;
import io.github.bootcluster.control.ControlMessage.ShutDown;
import io.github.bootcluster.control.ControlMessage.Welcome;
import io.github.bootcluster.control.ControlServer;

/** Carries out the supervisor's orders on real processes. */
final class WorkerProcesses implements Orders, WorkerOutput, AutoCloseable {

	/** Would act on every worker what was meant for the launcher's JVM. */
	private static final List<String> JVM_VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

	private static final Duration OUTPUT_TIMEOUT = Duration.ofSeconds(1);

	private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);

	private final WorkerProgram program;

	private final ClusterProperties.Worker settings;

	private final ControlServer control;

	private final Path controlSocket;

	private final CompletionStage<Function<WorkerSpec, Map<String, String>>> workerProperties;

	private final Consumer<Fact> facts;

	private final OutputStream console;

	/** Written by the supervisor's thread, read by any. */
	private final Map<WorkerId, WorkerProcess> processes = new ConcurrentHashMap<>();

	/** Guarded by this. */
	private boolean closed;

	/**
	 * Create the processes' keeper; none is started yet.
	 * @param workerProperties gives each worker its Spring properties; may complete after
	 * workers were started, which then wait for it
	 * @param facts is told of every exit
	 */
	WorkerProcesses(WorkerProgram program, ClusterProperties.Worker settings, ControlServer control, Path controlSocket,
			CompletionStage<Function<WorkerSpec, Map<String, String>>> workerProperties, Consumer<Fact> facts,
			OutputStream console) {
		this.program = program;
		this.settings = settings;
		this.control = control;
		this.controlSocket = controlSocket;
		this.workerProperties = workerProperties;
		this.facts = facts;
		this.console = console;
	}

	@Override
	public synchronized long start(WorkerSpec spec) throws WorkerStartException {
		if (this.closed) {
			throw new WorkerStartException(spec, new IOException("the launcher is closing"));
		}
		String credential = this.control.admit(spec.id());
		ControlAddress address = new ControlAddress(this.controlSocket, spec.id(), credential);
		try {
			WorkerProcess process = WorkerProcess.start(this.program, spec,
					(environment) -> prepare(environment, address), this.console);
			this.processes.put(spec.id(), process);
			process.exit().thenAccept((status) -> {
				this.control.dismiss(spec.id());
				this.facts.accept(new Fact.Exited(spec.id(), status));
			});
			return process.pid();
		}
		catch (IOException | RuntimeException | Error ex) {
			// An Error too: out of threads is not a reason to supervise no more.
			this.control.dismiss(spec.id());
			throw new WorkerStartException(spec, ex);
		}
	}

	@Override
	public void welcome(WorkerSpec spec, ClusterSnapshot snapshot) {
		this.workerProperties.thenAccept((properties) -> this.control.send(spec.id(),
				new Welcome(spec.slot(), spec.generation(), this.settings.heartbeatInterval().toMillis(),
						this.settings.stopTimeout().toMillis(), properties.apply(spec), snapshot)));
	}

	@Override
	public void shutDown(WorkerId worker) {
		if (!this.control.send(worker, new ShutDown())) {
			process(worker).terminate();
		}
	}

	@Override
	public void dumpThreads(WorkerId worker) {
		process(worker).dumpThreads();
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
	public void forget(WorkerId worker) {
		this.processes.remove(worker);
	}

	@Override
	public List<String> lastLines(WorkerId worker) {
		WorkerProcess process = this.processes.get(worker);
		return (process != null) ? process.lastLines() : List.of();
	}

	/** The last lines of a worker that exited, waiting a moment for the rest of them. */
	List<String> finalLines(WorkerId worker) {
		WorkerProcess process = this.processes.get(worker);
		if (process == null) {
			return List.of();
		}
		process.awaitOutput(OUTPUT_TIMEOUT);
		return process.lastLines();
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

	private WorkerProcess process(WorkerId worker) {
		WorkerProcess process = this.processes.get(worker);
		if (process == null) {
			throw new IllegalStateException("Worker " + worker + " has no process");
		}
		return process;
	}

	private void prepare(Map<String, String> environment, ControlAddress address) {
		JVM_VARIABLES.forEach(environment::remove);
		environment.putAll(this.settings.environment());
		address.addTo(environment);
	}

}

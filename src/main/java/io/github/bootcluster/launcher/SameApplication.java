package io.github.bootcluster.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlAddress;
import io.github.bootcluster.control.ControlMessage.Lead;
import io.github.bootcluster.control.ControlMessage.Resign;
import io.github.bootcluster.control.ControlMessage.ShutDown;
import io.github.bootcluster.control.ControlMessage.Welcome;
import io.github.bootcluster.control.ControlServer;
import io.github.bootcluster.release.Release;

/**
 * Workers that are this application again: they join the launcher over the control socket
 * and tell of themselves there.
 */
final class SameApplication implements WorkerKind {

	/**
	 * Workers that make a start-up cache. Filled by the supervisor's thread, emptied by
	 * any.
	 */
	private final Map<WorkerId, WorkerSpec> trainees = new ConcurrentHashMap<>();

	private final WorkerProgram program;

	private final Stages stages;

	private final StartupCaches caches;

	private final DebugPorts debugPorts;

	private final TemporaryDirectories temporary;

	private final ClusterProperties.Worker settings;

	private final ControlServer control;

	private final Path controlSocket;

	private final CompletionStage<Function<WorkerSpec, Map<String, String>>> workerProperties;

	/**
	 * Create the kind.
	 * @param workerProperties gives each worker its Spring properties; may complete after
	 * workers were started, which then wait for it
	 */
	SameApplication(WorkerProgram program, Stages stages, StartupCaches caches, TemporaryDirectories temporary,
			ClusterProperties.Worker settings, ControlServer control, Path controlSocket,
			CompletionStage<Function<WorkerSpec, Map<String, String>>> workerProperties) {
		this.program = program;
		this.stages = stages;
		this.caches = caches;
		this.debugPorts = new DebugPorts(program.debugAgents());
		this.temporary = temporary;
		this.settings = settings;
		this.control = control;
		this.controlSocket = controlSocket;
		this.workerProperties = workerProperties;
	}

	@Override
	public void stage(int generation) {
		this.stages.stage(generation);
	}

	@Override
	public void retain(Set<Integer> generations) {
		this.stages.retain(generations);
	}

	@Override
	public void launched() {
		this.stages.afterwards(1, OwnProgram::loadNeededClasses);
	}

	@Override
	public ProcessBuilder prepare(WorkerSpec spec) throws IOException {
		Release release = this.stages.of(spec.generation());
		List<String> arguments = new ArrayList<>(this.debugPorts.argumentsFor(spec));
		arguments.addAll(this.caches.argumentsFor(spec.id(), release));
		arguments.add(temporaryDirectory(spec));
		return process(spec, this.program.command(spec.workers(), release, arguments));
	}

	@Override
	public boolean lacksStartupCache(int generation) {
		return this.caches.isMissing(this.stages.of(generation));
	}

	/** It lets no debugger in: nobody would know of it, and it could wait for one. */
	@Override
	public ProcessBuilder prepareTraining(WorkerSpec spec) throws IOException {
		Release release = this.stages.of(spec.generation());
		List<String> arguments = new ArrayList<>(this.caches.trainingArguments(release));
		arguments.add(temporaryDirectory(spec));
		List<String> command = new ArrayList<>(this.caches.trainingPrefix());
		command.addAll(this.program.command(spec.workers(), release, arguments));
		this.trainees.put(spec.id(), spec);
		return process(spec, command);
	}

	/** One the operator names among the JVM's arguments comes later, and counts. */
	private String temporaryDirectory(WorkerSpec spec) throws IOException {
		return "-Djava.io.tmpdir=" + this.temporary.create(spec.id());
	}

	private ProcessBuilder process(WorkerSpec spec, List<String> command) {
		String credential = this.control.admit(spec.id());
		ProcessBuilder builder = new ProcessBuilder(command);
		WorkerEnvironment.prepare(builder.environment(), this.settings);
		new ControlAddress(this.controlSocket, spec.id(), credential).addTo(builder.environment());
		return builder;
	}

	@Override
	public void started(WorkerSpec spec, long pid) {
		// It will call.
	}

	@Override
	public void ended(WorkerId worker, int status) {
		this.control.dismiss(worker);
		this.caches.ended(worker, status);
		this.debugPorts.ended(worker);
		this.temporary.delete(worker);
		WorkerSpec trainee = this.trainees.remove(worker);
		if (trainee != null) {
			this.stages.afterwards(trainee.generation(), (release) -> {
				if (status == 0) {
					this.caches.complete(release, trainee.workers());
				}
				else {
					this.caches.discard(release);
				}
			});
		}
	}

	@Override
	public void welcome(WorkerSpec spec, ClusterSnapshot snapshot) {
		this.caches.joined(spec.id());
		this.workerProperties.thenAccept((properties) -> this.control.send(spec.id(),
				new Welcome(spec.slot(), spec.generation(), this.settings.heartbeatInterval().toMillis(),
						this.settings.stopTimeout().toMillis(), properties.apply(spec), snapshot)));
	}

	@Override
	public void lead(WorkerId worker, long term) {
		this.control.send(worker, new Lead(term));
	}

	@Override
	public void resign(WorkerId worker, long term) {
		this.control.send(worker, new Resign(term));
	}

	@Override
	public boolean askToEnd(WorkerId worker) {
		return this.control.send(worker, new ShutDown());
	}

	@Override
	public boolean dumpsThreadsWhenAsked() {
		return true;
	}

	@Override
	public String whyNotReady(WorkerId worker) {
		return "";
	}

	@Override
	public String howToTryAlone() {
		return "The application can be tried alone, without the profile 'launcher'.";
	}

}

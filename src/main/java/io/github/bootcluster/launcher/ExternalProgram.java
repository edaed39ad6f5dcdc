package io.github.bootcluster.launcher;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlAddress;
import org.jspecify.annotations.Nullable;

/**
 * Workers that are any HTTP program. They know of no launcher: each is given a port, and
 * probed there for what the same application would tell of itself.
 */
final class ExternalProgram implements WorkerKind {

	private final ExternalCommand command;

	private final ClusterProperties.Worker settings;

	private final Tether tether;

	private final Prober prober;

	private final Consumer<Fact> facts;

	/** Filled by the supervisor's thread, emptied by any. */
	private final Map<WorkerId, Watch> watches = new ConcurrentHashMap<>();

	ExternalProgram(ExternalCommand command, ClusterProperties.Worker settings, Tether tether, Consumer<Fact> facts) {
		this.command = command;
		this.settings = settings;
		this.tether = tether;
		this.prober = Prober.of(settings.readinessPath());
		this.facts = facts;
	}

	/** What it is made of, the command alone knows. */
	@Override
	public void stage(int generation) {
		this.facts.accept(new Fact.Staged(generation, ""));
	}

	@Override
	public void retain(Set<Integer> generations) {
		// Nothing was put aside.
	}

	@Override
	public void launched() {
		// Nothing has waited for it.
	}

	@Override
	public ProcessBuilder prepare(WorkerSpec spec) throws IOException {
		int port = FreePort
			.choose(this.watches.values().stream().map((watch) -> watch.probe().port()).collect(Collectors.toSet()));
		Probe probe = new Probe(spec.id(), port, this.settings.heartbeatInterval(), this.facts);
		this.watches.put(spec.id(), new Watch(probe, null, 0));
		List<String> words = new ArrayList<>(this.tether.prefix());
		words.addAll(this.command.at(port));
		ProcessBuilder builder = new ProcessBuilder(words);
		WorkerEnvironment.prepare(builder.environment(), this.settings);
		builder.environment().put("PORT", Integer.toString(port));
		// Should it have this library too, it must be no launcher of its own.
		ControlAddress.mark(builder.environment(), spec.id());
		return builder;
	}

	@Override
	public boolean lacksStartupCache(int generation) {
		return false;
	}

	@Override
	public ProcessBuilder prepareTraining(WorkerSpec spec) {
		throw new IllegalStateException("What this program starts faster from, it alone knows");
	}

	@Override
	public void started(WorkerSpec spec, long pid) {
		this.watches.computeIfPresent(spec.id(), (worker, watch) -> {
			ProbeThread thread = new ProbeThread(worker, watch.probe(), this.prober);
			thread.start();
			return new Watch(watch.probe(), thread, pid);
		});
	}

	@Override
	public void ended(WorkerId worker, int status) {
		Watch watch = this.watches.remove(worker);
		if (watch != null && watch.thread() != null) {
			watch.thread().end();
			this.tether.endWhatIsLeftOf(watch.pid());
		}
	}

	@Override
	public void welcome(WorkerSpec spec, ClusterSnapshot snapshot) {
		throw new IllegalStateException("Worker " + spec.id() + " has no address to connect to");
	}

	@Override
	public void lead(WorkerId worker, long term) {
		throw new IllegalStateException("Worker " + worker + " cannot be told to lead");
	}

	@Override
	public void resign(WorkerId worker, long term) {
		throw new IllegalStateException("Worker " + worker + " never led");
	}

	@Override
	public boolean askToEnd(WorkerId worker) {
		return false;
	}

	@Override
	public boolean dumpsThreadsWhenAsked() {
		return false;
	}

	@Override
	public String whyNotReady(WorkerId worker) {
		Watch watch = this.watches.get(worker);
		String failure = (watch != null) ? watch.probe().lastFailure() : null;
		return (failure != null) ? failure : "";
	}

	@Override
	public String howToTryAlone() {
		return "The command can be tried alone, with a free port in the environment variable PORT and in place of {port}.";
	}

	/**
	 * What watches one worker.
	 *
	 * @param thread {@code null} while there is no process yet
	 */
	private record Watch(Probe probe, @Nullable ProbeThread thread, long pid) {

	}

}

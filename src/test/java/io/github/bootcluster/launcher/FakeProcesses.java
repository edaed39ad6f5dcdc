package io.github.bootcluster.launcher;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.WorkerId;

/**
 * Processes that do nothing by themselves: a test lets them speak and die. Like the
 * system, it reports each exit once, and refuses orders for what never was.
 */
final class FakeProcesses implements Orders {

	private final Map<WorkerId, WorkerSpec> alive = new LinkedHashMap<>();

	private final Set<WorkerId> welcomed = new HashSet<>();

	private final Set<WorkerId> toldToShutDown = new HashSet<>();

	private final Set<WorkerId> askedForThreads = new HashSet<>();

	private final Set<WorkerId> terminated = new HashSet<>();

	private final Set<WorkerId> killed = new HashSet<>();

	private final Set<WorkerId> forgotten = new HashSet<>();

	private final List<WorkerSpec> started = new ArrayList<>();

	/** Generations to stage, of which has not been told what came of it. */
	private final List<Integer> toStage = new ArrayList<>();

	private final Set<Integer> staged = new HashSet<>(Set.of(1));

	private final List<WorkerId> warmedUp = new ArrayList<>();

	private final Set<WorkerId> warming = new LinkedHashSet<>();

	private final List<WorkerSpec> trained = new ArrayList<>();

	private boolean caching;

	private final Map<WorkerId, Integer> seated = new LinkedHashMap<>();

	/** Those alive that do what a leader does, with their terms. */
	private final Map<WorkerId, Long> leading = new LinkedHashMap<>();

	private final List<Fact.Resigned> toldToResign = new ArrayList<>();

	private long lastTerm;

	private boolean broken;

	private int refused;

	private boolean dumping = true;

	@Override
	public void stage(int generation) {
		this.toStage.add(generation);
	}

	@Override
	public void retain(Set<Integer> generations) {
		this.staged.retainAll(generations);
	}

	@Override
	public long start(WorkerSpec spec) throws WorkerStartException {
		if (this.broken) {
			this.refused++;
			throw new WorkerStartException(spec, new IOException("error=11, Resource temporarily unavailable"));
		}
		if (!this.staged.contains(spec.generation())) {
			throw new IllegalStateException("Generation " + spec.generation() + " is not staged, or was dropped");
		}
		this.started.add(spec);
		this.alive.put(spec.id(), spec);
		return pidOf(spec.id());
	}

	@Override
	public boolean lacksStartupCache(int generation) {
		return this.caching;
	}

	@Override
	public long train(WorkerSpec spec) throws WorkerStartException {
		start(spec);
		this.trained.add(spec);
		return pidOf(spec.id());
	}

	@Override
	public void welcome(WorkerSpec spec, ClusterSnapshot snapshot) {
		this.welcomed.add(spec.id());
	}

	@Override
	public void warmUp(WorkerSpec spec, int port) {
		requireStarted(spec.id());
		this.warmedUp.add(spec.id());
		this.warming.add(spec.id());
	}

	@Override
	public void endWarmUp(WorkerId worker) {
		requireStarted(worker);
		this.warming.remove(worker);
	}

	@Override
	public void seated(WorkerId worker, int slot) {
		if (!this.alive.containsKey(worker)) {
			throw new IllegalStateException("Worker " + worker + " is not alive");
		}
		this.seated.put(worker, slot);
	}

	@Override
	public void lead(WorkerId worker, long term) {
		requireStarted(worker);
		if (!this.leading.isEmpty()) {
			throw new IllegalStateException("Worker %s shall lead while %s do".formatted(worker, this.leading));
		}
		if (term <= this.lastTerm) {
			throw new IllegalStateException("Term %d after %d".formatted(term, this.lastTerm));
		}
		this.lastTerm = term;
		// One that has died without having been heard of yet does nothing with it.
		if (this.alive.containsKey(worker)) {
			this.leading.put(worker, term);
		}
	}

	/** It does for now: it has something to finish first. */
	@Override
	public void resign(WorkerId worker, long term) {
		requireStarted(worker);
		this.toldToResign.add(new Fact.Resigned(worker, term));
	}

	@Override
	public void shutDown(WorkerId worker) {
		requireStarted(worker);
		this.toldToShutDown.add(worker);
	}

	@Override
	public boolean dumpThreads(WorkerId worker) {
		requireStarted(worker);
		this.askedForThreads.add(worker);
		return this.dumping;
	}

	@Override
	public void terminate(WorkerId worker) {
		requireStarted(worker);
		this.terminated.add(worker);
	}

	@Override
	public void kill(WorkerId worker) {
		requireStarted(worker);
		this.killed.add(worker);
	}

	@Override
	public void forget(WorkerId worker) {
		this.forgotten.add(worker);
	}

	/** How many starts were refused. */
	int refused() {
		return this.refused;
	}

	/** Be a program that writes no thread dump when asked to. */
	void dumpNoThreads() {
		this.dumping = false;
	}

	/** From now on no process can be started (or again one can). */
	void breakDown(boolean broken) {
		this.broken = broken;
	}

	/** The process ends. */
	void exit(WorkerId worker) {
		if (this.alive.remove(worker) == null) {
			throw new IllegalStateException("Worker " + worker + " is not alive");
		}
		this.leading.remove(worker);
	}

	/** The worker does nothing a leader does any more. */
	void finishLeading(Fact.Resigned resignation) {
		this.leading.remove(resignation.worker(), resignation.term());
	}

	/** Those alive that do what a leader does, with their terms: one at most. */
	Map<WorkerId, Long> leading() {
		return Map.copyOf(this.leading);
	}

	/** The answers of all that were told to resign so far, also of the dead. */
	List<Fact.Resigned> toldToResign() {
		return this.toldToResign;
	}

	/** What was asked to be staged is now, unless that failed. */
	List<Integer> stageAll(boolean failed) {
		List<Integer> generations = List.copyOf(this.toStage);
		this.toStage.clear();
		if (!failed) {
			this.staged.addAll(generations);
		}
		return generations;
	}

	/** From now on start-up caches can be made. */
	FakeProcesses caching() {
		this.caching = true;
		return this;
	}

	/** Those started to make a start-up cache. */
	List<WorkerSpec> trained() {
		return this.trained;
	}

	/** Generations that can be started. */
	Set<Integer> staged() {
		return this.staged;
	}

	List<WorkerId> alive() {
		return List.copyOf(this.alive.keySet());
	}

	List<WorkerSpec> aliveSpecs() {
		return List.copyOf(this.alive.values());
	}

	List<WorkerSpec> started() {
		return List.copyOf(this.started);
	}

	Set<WorkerId> welcomed() {
		return this.welcomed;
	}

	/** Those whose warm-up was begun, as often as it was. */
	List<WorkerId> warmedUp() {
		return List.copyOf(this.warmedUp);
	}

	/** Those whose warm-up was begun and not ended. */
	Set<WorkerId> warming() {
		return Set.copyOf(this.warming);
	}

	/** Those that stood by and have got a slot. */
	Map<WorkerId, Integer> seated() {
		return this.seated;
	}

	Set<WorkerId> toldToShutDown() {
		return this.toldToShutDown;
	}

	Set<WorkerId> askedForThreads() {
		return this.askedForThreads;
	}

	Set<WorkerId> terminated() {
		return this.terminated;
	}

	Set<WorkerId> killed() {
		return this.killed;
	}

	Set<WorkerId> forgotten() {
		return this.forgotten;
	}

	static long pidOf(WorkerId worker) {
		return 1000 + worker.value();
	}

	private void requireStarted(WorkerId worker) {
		if (this.started.stream().noneMatch((spec) -> spec.id().equals(worker))) {
			throw new IllegalStateException("Worker " + worker + " never was");
		}
	}

}

package io.github.bootcluster.launcher;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;

/**
 * Gives every worker that lets a debugger in a port of its own for that: the one that was
 * asked for in slot 1, the next one in slot 2, and so on. Where that is taken, by the
 * worker's own predecessor perhaps, which lives until its replacement is ready, it is any
 * free one; the agent itself says which. May be used by any thread.
 */
final class DebugPorts {

	private final List<DebugAgent> agents;

	/** Also of workers that have yet to open theirs. */
	private final Map<WorkerId, List<Integer>> inUse = new ConcurrentHashMap<>();

	DebugPorts(List<DebugAgent> agents) {
		this.agents = List.copyOf(agents);
	}

	/**
	 * The arguments of a worker's JVM that let a debugger in.
	 * @throws IOException if there is no free port
	 */
	synchronized List<String> argumentsFor(WorkerSpec spec) throws IOException {
		List<String> arguments = new ArrayList<>();
		for (DebugAgent agent : this.agents) {
			OptionalInt port = agent.port();
			arguments.add((port.isPresent() ? agent.at(choose(port.getAsInt(), spec)) : agent).argument());
		}
		return arguments;
	}

	/** A worker is gone, and with it its port is free. */
	void ended(WorkerId worker) {
		this.inUse.remove(worker);
	}

	private int choose(int first, WorkerSpec spec) throws IOException {
		List<Integer> reserved = this.inUse.values().stream().flatMap(List::stream).toList();
		int own = first + spec.slot() - 1;
		boolean hasOwn = spec.slot() != WorkerSnapshot.NO_SLOT && own <= DebugAgent.MAX_PORT && !reserved.contains(own);
		int port = (hasOwn && FreePort.isFree(own)) ? own : FreePort.choose(reserved);
		this.inUse.computeIfAbsent(spec.id(), (worker) -> new ArrayList<>()).add(port);
		return port;
	}

}

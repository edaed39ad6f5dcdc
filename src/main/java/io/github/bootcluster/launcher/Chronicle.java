package io.github.bootcluster.launcher;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.WorkerDraining;
import io.github.bootcluster.WorkerEvent;
import io.github.bootcluster.WorkerExited;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerReady;
import io.github.bootcluster.WorkerStarted;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.launcher.Worker.Ending;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of what becomes of workers: looks at them whenever their state is
 * published, and remembers how much of each has been told. Exits are noted as they come,
 * since a worker that is gone cannot be looked at. Owned by the supervisor's thread.
 */
final class Chronicle {

	/** What was told last of each live worker. */
	private final Map<WorkerId, Chapter> told = new HashMap<>();

	private final Queue<WorkerEvent> untold = new ArrayDeque<>();

	/** The process of a worker is gone. */
	void exited(Worker worker, ExitInfo exit) {
		this.told.remove(worker.id());
		this.untold.add(new WorkerExited(worker.spec().slot(), worker.spec().generation(), worker.pid(), exit));
	}

	/**
	 * See what has become of the live ones: first those that came, then those that go.
	 */
	void look(Collection<Worker> workers, Instant now) {
		workers.forEach((worker) -> lookForItsBeginning(worker, now));
		workers.forEach((worker) -> lookForItsEnd(worker, now));
	}

	/** The next event that nobody was told of, or {@code null} if there is none. */
	@Nullable WorkerEvent next() {
		return this.untold.poll();
	}

	private void lookForItsBeginning(Worker worker, Instant now) {
		WorkerSpec spec = worker.spec();
		if (this.told.putIfAbsent(spec.id(), Chapter.STARTED) == null) {
			this.untold
				.add(new WorkerStarted(spec.id(), spec.slot(), spec.generation(), worker.pid(), worker.startedAt()));
		}
		if (worker.isInRotation() && this.told.get(spec.id()) == Chapter.STARTED) {
			this.told.put(spec.id(), Chapter.READY);
			this.untold.add(new WorkerReady(spec.id(), spec.slot(), spec.generation(), worker.pid(), now));
		}
	}

	private void lookForItsEnd(Worker worker, Instant now) {
		WorkerSpec spec = worker.spec();
		if (isEnded(worker) && this.told.put(spec.id(), Chapter.DRAINING) != Chapter.DRAINING) {
			this.untold.add(new WorkerDraining(spec.id(), spec.slot(), spec.generation(), worker.pid(), now));
		}
	}

	/** One that vanishes is about to be told of as gone, and was ended by nobody. */
	private static boolean isEnded(Worker worker) {
		return worker.state() == WorkerState.DRAINING && worker.ending() != Ending.VANISHES;
	}

	/** How much of a worker was told. */
	private enum Chapter {

		STARTED, READY, DRAINING

	}

}

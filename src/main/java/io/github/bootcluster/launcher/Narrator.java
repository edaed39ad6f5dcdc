package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.ReloadSnapshot;
import io.github.bootcluster.ReloadSnapshot.State;
import io.github.bootcluster.TimelineEntry.Kind;
import io.github.bootcluster.WorkerDraining;
import io.github.bootcluster.WorkerEvent;
import io.github.bootcluster.WorkerExited;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerReady;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerStarted;
import io.github.bootcluster.WorkerState;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Writes the timeline: tells in sentences what the supervisor told in snapshots and
 * events. Of what came at once, that which somebody wanted is told first, then what
 * happened to workers, then what that means for slots and cluster. Owned by the
 * supervisor's thread.
 */
final class Narrator {

	private final Timeline timeline;

	private final InstantSource clock;

	/** What was told before is about this; {@code null} before the first. */
	private @Nullable ClusterSnapshot previous;

	private @Nullable ClusterSnapshot current;

	/** Workers of which something was told since the previous snapshot. */
	private final Set<WorkerId> mentioned = new HashSet<>();

	Narrator(Timeline timeline, InstantSource clock) {
		this.timeline = timeline;
		this.clock = clock;
	}

	/** The state is another; the events that made it so follow. */
	void changed(ClusterSnapshot snapshot) {
		this.current = snapshot;
		ClusterSnapshot before = this.previous;
		if (before != null && before.desiredWorkers() != snapshot.desiredWorkers()) {
			tell(Kind.SCALED, snapshot, "There are to be %s instead of %d."
				.formatted(workers(snapshot.desiredWorkers()), before.desiredWorkers()));
		}
		if (isWanted(snapshot.state())) {
			tellState(before, snapshot);
		}
		ReloadSnapshot reload = snapshot.reload();
		if (reload != null) {
			tellBeginning(before(reload, before), reload);
		}
	}

	/** Something happened to a worker. */
	void happened(WorkerEvent event) {
		this.mentioned.add(event.worker());
		String name = name(event.worker(), event.slot(), event.pid());
		if (event instanceof WorkerStarted) {
			tell(Kind.STARTED, event, name + " started.");
		}
		else if (event instanceof WorkerReady) {
			tell(Kind.READY, event, name + " is in rotation.");
		}
		else if (event instanceof WorkerDraining) {
			tell(Kind.DRAINING, event, name + " gets no more requests and will end.");
		}
		else if (event instanceof WorkerExited exited) {
			tellExit(exited, name);
		}
	}

	/** All that belongs to the latest state has happened. */
	void settled() {
		ClusterSnapshot before = this.previous;
		ClusterSnapshot now = this.current;
		if (now != null && now != before) {
			now.workers().forEach((worker) -> tellTransition(worker, stateIn(before, worker.id())));
			if (now.reload() != null) {
				tellProgress(before(now.reload(), before), now.reload());
			}
			if (!isWanted(now.state())) {
				tellState(before, now);
			}
			this.previous = now;
		}
		this.mentioned.clear();
	}

	private void tellExit(WorkerExited exited, String name) {
		ExitInfo exit = exited.exit();
		if (exit.expected()) {
			tell(Kind.EXITED, exited, "%s is gone, as asked: %s.".formatted(name, exit.reason()));
		}
		else if (isGivenUp(exited.worker())) {
			tell(Kind.CRASHED, exited, "%s ended by itself and is not replaced (cluster.restart.on-exit): %s."
				.formatted(name, exit.reason()));
		}
		else {
			tell(Kind.CRASHED, exited, "%s crashed: %s.".formatted(name, exit.reason()));
		}
	}

	/** Whether a slot that could have another worker stays empty without this one. */
	private boolean isGivenUp(WorkerId worker) {
		return this.current != null && this.current.state() != ClusterState.STOPPING
				&& stateIn(this.current, worker) == WorkerState.EXITED;
	}

	/** Of what no event tells. */
	private void tellTransition(WorkerSnapshot worker, @Nullable WorkerState before) {
		if (worker.state() == before) {
			return;
		}
		switch (worker.state()) {
			case PAUSED -> {
				// One that stands by took no requests before.
				if (worker.slot() != WorkerSnapshot.NO_SLOT) {
					tell(Kind.PAUSED, worker,
							(before == WorkerState.DRAINED)
									? "is held by nobody any more, but its application refuses traffic."
									: "is out of rotation: its application refuses traffic.");
				}
			}
			case DRAINED -> tell(Kind.PAUSED, worker, "is out of rotation: an operator holds it.");
			case READY -> {
				if (!this.mentioned.contains(worker.id())) {
					tell(Kind.READY, worker, "is in rotation again.");
				}
			}
			case BACKOFF -> tellBackoff(worker);
			case STARTING, WARMING, STANDBY, DRAINING, EXITED -> {
				// Told as an event, or of interest to few.
			}
		}
	}

	private void tellBackoff(WorkerSnapshot worker) {
		Duration delay = Duration.between(this.clock.instant(), Objects.requireNonNull(worker.nextStartAt()));
		String when = delay.isNegative() || delay.isZero() ? "gets its next worker at once"
				: "waits %s for its next worker".formatted(Seconds.of(delay));
		this.timeline.add(this.clock.instant(), Kind.BACKOFF, worker.id(), worker.slot(), worker.generation(),
				"%s %s%s.".formatted(StringUtils.capitalize(Slot.nameOf(worker.slot())), when, why(worker)));
	}

	/** One that did not come into being has no event that would tell why. */
	private String why(WorkerSnapshot worker) {
		ExitInfo exit = worker.lastExit();
		if (exit == null || !exit.worker().equals(worker.id()) || this.mentioned.contains(worker.id())) {
			return "";
		}
		return ": " + StringUtils.uncapitalize(exit.reason());
	}

	private void tellBeginning(@Nullable ReloadSnapshot before, ReloadSnapshot now) {
		if (before == null) {
			tell(now, "Reload to generation %d begins (by %s): what its workers run is being staged."
				.formatted(now.generation(), now.source()));
		}
		if (now.state() == State.ROLLING && (before == null || before.state() == State.STAGING)) {
			tell(now, "Reload to generation %d: staged, %d slots get new workers.".formatted(now.generation(),
					now.slots()));
		}
	}

	private void tellProgress(@Nullable ReloadSnapshot before, ReloadSnapshot now) {
		if (before != null && before.state() == now.state()) {
			if (now.state() == State.ROLLING && now.slotsDone() > before.slotsDone()) {
				tell(now, "Reload to generation %d: %d of %d slots done.".formatted(now.generation(), now.slotsDone(),
						now.slots()));
			}
			return;
		}
		switch (now.state()) {
			case STAGING, ROLLING -> {
				// That is how it begins.
			}
			case ROLLING_BACK ->
				tell(now, "Reload to generation %d is rolled back: %s.".formatted(now.generation(), now.reason()));
			case SUCCEEDED ->
				tell(now, "Reload to generation %d succeeded after %s.".formatted(now.generation(), time(now)));
			case FAILED -> tell(now, "Reload to generation %d failed after %s: %s.".formatted(now.generation(),
					time(now), now.reason()));
		}
	}

	/** The reload in the snapshot before, if it is the same one. */
	private static @Nullable ReloadSnapshot before(ReloadSnapshot reload, @Nullable ClusterSnapshot snapshot) {
		ReloadSnapshot before = (snapshot != null) ? snapshot.reload() : null;
		return (before != null && before.generation() == reload.generation()) ? before : null;
	}

	private static String time(ReloadSnapshot reload) {
		return Seconds.of(Duration.between(reload.startedAt(), Objects.requireNonNull(reload.endedAt())));
	}

	/** Whether that state is a beginning, and not what comes of something. */
	private static boolean isWanted(ClusterState state) {
		return switch (state) {
			case STARTING, RELOADING, STOPPING -> true;
			case RUNNING, DEGRADED -> false;
		};
	}

	private void tellState(@Nullable ClusterSnapshot before, ClusterSnapshot now) {
		if (before != null && before.state() == now.state()) {
			return;
		}
		String rotation = "%d of %s in rotation".formatted(now.readyWorkers(), workers(now.desiredWorkers()));
		tell(Kind.STATE, now, switch (now.state()) {
			case STARTING -> "The cluster starts, with %s.".formatted(workers(now.desiredWorkers()));
			case RUNNING -> "The cluster is whole: %s.".formatted(rotation);
			case DEGRADED -> "The cluster is degraded: %s.".formatted(rotation);
			case RELOADING -> "The cluster reloads: %s.".formatted(rotation);
			case STOPPING -> "The cluster stops: %s.".formatted(rotation);
		});
	}

	private void tell(Kind kind, WorkerEvent event, String message) {
		this.timeline.add(this.clock.instant(), kind, event.worker(), event.slot(), event.generation(), message);
	}

	private void tell(Kind kind, WorkerSnapshot worker, String what) {
		String name = name(worker.id(), worker.slot(), Objects.requireNonNull(worker.pid()));
		this.timeline.add(this.clock.instant(), kind, worker.id(), worker.slot(), worker.generation(),
				name + " " + what);
	}

	private void tell(ReloadSnapshot reload, String message) {
		this.timeline.add(this.clock.instant(), Kind.RELOAD, null, WorkerSnapshot.NO_SLOT, reload.generation(),
				message);
	}

	private void tell(Kind kind, ClusterSnapshot cluster, String message) {
		this.timeline.add(this.clock.instant(), kind, null, WorkerSnapshot.NO_SLOT, cluster.generation(), message);
	}

	private static @Nullable WorkerState stateIn(@Nullable ClusterSnapshot snapshot, WorkerId worker) {
		return (snapshot != null) ? snapshot.worker(worker).map(WorkerSnapshot::state).orElse(null) : null;
	}

	private static String name(WorkerId worker, int slot, long pid) {
		return "Worker %s (%s, pid %d)".formatted(worker, Slot.nameOf(slot), pid);
	}

	private static String workers(int number) {
		return (number == 1) ? "1 worker" : number + " workers";
	}

}

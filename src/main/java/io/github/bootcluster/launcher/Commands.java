package io.github.bootcluster.launcher;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.ClusterCommand.Drain;
import io.github.bootcluster.ClusterCommand.ForWorker;
import io.github.bootcluster.ClusterCommand.Kill;
import io.github.bootcluster.ClusterCommand.Restart;
import io.github.bootcluster.ClusterCommand.Scale;
import io.github.bootcluster.ClusterCommand.ScaleBy;
import io.github.bootcluster.ClusterCommand.Undrain;
import io.github.bootcluster.ClusterProperties.Reload.Order;
import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.CommandOutcome.Status;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerCount;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerState;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * What each command of an operator means, and when it is refused. Owned by the
 * supervisor's thread.
 */
final class Commands {

	private final Crew crew;

	private final Endings endings;

	private final Reloads reloads;

	private final SchedulingPolicy policy;

	Commands(Crew crew, Endings endings, Reloads reloads, SchedulingPolicy policy) {
		this.crew = crew;
		this.endings = endings;
		this.reloads = reloads;
		this.policy = policy;
	}

	/** Begin a command, or say why not. */
	Undertaking begin(ClusterCommand command, String source) {
		if (command instanceof ClusterCommand.Reload) {
			return reload(source);
		}
		if (command instanceof Scale scale) {
			return scale(scale.workers());
		}
		if (command instanceof ScaleBy scaleBy) {
			return scale(this.crew.slots().size() + scaleBy.difference());
		}
		return forWorker((ForWorker) command);
	}

	private Undertaking reload(String source) {
		if (this.reloads.isUnderWay()) {
			return refusal("A reload is under way: wait for its end, then ask again.");
		}
		Reload reload = this.reloads.begin(source);
		return new Undertaking(reload.summary(), () -> {
			if (reload.isUnderWay()) {
				return null;
			}
			return reload.hasSucceeded() ? CommandOutcome.succeeded(reload.summary())
					: CommandOutcome.failed(reload.summary(), reload.failedWorker());
		});
	}

	private Undertaking scale(int workers) {
		if (workers < 1 || workers > WorkerCount.MAX) {
			return Undertaking.over(new CommandOutcome(Status.INVALID,
					"The number of workers must be from 1 to %d, not %d.".formatted(WorkerCount.MAX, workers), null));
		}
		List<Slot> before = this.crew.slots();
		this.crew.resize(workers);
		if (workers == before.size()) {
			return Undertaking.over(CommandOutcome.succeeded("There are to be %d workers already.".formatted(workers)));
		}
		String message = "From %d to %d workers.".formatted(before.size(), workers);
		if (workers < before.size()) {
			List<Slot> removed = before.subList(workers, before.size());
			return new Undertaking(message, () -> endOfShrinking(removed, workers));
		}
		List<Slot> added = this.crew.slots().subList(before.size(), workers);
		return new Undertaking(message, () -> endOfGrowth(added));
	}

	private @Nullable CommandOutcome endOfGrowth(List<Slot> added) {
		for (Slot slot : added) {
			if (slot.isRemoved()) {
				return CommandOutcome.failed("Slot %d was removed again.".formatted(slot.number()), null);
			}
		}
		if (!added.stream().allMatch(Slot::isFirstResultKnown)) {
			return null;
		}
		for (Slot slot : added) {
			ExitInfo exit = slot.firstFailure();
			if (exit != null) {
				return CommandOutcome.failed("The first worker of slot %d died: %s. The slot goes on trying."
					.formatted(slot.number(), exit.reason()), exit.worker());
			}
		}
		return CommandOutcome.succeeded(rotation());
	}

	private @Nullable CommandOutcome endOfShrinking(List<Slot> removed, int workers) {
		boolean left = this.crew.workers().stream().anyMatch((worker) -> removed.contains(worker.slot()));
		return left ? null : CommandOutcome
			.succeeded("The workers of the slots above %d have ended. %s".formatted(workers, rotation()));
	}

	private Undertaking forWorker(ForWorker command) {
		WorkerId id = command.worker();
		Worker worker = this.crew.worker(id);
		Optional<Slot> slot = this.crew.slotKnownAs(id);
		if (worker == null && (slot.isEmpty() || !(command instanceof Restart))) {
			return Undertaking
				.over(new CommandOutcome(Status.UNKNOWN_WORKER, "There is no live worker %s.".formatted(id), null));
		}
		if (command instanceof Restart) {
			return slot.map(this::restart)
				.orElseGet(
						() -> refusal("%s has no slot of its own: it is starting in the place of another, or leaving."
							.formatted(worker)));
		}
		Worker live = Objects.requireNonNull(worker);
		if (command instanceof Drain) {
			return drain(live);
		}
		if (command instanceof Undrain) {
			return undrain(live);
		}
		if (command instanceof Kill) {
			return kill(live);
		}
		throw new IllegalArgumentException("Unknown command " + command);
	}

	private Undertaking restart(Slot slot) {
		if (this.reloads.isUnderWay()) {
			return refusal("A reload is under way, which replaces every worker.");
		}
		if (slot.replacement() != null) {
			return refusal("The worker of %s is being replaced already.".formatted(slot));
		}
		Replacement replacement = this.crew.replace(slot, this.crew.generation(), Order.START_FIRST);
		return new Undertaking("%s gets a new worker; the old one %s until then.".formatted(capitalized(slot),
				slot.isSeat() ? "stands by" : "serves"), () -> endOfRestart(replacement));
	}

	private @Nullable CommandOutcome endOfRestart(Replacement replacement) {
		String slot = capitalized(replacement.slot());
		return switch (replacement.phase()) {
			case STOPPING, STARTING, RETIRING -> null;
			case DONE -> CommandOutcome.succeeded("%s has a new worker. %s".formatted(slot, rotation()));
			case FAILED -> {
				ExitInfo failure = Objects.requireNonNull(replacement.failure());
				yield CommandOutcome
					.failed("The new worker of %s did not get ready: %s. The old one stays, if there is one. %s"
						.formatted(replacement.slot(), failure.reason(), rotation()), failure.worker());
			}
			case CANCELLED -> CommandOutcome
				.failed("%s was to get a new worker, but a reload or scaling came in between.".formatted(slot), null);
		};
	}

	private Undertaking drain(Worker worker) {
		if (this.policy == SchedulingPolicy.NONE) {
			return refusal("With the scheduling policy 'none' it is the system that sends connections to %s: "
				.formatted(worker)
					+ "let its application refuse traffic, and it listens no more, or restart it to have it drained and replaced.");
		}
		return switch (worker.state()) {
			case READY, PAUSED -> {
				if (worker.slot().isSeat() || !worker.hasBeenReady()) {
					yield refusal("%s has not been in rotation yet.".formatted(worker));
				}
				worker.becomeDrained();
				yield Undertaking.over(CommandOutcome
					.succeeded("%s is out of rotation until it is undrained; it finishes what it has. %s"
						.formatted(worker, rotation())));
			}
			case STANDBY -> refusal("%s stands by: it is not in rotation.".formatted(worker));
			case DRAINED -> refusal("%s is drained already.".formatted(worker));
			case STARTING, WARMING -> refusal("%s is starting: it is not in rotation yet.".formatted(worker));
			case DRAINING, EXITED, BACKOFF -> refusal("%s is ending already.".formatted(worker));
		};
	}

	private Undertaking undrain(Worker worker) {
		if (worker.state() != WorkerState.DRAINED) {
			return refusal("%s is not drained, but %s.".formatted(worker, worker.state()));
		}
		if (worker.isAccepting()) {
			this.crew.joinRotation(worker);
		}
		else {
			worker.becomePaused();
		}
		return Undertaking.over(CommandOutcome.succeeded(worker + (worker.isAccepting() ? " is in rotation again. "
				: " will be in rotation once its application accepts traffic. ") + rotation()));
	}

	private Undertaking kill(Worker worker) {
		worker.markExpected();
		this.endings.kill(worker, "an operator wants it");
		return new Undertaking("%s is killed. %s".formatted(worker, rotation()), () -> {
			boolean gone = this.crew.worker(worker.id()) == null;
			return gone ? CommandOutcome.succeeded("%s is gone. %s".formatted(worker, rotation())) : null;
		});
	}

	private String rotation() {
		int ready = this.crew.inRotation();
		int desired = this.crew.slots().size();
		return "%s%d of %d workers are in rotation.".formatted((ready < desired) ? "Note: only " : "", ready, desired);
	}

	private static String capitalized(Slot slot) {
		return StringUtils.capitalize(slot.toString());
	}

	private static Undertaking refusal(String why) {
		return Undertaking.over(CommandOutcome.refused(why));
	}

}

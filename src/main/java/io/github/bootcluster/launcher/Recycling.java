package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterProperties.Reload.Order;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces workers that have used up their {@link Allowance}: the new one first, one slot
 * at a time, and none while the cluster changes workers for another reason. Only those in
 * rotation, or standing by: a worker that an operator has drained is wanted as it is. And
 * only those that have been ready for a while: with a limit that no worker can keep, the
 * cluster would do nothing else. Owned by the supervisor's thread.
 */
final class Recycling {

	private static final Logger logger = LoggerFactory.getLogger(Recycling.class);

	private final Crew crew;

	private final InstantSource clock;

	/** Pause after a replacement that failed. */
	private final Duration pause;

	/** How long a worker must have been ready. */
	private final Duration leastService;

	private @Nullable Replacement underWay;

	private @Nullable Instant pausedUntil;

	Recycling(Crew crew, InstantSource clock, ClusterProperties.Restart settings) {
		this.crew = crew;
		this.clock = clock;
		this.pause = settings.maxDelay();
		this.leastService = settings.stableAfter();
	}

	/** Begin with the next worker, if it is time. */
	void advance() {
		Instant now = this.clock.instant();
		collect(now);
		if (isReplacing() || isPaused(now)) {
			return;
		}
		candidates().stream()
			.filter((worker) -> worker.readyFor(now).compareTo(this.leastService) >= 0)
			.filter((worker) -> worker.whyRecycle(now) != null)
			.min(Comparator.comparing(Worker::startedAt))
			.ifPresent((worker) -> {
				logger.info("{} is recycled: {}", worker, worker.whyRecycle(now));
				this.underWay = this.crew.replace(worker.slot(), this.crew.generation(), Order.START_FIRST);
				collect(now);
			});
	}

	/** When a lifetime is over next, of those that may be recycled then. */
	Optional<Instant> nextDeadline() {
		if (isReplacing()) {
			// Its end is a fact that wakes the supervisor.
			return Optional.empty();
		}
		Instant now = this.clock.instant();
		return candidates().stream()
			.map((worker) -> later(worker.endOfLife(), now.minus(worker.readyFor(now)).plus(this.leastService)))
			.filter(Objects::nonNull)
			.min(Comparator.naturalOrder())
			.map((end) -> later(end, this.pausedUntil));
	}

	/** The later one; {@code null} if there is no first. */
	private static @Nullable Instant later(@Nullable Instant first, @Nullable Instant second) {
		return (first != null && second != null && second.isAfter(first)) ? second : first;
	}

	private void collect(Instant now) {
		Replacement last = this.underWay;
		if (last == null || !last.phase().isOver()) {
			return;
		}
		this.underWay = null;
		if (last.failure() != null) {
			this.pausedUntil = now.plus(this.pause);
			logger.error("The worker of {} stays: the one to replace it did not get ready: {}. Next try in {}",
					last.slot(), last.failure().reason(), Seconds.of(this.pause));
		}
	}

	private boolean isPaused(Instant now) {
		return this.pausedUntil != null && now.isBefore(this.pausedUntil);
	}

	private boolean isReplacing() {
		return this.crew.slotsAndSeats().anyMatch((slot) -> slot.replacement() != null);
	}

	private List<Worker> candidates() {
		return this.crew.slotsAndSeats()
			.map(Slot::worker)
			.filter(Objects::nonNull)
			.filter((worker) -> worker.isInRotation() || worker.isStandby())
			.toList();
	}

}

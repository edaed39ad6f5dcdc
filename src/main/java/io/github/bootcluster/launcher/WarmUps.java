package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerState;

/**
 * The workers that are being warmed up. Each has a deadline of its own beyond that of its
 * requests, so that it joins the rotation though their end were never reported. Owned by
 * the supervisor's thread.
 */
final class WarmUps {

	/** Time for the end of the requests to be reported. */
	static final Duration GRACE = Duration.ofSeconds(2);

	private final ClusterProperties.WarmUp settings;

	private final InstantSource clock;

	private final Orders orders;

	private final Set<WorkerId> underWay = new HashSet<>();

	WarmUps(ClusterProperties.WarmUp settings, InstantSource clock, Orders orders) {
		this.settings = settings;
		this.clock = clock;
		this.orders = orders;
	}

	boolean areWanted() {
		return this.settings.isWanted();
	}

	/** Warm a worker up, instead of having it join the rotation at once. */
	void begin(Worker worker, int port) {
		Instant now = this.clock.instant();
		worker.becomeWarming(now, now.plus(this.settings.timeout()).plus(GRACE));
		this.underWay.add(worker.id());
		this.orders.warmUp(worker.spec(), port);
	}

	/** What is told of a warm-up that has ended. */
	String summary(Worker worker, int requests) {
		Instant begun = Objects.requireNonNull(worker.acceptedAt());
		int wanted = this.settings.paths().size() * this.settings.requests();
		return ", warmed up with %s requests in %s".formatted((requests < wanted) ? requests + " of " + wanted : wanted,
				Seconds.of(Duration.between(begun, this.clock.instant())));
	}

	/** For whatever reason a worker has left its warm-up: it gets no more of it. */
	void endLeft(Crew crew) {
		this.underWay.removeIf((id) -> {
			Worker worker = crew.worker(id);
			boolean left = worker == null || worker.state() != WorkerState.WARMING;
			if (left) {
				this.orders.endWarmUp(id);
			}
			return left;
		});
	}

}

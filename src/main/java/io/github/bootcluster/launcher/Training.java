package io.github.bootcluster.launcher;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.WorkerId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the start-up cache of the present generation made, once the cluster is whole: by a
 * worker that belongs to no slot, gets no traffic, and writes the cache when it ends. It
 * does what workers do at their start, and answers the requests of the warm-up. One at a
 * time; one attempt for a generation; a reload ends it. Owned by the supervisor's thread.
 */
final class Training {

	private static final Logger logger = LoggerFactory.getLogger(Training.class);

	/** It has a low priority, and so takes longer than others. */
	private static final int PATIENCE = 5;

	/** To write the cache; how long that takes depends on the disk, too. */
	private static final Duration WRITING = Duration.ofMinutes(5);

	private final Crew crew;

	private final ClusterProperties.Worker settings;

	private final InstantSource clock;

	private final Orders orders;

	/** Generations whose cache was made, could not be, or was there. */
	private final Set<Integer> considered = new HashSet<>();

	/** The worker under way, or {@code null}. */
	private @Nullable WorkerSpec trainee;

	private Phase phase = Phase.STARTING;

	private @Nullable Integer port;

	private Instant deadline = Instant.MAX;

	Training(Crew crew, ClusterProperties.Worker settings, InstantSource clock, Orders orders) {
		this.crew = crew;
		this.settings = settings;
		this.clock = clock;
		this.orders = orders;
	}

	boolean isUnderWay() {
		return this.trainee != null;
	}

	boolean isAbout(WorkerId worker) {
		return this.trainee != null && this.trainee.id().equals(worker);
	}

	/** When it has taken too long, or {@code null} if it is not under way. */
	@Nullable Instant deadline() {
		return (this.trainee != null && this.phase != Phase.KILLED) ? this.deadline : null;
	}

	/**
	 * Begin if there is something to do, end what takes too long.
	 * @param whole whether all workers serve and nothing else is going on
	 */
	void advance(boolean whole) {
		if (this.trainee != null) {
			if (this.phase != Phase.KILLED && !this.clock.instant().isBefore(this.deadline)) {
				logger.info("{} takes too long and is ended: there is no start-up cache", this);
				kill();
			}
		}
		else if (whole && this.considered.add(this.crew.generation())
				&& this.orders.lacksStartupCache(this.crew.generation())) {
			begin();
		}
	}

	/** End it: there is something better to do. */
	void abort() {
		if (this.trainee != null && this.phase != Phase.KILLED) {
			logger.info("{} is ended: there is no start-up cache yet", this);
			this.considered.remove(this.trainee.generation());
			kill();
		}
	}

	/** Take a fact about its worker. */
	void accept(Fact.AboutWorker fact, ClusterSnapshot snapshot) {
		WorkerSpec spec = Objects.requireNonNull(this.trainee);
		if (fact instanceof Fact.Connected) {
			this.orders.welcome(spec, snapshot);
		}
		else if (fact instanceof Fact.Listening listening) {
			this.port = listening.port();
		}
		else if (fact instanceof Fact.AvailabilityChanged changed) {
			if (changed.accepting() && this.phase == Phase.STARTING) {
				started(spec);
			}
		}
		else if (fact instanceof Fact.WarmedUp) {
			if (this.phase == Phase.WARMING) {
				end(spec);
			}
		}
		else if (fact instanceof Fact.Exited exited) {
			boolean asAsked = this.phase == Phase.WRITING && exited.status() == 0;
			if (!asAsked && this.phase != Phase.KILLED) {
				logger.info("{} {}: there is no start-up cache", this, Exits.describe(exited.status()));
			}
			this.orders.endWarmUp(spec.id());
			this.orders.forget(spec.id());
			this.trainee = null;
		}
	}

	private void begin() {
		WorkerSpec spec = this.crew.specOutsideOfSlots();
		try {
			long pid = this.orders.train(spec);
			this.trainee = spec;
			this.port = null;
			enter(Phase.STARTING, this.settings.startTimeout().multipliedBy(PATIENCE));
			logger.info("{} (pid {}) begins, in the background", this, pid);
		}
		catch (WorkerStartException ex) {
			logger.info("There is no start-up cache: {}", ex.reason());
		}
	}

	private void started(WorkerSpec spec) {
		Integer port = this.port;
		if (port == null || !this.settings.warmUp().isWanted()) {
			end(spec);
			return;
		}
		enter(Phase.WARMING, this.settings.warmUp().timeout().multipliedBy(2));
		this.orders.warmUp(spec, port);
	}

	private void end(WorkerSpec spec) {
		enter(Phase.WRITING, this.settings.stopTimeout().plus(WRITING));
		this.orders.shutDown(spec.id());
	}

	private void kill() {
		WorkerSpec spec = Objects.requireNonNull(this.trainee);
		this.phase = Phase.KILLED;
		this.orders.endWarmUp(spec.id());
		this.orders.kill(spec.id());
	}

	private void enter(Phase phase, Duration limit) {
		this.phase = phase;
		this.deadline = this.clock.instant().plus(limit);
	}

	@Override
	public String toString() {
		return (this.trainee != null) ? "Training of the start-up cache of generation %d by worker %s"
			.formatted(this.trainee.generation(), this.trainee.id()) : "No training";
	}

	/** How far its worker has come. */
	private enum Phase {

		STARTING, WARMING, WRITING, KILLED

	}

}

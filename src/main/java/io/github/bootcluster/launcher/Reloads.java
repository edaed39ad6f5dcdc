package io.github.bootcluster.launcher;

import java.time.InstantSource;
import java.util.Optional;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.ReloadSnapshot;
import io.github.bootcluster.WorkerId;
import org.jspecify.annotations.Nullable;

/**
 * The reloads of a cluster, of which there is one at a time; the latest is remembered.
 * Owned by the supervisor's thread.
 */
final class Reloads {

	private final Crew crew;

	private final ClusterProperties.Reload settings;

	private final InstantSource clock;

	private final Orders orders;

	/** Also of reloads that failed: no generation is used twice. */
	private int lastGeneration;

	private @Nullable Reload latest;

	Reloads(Crew crew, ClusterProperties.Reload settings, InstantSource clock, Orders orders) {
		this.crew = crew;
		this.settings = settings;
		this.clock = clock;
		this.orders = orders;
		this.lastGeneration = crew.generation();
	}

	/** Begin one. */
	Reload begin(String source) {
		if (isUnderWay()) {
			throw new IllegalStateException("A reload is under way");
		}
		Reload reload = new Reload(this.crew, this.settings, this.clock, ++this.lastGeneration, source);
		this.latest = reload;
		this.orders.stage(reload.generation());
		return reload;
	}

	boolean isUnderWay() {
		return this.latest != null && this.latest.isUnderWay();
	}

	/** What the workers of a generation shall run was put aside, or could not be. */
	void staged(int generation, String failure) {
		if (this.latest != null) {
			this.latest.staged(generation, failure);
		}
	}

	/** The generation that is being brought in, if one is. */
	Optional<Integer> incoming() {
		return Optional.ofNullable(this.latest).filter(Reload::isUnderWay).map(Reload::generation);
	}

	void advance() {
		if (this.latest != null) {
			this.latest.advance();
		}
	}

	/** A worker that was its slot's own died unexpectedly. */
	void lost(Worker worker, ExitInfo exit) {
		if (this.latest != null) {
			this.latest.lost(worker, exit);
		}
	}

	/** The cluster stops. */
	void abort() {
		if (this.latest != null) {
			this.latest.abort();
		}
	}

	/** The worker whose last lines tell why the latest failed, or {@code null}. */
	@Nullable WorkerId failedWorker() {
		return (this.latest != null) ? this.latest.failedWorker() : null;
	}

	/** The latest, or {@code null} before the first. */
	@Nullable ReloadSnapshot snapshot() {
		return (this.latest != null) ? this.latest.snapshot() : null;
	}

}

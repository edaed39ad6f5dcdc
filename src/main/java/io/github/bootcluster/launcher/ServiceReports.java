package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.systemd.ServiceManager;

/**
 * Tells the service manager how the cluster is, and that the launcher lives. It does if
 * the supervisor takes a fact and every event loop of the dispatcher a task: what hangs
 * in either is worth a restart.
 */
final class ServiceReports implements AutoCloseable {

	private final ServiceManager manager;

	private final Duration stopLimit;

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "cluster-watchdog");
		thread.setDaemon(true);
		return thread;
	});

	/** Owned by the supervisor's thread. */
	private ClusterState last = ClusterState.STARTING;

	/**
	 * Report to a service manager.
	 * @param stopLimit how long a stop may take
	 */
	ServiceReports(ServiceManager manager, Duration stopLimit) {
		this.manager = manager;
		this.stopLimit = stopLimit;
	}

	/**
	 * Give signs of life from now on.
	 * @param dispatcher asks the dispatcher for one
	 */
	void watch(Consumer<Fact> facts, Supplier<CompletionStage<Void>> dispatcher) {
		this.manager.watchdogInterval()
			.map(Duration::toMillis)
			.ifPresent((interval) -> this.timer.scheduleWithFixedDelay(
					() -> facts.accept(new Fact.Pinged(() -> dispatcher.get().thenRun(this.manager::alive))), 0,
					interval, TimeUnit.MILLISECONDS));
	}

	/** The cluster changed. Called by the supervisor's thread. */
	void changed(ClusterSnapshot snapshot) {
		ClusterState state = snapshot.state();
		this.manager.status("%s: %d of %d workers in rotation, generation %d".formatted(state, snapshot.readyWorkers(),
				snapshot.desiredWorkers(), snapshot.generation()));
		if (state == this.last) {
			return;
		}
		switch (state) {
			case RELOADING -> this.manager.reloading();
			case STOPPING -> this.manager.stopping(this.stopLimit);
			case RUNNING, DEGRADED -> {
				if (this.last == ClusterState.RELOADING) {
					this.manager.ready();
				}
			}
			case STARTING -> {
				// That is what it takes a service for that has not said otherwise.
			}
		}
		this.last = state;
	}

	/** The cluster serves. */
	void launched() {
		this.manager.ready();
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
		this.manager.close();
	}

}

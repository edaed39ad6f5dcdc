package io.github.bootcluster.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterProperties.Restart.OnExit;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerCount;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/** A supervisor over fake processes and a hand-moved clock. */
final class SupervisorFixture implements SupervisorListener {

	static final Duration START_TIMEOUT = Duration.ofSeconds(60);

	static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

	static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(30);

	static final Duration MAX_DELAY = Duration.ofSeconds(15);

	final HandMovedClock clock = new HandMovedClock();

	final FakeProcesses processes = new FakeProcesses();

	final Supervisor supervisor;

	final List<ClusterSnapshot> published = new ArrayList<>();

	int launched;

	@Nullable ExitInfo launchFailure;

	int stopped;

	SupervisorFixture(int workers) {
		this(workers, OnExit.FAILURE, new Random(1));
	}

	SupervisorFixture(int workers, OnExit onExit, Random random) {
		this.supervisor = new Supervisor(properties(onExit), workers, this.clock, random, this.processes, this);
	}

	@Override
	public void changed(ClusterSnapshot snapshot) {
		this.published.add(snapshot);
	}

	@Override
	public void launched(ClusterSnapshot snapshot) {
		this.launched++;
	}

	@Override
	public void launchFailed(ExitInfo lastExit) {
		this.launchFailure = lastExit;
	}

	@Override
	public void stopped() {
		this.stopped++;
	}

	SupervisorFixture started() {
		this.supervisor.start();
		return this;
	}

	SupervisorFixture allReady() {
		started();
		this.processes.alive().forEach(this::ready);
		return this;
	}

	void ready(WorkerId worker) {
		this.supervisor.accept(new Fact.Connected(worker));
		this.supervisor.accept(new Fact.Listening(worker, 40000 + (int) worker.value()));
		this.supervisor.accept(new Fact.AvailabilityChanged(worker, true, true));
	}

	void ready(long worker) {
		ready(WorkerId.of(worker));
	}

	void die(long worker, int status) {
		this.processes.exit(WorkerId.of(worker));
		this.supervisor.accept(new Fact.Exited(WorkerId.of(worker), status));
	}

	void advance(Duration duration) {
		this.clock.advance(duration);
		this.supervisor.tick();
	}

	ClusterSnapshot latest() {
		return this.supervisor.latest();
	}

	WorkerSnapshot slot(int number) {
		return latest().workers().stream().filter((worker) -> worker.slot() == number).findFirst().orElseThrow();
	}

	static ClusterProperties properties(OnExit onExit) {
		return new ClusterProperties(WorkerCount.AUTO, Path.of(".cluster"), SchedulingPolicy.ROUND_ROBIN,
				new ClusterProperties.Worker(null, null, null, List.of(), Map.of(), START_TIMEOUT, STOP_TIMEOUT,
						Duration.ofSeconds(1), HEARTBEAT_TIMEOUT),
				new ClusterProperties.Restart(onExit, Duration.ofMillis(200), MAX_DELAY, Duration.ofSeconds(10)),
				new ClusterProperties.Dispatch(0, 200, 1000, Duration.ofSeconds(10), Duration.ofSeconds(1),
						Duration.ofSeconds(60), Duration.ofSeconds(75), Duration.ofSeconds(10), DataSize.ofBytes(-1),
						List.of(), new ClusterProperties.AccessLog(false, ClusterProperties.AccessLog.Format.COMBINED,
								Path.of("access.log"), DataSize.ofMegabytes(64), 10)));
	}

}

package io.github.bootcluster.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.github.bootcluster.ClusterCommand;
import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.CommandOutcome;
import io.github.bootcluster.ExitInfo;
import io.github.bootcluster.WorkerEvent;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

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

	final List<WorkerEvent> events = new ArrayList<>();

	final Timeline timeline = new Timeline();

	private final Narrator narrator = new Narrator(this.timeline, this.clock);

	/** Looks at what is so when an event is told. */
	Consumer<WorkerEvent> onEvent = (event) -> {
	};

	int launched;

	@Nullable ExitInfo launchFailure;

	int stopped;

	SupervisorFixture(int workers) {
		this(workers, Map.of());
	}

	SupervisorFixture(int workers, Map<String, String> properties) {
		this(workers, properties, new Random(1));
	}

	SupervisorFixture(int workers, Map<String, String> properties, Random random) {
		this.supervisor = new Supervisor(properties(properties), workers, this.clock, random, this.processes, this);
	}

	@Override
	public void changed(ClusterSnapshot snapshot) {
		this.published.add(snapshot);
		this.narrator.changed(snapshot);
	}

	@Override
	public void happened(WorkerEvent event) {
		this.events.add(event);
		this.onEvent.accept(event);
		this.narrator.happened(event);
	}

	@Override
	public void settled() {
		this.narrator.settled();
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

	/** Give a command; the answer comes when what was begun has ended. */
	CompletableFuture<CommandOutcome> command(ClusterCommand command) {
		CompletableFuture<CommandOutcome> answer = begin(command);
		staged("");
		return answer;
	}

	/** Likewise, but what a reload needs is not staged yet. */
	CompletableFuture<CommandOutcome> begin(ClusterCommand command) {
		CompletableFuture<CommandOutcome> answer = new CompletableFuture<>();
		this.supervisor.accept(new Fact.CommandGiven(command, true, "a test", answer));
		return answer;
	}

	/** What was to be staged is, or could not be. */
	void staged(String failure) {
		this.processes.stageAll(!failure.isEmpty())
			.forEach((generation) -> this.supervisor.accept(new Fact.Staged(generation, failure)));
	}

	/** Give a command that ends at once. */
	CommandOutcome outcome(ClusterCommand command) {
		return ended(command(command));
	}

	/** What became of a command that must have ended by now. */
	static CommandOutcome ended(CompletableFuture<CommandOutcome> command) {
		return Objects.requireNonNull(command.getNow(null), "The command has not ended");
	}

	/** Those of the slot in the latest snapshot: its own first. */
	List<WorkerSnapshot> workersOf(int slot) {
		return latest().workers().stream().filter((worker) -> worker.slot() == slot).toList();
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

	static ClusterProperties properties(Map<String, String> more) {
		Map<String, String> properties = new HashMap<>(Map.of("cluster.worker.start-timeout", START_TIMEOUT.toString(),
				"cluster.worker.stop-timeout", STOP_TIMEOUT.toString(), "cluster.worker.heartbeat-timeout",
				HEARTBEAT_TIMEOUT.toString(), "cluster.restart.max-delay", MAX_DELAY.toString()));
		properties.putAll(more);
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("cluster",
				Bindable.of(ClusterProperties.class));
	}

}

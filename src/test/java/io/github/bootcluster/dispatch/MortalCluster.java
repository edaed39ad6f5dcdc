package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;

/**
 * A number of {@link MortalProcess}es, kept up: what dies is replaced, and the dispatcher
 * told, as soon as the system tells of it. One is killed every so often.
 */
final class MortalCluster implements AutoCloseable {

	private final TestBed bed;

	private final Path executions;

	private final ScheduledExecutorService supervisor = Executors
		.newSingleThreadScheduledExecutor((task) -> new Thread(task, "supervisor"));

	/** The living by id, the oldest first; belongs to the supervisor, as all else. */
	private final Map<Long, MortalProcess> processes = new LinkedHashMap<>();

	private long lastId;

	private boolean closing;

	/** Written by the supervisor, read by anybody. */
	private volatile int kills;

	private MortalCluster(TestBed bed, Path executions) {
		this.bed = bed;
		this.executions = executions;
	}

	static MortalCluster start(int workers, Duration betweenKills, TestBed bed, Path executions) {
		MortalCluster cluster = new MortalCluster(bed, executions);
		for (int i = 0; i < workers; i++) {
			cluster.supervisor.execute(cluster::startWorker);
		}
		long millis = betweenKills.toMillis();
		cluster.supervisor.scheduleAtFixedRate(cluster::killOldest, millis, millis, TimeUnit.MILLISECONDS);
		return cluster;
	}

	int kills() {
		return this.kills;
	}

	private void startWorker() {
		long id = ++this.lastId;
		MortalProcess process = MortalProcess.start("worker-" + id, this.executions);
		this.processes.put(id, process);
		process.whenListening().thenRunAsync(this::publish, this.supervisor);
		process.onExit().thenRunAsync(() -> {
			this.processes.remove(id);
			publish();
			if (!this.closing) {
				startWorker();
			}
		}, this.supervisor);
	}

	private void killOldest() {
		this.processes.values().stream().filter(MortalProcess::isListening).findFirst().ifPresent((process) -> {
			process.kill();
			this.kills = this.kills + 1;
		});
	}

	private void publish() {
		List<WorkerSnapshot> workers = new ArrayList<>();
		this.processes.forEach((id, process) -> workers
			.add(process.isListening() ? TestBed.worker(id, process.port(), WorkerState.READY)
					: TestBed.worker(id, null, WorkerState.STARTING)));
		this.bed.update(workers.toArray(WorkerSnapshot[]::new));
	}

	@Override
	public void close() throws IOException {
		CompletableFuture<?> ended = CompletableFuture.supplyAsync(() -> {
			this.closing = true;
			List<CompletableFuture<Process>> exits = new ArrayList<>();
			this.processes.values().forEach((process) -> {
				exits.add(process.onExit());
				process.kill();
			});
			return CompletableFuture.allOf(exits.toArray(CompletableFuture[]::new));
		}, this.supervisor).thenCompose((exits) -> exits);
		ended.orTimeout(MortalProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
		this.supervisor.shutdown();
	}

}

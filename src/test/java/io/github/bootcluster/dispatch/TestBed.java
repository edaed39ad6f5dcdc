package io.github.bootcluster.dispatch;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.ClusterProperties.AccessLog.Format;
import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.ClusterState;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.LauncherSnapshot;
import io.github.bootcluster.SchedulingPolicy;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.accesslog.AccessLog;
import io.netty.buffer.PoolArenaMetric;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/** A dispatcher on a port of its own, and whatever is to be closed with it. */
final class TestBed implements AutoCloseable {

	private static final AtomicLong versions = new AtomicLong();

	private final Dispatcher dispatcher;

	private final List<WorkerId> drained = new CopyOnWriteArrayList<>();

	private final List<AutoCloseable> resources = new ArrayList<>();

	private TestBed(Settings settings) {
		this.dispatcher = Dispatcher.start(settings.build(), this.drained::add, settings.accessLog, settings.clock);
		if (settings.accessLog != null) {
			this.resources.add(settings.accessLog);
		}
	}

	static TestBed start() {
		return start((settings) -> settings);
	}

	static TestBed start(UnaryOperator<Settings> customizer) {
		return new TestBed(customizer.apply(new Settings()));
	}

	/** With these as workers 1, 2, … */
	static TestBed start(FakeTarget... targets) {
		return start((settings) -> settings, targets);
	}

	static TestBed start(UnaryOperator<Settings> customizer, FakeTarget... targets) {
		TestBed bed = start(customizer);
		bed.resources.addAll(Arrays.asList(targets));
		bed.ready(targets);
		return bed;
	}

	Dispatcher dispatcher() {
		return this.dispatcher;
	}

	List<WorkerId> drained() {
		return this.drained;
	}

	RawClient client() throws IOException {
		return client(0);
	}

	/** A client whose system takes that many bytes on its behalf. */
	RawClient client(int receiveBuffer) throws IOException {
		return add(new RawClient(this.dispatcher.port(), receiveBuffer));
	}

	/** To be closed with the rest. */
	<T extends AutoCloseable> T add(T resource) {
		this.resources.add(resource);
		return resource;
	}

	void ready(FakeTarget... targets) {
		List<WorkerSnapshot> workers = new ArrayList<>();
		for (FakeTarget target : targets) {
			workers.add(worker(workers.size() + 1, target.port(), WorkerState.READY));
		}
		update(workers.toArray(WorkerSnapshot[]::new));
	}

	void update(WorkerSnapshot... workers) {
		this.dispatcher.update(cluster(workers));
	}

	/** A worker with the counts of its traffic. */
	WorkerSnapshot observe(WorkerSnapshot worker) {
		return this.dispatcher.observe(cluster(worker)).workers().get(0);
	}

	/** Later than all before. */
	static ClusterSnapshot cluster(WorkerSnapshot... workers) {
		return new ClusterSnapshot(versions.incrementAndGet(), ClusterState.RUNNING, SchedulingPolicy.ROUND_ROBIN, 1,
				workers.length, LauncherSnapshot.ofThisProcess(), DispatcherSnapshot.none(0), "none", List.of(workers),
				null, null);
	}

	static WorkerSnapshot worker(long id, Integer port, WorkerState state) {
		return worker(id, (int) id, port, state);
	}

	static WorkerSnapshot worker(long id, int slot, Integer port, WorkerState state) {
		return new WorkerSnapshot(WorkerId.of(id), slot, 1, 100 + id, port, state, Instant.EPOCH, 0, 0, 0, 0, null,
				null, null);
	}

	@Override
	public void close() throws Exception {
		this.dispatcher.close();
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
		assertThat(unreleased()).as("buffers nobody released").isZero();
	}

	/** Bytes the dispatcher holds for buffers, used or not. */
	long memory() {
		return this.dispatcher.memory().usedDirectMemory() + this.dispatcher.memory().usedHeapMemory();
	}

	/** Once it is closed its event loops have emptied their caches. */
	private long unreleased() {
		return Stream
			.concat(this.dispatcher.memory().directArenas().stream(), this.dispatcher.memory().heapArenas().stream())
			.mapToLong(PoolArenaMetric::numActiveAllocations)
			.sum();
	}

	/** The settings a test varies. */
	static final class Settings {

		InetAddress address = InetAddress.getLoopbackAddress();

		int port;

		int maxInFlight = 200;

		/** Off: who joins in the middle of a test is to get requests at once. */
		Duration slowStart = Duration.ZERO;

		/** Of the slow start. */
		LongSupplier clock = System::nanoTime;

		int queueCapacity = 1000;

		Duration queueTimeout = Duration.ofSeconds(10);

		Duration connectTimeout = Duration.ofSeconds(1);

		Duration responseTimeout = Duration.ofSeconds(10);

		Duration idleTimeout = Duration.ofSeconds(75);

		Duration headTimeout = Duration.ofSeconds(10);

		long maxRequestSize = -1;

		List<String> trustedProxies = List.of();

		/** Closed with the dispatcher. */
		AccessLog accessLog;

		Supplier<Tls> tls;

		DispatcherSettings build() {
			return new DispatcherSettings(this.address, this.port, SchedulingPolicy.ROUND_ROBIN,
					new ClusterProperties.Dispatch(
							0, this.maxInFlight, this.slowStart, this.queueCapacity, this.queueTimeout,
							this.connectTimeout, this.responseTimeout, this.idleTimeout, this.headTimeout,
							DataSize.ofBytes(this.maxRequestSize), this.trustedProxies, new ClusterProperties.AccessLog(
									false, Format.COMBINED, Path.of("access.log"), DataSize.ofMegabytes(1), 0)),
					2, List.of("/actuator"), this.tls);
		}

	}

}

package io.github.bootcluster.dispatch;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocatorMetric;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.TrafficReport;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.accesslog.AccessLog;
import io.github.bootcluster.accesslog.AccessLogEntry.Server;

/**
 * The public port of a cluster: a reverse proxy that shares HTTP/1.1 requests out among
 * its workers. It is told who they are by {@link #update(ClusterSnapshot)}; while none is
 * ready, requests wait. All methods may be called on any thread.
 *
 * @since 0.1.0
 */
public final class Dispatcher implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Dispatcher.class);

	private static final int BACKLOG = 1024;

	private static final long CLOSE_TIMEOUT_SECONDS = 5;

	private final PooledByteBufAllocator allocator;

	private final EventLoopGroup loops;

	private final List<Lane> lanes;

	private final Frontend frontend;

	/** TLS of the public port, or {@code null} if it speaks plain text. */
	private final @Nullable TlsPort tls;

	private final Balancer workers;

	private final Balancer admin;

	private final DispatcherListener listener;

	private final Channel server;

	private final Object membershipLock = new Object();

	/** Guarded by the membership lock. */
	private final Map<WorkerId, Target> targets = new HashMap<>();

	/** Draining workers already told of, by the latest snapshot. */
	private final Set<WorkerId> drained = new HashSet<>();

	/** Guarded by the membership lock. */
	private long version = Long.MIN_VALUE;

	/** Guarded by the membership lock. */
	private @Nullable Target adminTarget;

	private Dispatcher(DispatcherSettings settings, DispatcherListener listener, @Nullable AccessLog accessLog,
			Transport transport, LongSupplier clock) {
		Limits limits = Limits.of(settings.dispatch());
		AdminPaths adminPaths = AdminPaths.of(settings.adminPaths());
		TrustedProxies trustedProxies = TrustedProxies.of(settings.dispatch().trustedProxies());
		this.listener = listener;
		Memory.trustTests();
		this.allocator = Memory.allocator(settings.threads(), settings.tls() != null);
		this.loops = new MultiThreadIoEventLoopGroup(settings.threads(), threads("cluster-dispatcher-"),
				transport.ioHandlers());
		this.tls = (settings.tls() != null)
				? new TlsPort(settings.tls(), limits, settings.threads(), threads("cluster-tls-")) : null;
		this.lanes = openLanes(transport, limits, settings.threads());
		this.workers = balancer(settings, new SlowStart(settings.dispatch().slowStart(), SlowStart.FIRST_WINDOW, clock),
				this::targetDrained);
		this.admin = balancer(settings, SlowStart.none(), (target) -> {
		});
		this.frontend = new Frontend(limits, new Router(adminPaths, this.admin, this.workers), trustedProxies,
				(this.tls != null) ? "https" : "http", new Traffic(), accessLog);
		try {
			this.server = bind(settings, transport);
		}
		catch (RuntimeException ex) {
			this.loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
			closeTls();
			throw ex;
		}
		logger.info("Dispatcher listens on port {}{} ({}, {} event loops{})", port(),
				(settings.address() != null) ? " of " + settings.address().getHostAddress() : "", transport.name(),
				settings.threads(), (this.tls != null) ? ", TLS" : "");
	}

	/**
	 * Listen on the public port. Requests are accepted from here on and wait for workers.
	 * @param settings how to
	 * @param listener whom to tell of drained workers
	 * @param accessLog where requests are logged, open until after the dispatcher is
	 * closed, or {@code null} if they are not logged
	 * @return the running dispatcher, to be closed
	 * @throws DispatcherBindException if the port cannot be listened on
	 * @throws io.github.bootcluster.InvalidClusterPropertyException if a trusted proxy is
	 * not an address or a range
	 */
	public static Dispatcher start(DispatcherSettings settings, DispatcherListener listener,
			@Nullable AccessLog accessLog) {
		return start(settings, listener, accessLog, System::nanoTime);
	}

	/** Likewise, without an access log. */
	public static Dispatcher start(DispatcherSettings settings, DispatcherListener listener) {
		return start(settings, listener, Transport.find());
	}

	static Dispatcher start(DispatcherSettings settings, DispatcherListener listener, Transport transport) {
		return new Dispatcher(settings, listener, null, transport, System::nanoTime);
	}

	/** With a clock that tells for how long workers have been in the rotation. */
	static Dispatcher start(DispatcherSettings settings, DispatcherListener listener, @Nullable AccessLog accessLog,
			LongSupplier clock) {
		return new Dispatcher(settings, listener, accessLog, Transport.find(), clock);
	}

	/** The public port, as bound. */
	public int port() {
		return ((InetSocketAddress) this.server.localAddress()).getPort();
	}

	/**
	 * Follow the cluster: ready workers get requests, paused ones none for now, draining
	 * ones none any more. What was in flight at those that are gone, and is not answered,
	 * goes to others where HTTP permits.
	 * @param snapshot the cluster; ignored if an equal or later version is known
	 */
	public void update(ClusterSnapshot snapshot) {
		List<WorkerId> newlyDrained = new ArrayList<>();
		synchronized (this.membershipLock) {
			if (snapshot.version() <= this.version) {
				return;
			}
			this.version = snapshot.version();
			removeAbsent(snapshot);
			// Whoever joins does so before those leave whose places they take.
			snapshot.workers()
				.stream()
				.filter(WorkerSnapshot::isRoutable)
				.forEach((worker) -> update(worker, newlyDrained));
			snapshot.workers()
				.stream()
				.filter((worker) -> !worker.isRoutable())
				.forEach((worker) -> update(worker, newlyDrained));
		}
		newlyDrained.forEach(this::tellDrained);
	}

	/**
	 * Say where the launcher's own context listens. Until then, requests for the
	 * {@link DispatcherSettings#adminPaths() admin paths} wait.
	 * @param address its address; replaces an earlier one
	 */
	public void admin(InetSocketAddress address) {
		Target target = Target.admin(address);
		synchronized (this.membershipLock) {
			Target former = this.adminTarget;
			this.adminTarget = target;
			this.admin.change(target, Target.State.ROUTABLE);
			if (former != null) {
				this.admin.change(former, Target.State.DRAINING);
				onAllLanes((lane) -> lane.pool().closeIdle(former));
			}
		}
	}

	/** From now on each request for a worker is to be seen in a trace. */
	public void traceWith(RequestTracing tracing) {
		this.frontend.traceWith(tracing);
	}

	/** The counts at this moment. */
	public DispatcherSnapshot snapshot() {
		Traffic traffic = this.frontend.traffic();
		int queued = this.workers.queued() + this.admin.queued();
		return new DispatcherSnapshot(port(), traffic.connections.get(), Math.max(0, traffic.exchanges.get() - queued),
				queued, traffic.requests.sum(), traffic.allRetries(), traffic.failures.sum());
	}

	/** All that has passed through so far. */
	public TrafficReport report() {
		return this.frontend.traffic().report();
	}

	/** How requests went so far. */
	public TrafficSample sample() {
		Map<WorkerId, TrafficSample.Part> parts = new HashMap<>();
		synchronized (this.membershipLock) {
			this.targets.forEach((worker, target) -> parts.put(worker, target.pulse().read()));
		}
		return new TrafficSample(this.frontend.traffic().total(), parts);
	}

	/**
	 * The cluster with the counts of its traffic at this moment.
	 * @param snapshot the cluster without
	 */
	public ClusterSnapshot observe(ClusterSnapshot snapshot) {
		Map<WorkerId, Target> known;
		synchronized (this.membershipLock) {
			known = Map.copyOf(this.targets);
		}
		return snapshot.withTraffic(snapshot(),
				snapshot.workers().stream().map((worker) -> observe(worker, known.get(worker.id()))).toList());
	}

	/**
	 * Take no new connections and no further requests on existing ones, but answer what
	 * was asked. Requests that wait get 503 as soon as no worker is left.
	 * @return completes when no request is in flight any more
	 */
	public CompletionStage<Void> quiesce() {
		this.frontend.quiesce();
		this.server.close().addListener((closed) -> {
			this.workers.close();
			this.admin.close();
			onAllLanes(Lane::closeIdleClients).whenComplete((done, failure) -> this.frontend.swept());
		});
		return this.frontend.quiet().minimalCompletionStage();
	}

	/**
	 * Find out whether every event loop does its work.
	 * @return completes once each has done something
	 */
	public CompletionStage<Void> ping() {
		return onAllLanes((lane) -> {
		});
	}

	/** What all its buffers come from. */
	PooledByteBufAllocatorMetric memory() {
		return this.allocator.metric();
	}

	/** Close everything, whatever is in flight. Waits a few seconds at most. */
	@Override
	public void close() {
		this.frontend.close();
		this.server.close().awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
		this.workers.close();
		this.admin.close();
		// Loops that shut down close connections by themselves, in whatever state those
		// are.
		onAllLanes(Lane::closeAll).completeOnTimeout(null, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
		this.loops.shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
			.awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS + 1, TimeUnit.SECONDS);
		closeTls();
		this.frontend.quiet().complete(null);
	}

	/** Daemons: how long the process lives is not for the dispatcher to say. */
	private static ThreadFactory threads(String prefix) {
		AtomicInteger count = new AtomicInteger();
		return (task) -> {
			Thread thread = new FastThreadLocalThread(task, prefix + count.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

	private List<Lane> openLanes(Transport transport, Limits limits, int loops) {
		List<Lane> lanes = new ArrayList<>();
		long replayBytes = Memory.replayBytes() / loops;
		for (EventExecutor executor : this.loops) {
			lanes.add(Lane.open((EventLoop) executor, transport.connecting(), this.allocator, limits, replayBytes));
		}
		return List.copyOf(lanes);
	}

	private Balancer balancer(DispatcherSettings settings, SlowStart slowStart, Consumer<Target> drainListener) {
		return new Balancer(settings.policy(), slowStart, settings.dispatch().maxInFlightPerWorker(),
				settings.dispatch().queueCapacity(), this::later, drainListener);
	}

	/**
	 * Once the loops shut down nobody waits for anything, and they refuse what is new.
	 */
	private void later(Duration delay, Runnable action) {
		try {
			this.loops.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Event loops have ended", ex);
		}
	}

	private Channel bind(DispatcherSettings settings, Transport transport) {
		Map<EventLoop, Lane> lanesByLoop = new HashMap<>();
		this.lanes.forEach((lane) -> lanesByLoop.put(lane.loop(), lane));
		ServerBootstrap bootstrap = new ServerBootstrap().group(this.loops)
			.channel(transport.listening())
			.option(ChannelOption.SO_REUSEADDR, true)
			.option(ChannelOption.SO_BACKLOG, BACKLOG)
			.childOption(ChannelOption.ALLOCATOR, this.allocator)
			.childOption(ChannelOption.TCP_NODELAY, true)
			.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
			.childOption(ChannelOption.RECVBUF_ALLOCATOR, Memory.clientReads())
			.childHandler(new ChannelInitializer<Channel>() {

				@Override
				protected void initChannel(Channel channel) {
					Lane lane = lanesByLoop.get(channel.eventLoop());
					if (lane != null) {
						connect(channel, lane);
					}
				}

			});
		InetSocketAddress address = (settings.address() != null)
				? new InetSocketAddress(settings.address(), settings.port()) : new InetSocketAddress(settings.port());
		transport.limitUnsent(bootstrap, Limits.UNSENT);
		ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
		if (!bound.isSuccess()) {
			throw new DispatcherBindException(settings.address(), settings.port(), bound.cause());
		}
		return bound.channel();
	}

	private void connect(Channel channel, Lane lane) {
		ClientConnection client = new ClientConnection(this.frontend, lane, channel);
		channel.pipeline().addLast(client);
		if (this.tls != null) {
			channel.pipeline().addFirst(new TlsLayer(this.tls, client));
		}
	}

	private void closeTls() {
		if (this.tls != null) {
			this.tls.close();
		}
	}

	private void update(WorkerSnapshot worker, List<WorkerId> newlyDrained) {
		Target target = this.targets.get(worker.id());
		if (target != null && worker.port() != null && target.address().getPort() != worker.port()) {
			remove(worker.id());
			target = null;
		}
		if (target == null) {
			if (worker.state() == WorkerState.DRAINING) {
				// It never had a request, or its requests are long forgotten.
				if (this.drained.add(worker.id())) {
					newlyDrained.add(worker.id());
				}
				return;
			}
			if (worker.port() == null || !worker.state().isAlive()) {
				return;
			}
			target = Target.of(worker.id(), worker.port(), server(worker));
			this.targets.put(worker.id(), target);
		}
		// One that stood by has a slot now.
		target.knownAs(server(worker));
		switch (worker.state()) {
			case STARTING, WARMING, STANDBY, PAUSED, DRAINED -> change(target, Target.State.PAUSED);
			case READY -> change(target, Target.State.ROUTABLE);
			case DRAINING -> change(target, Target.State.DRAINING);
			case EXITED, BACKOFF -> remove(worker.id());
		}
	}

	private static @Nullable Server server(WorkerSnapshot worker) {
		Integer slot = (worker.slot() != WorkerSnapshot.NO_SLOT) ? worker.slot() : null;
		return (worker.pid() != null) ? new Server(slot, worker.pid()) : null;
	}

	private void removeAbsent(ClusterSnapshot snapshot) {
		Set<WorkerId> present = new HashSet<>();
		snapshot.workers().forEach((worker) -> present.add(worker.id()));
		this.drained.retainAll(present);
		for (WorkerId id : List.copyOf(this.targets.keySet())) {
			if (!present.contains(id)) {
				remove(id);
			}
		}
	}

	private void remove(WorkerId id) {
		Target target = this.targets.remove(id);
		if (target != null) {
			change(target, Target.State.GONE);
		}
	}

	/**
	 * First the state, then the connections: what is opened in between sees the state.
	 */
	private void change(Target target, Target.State state) {
		this.workers.change(target, state);
		if (state == Target.State.DRAINING) {
			onAllLanes((lane) -> lane.pool().closeIdle(target));
		}
		else if (state == Target.State.GONE) {
			onAllLanes((lane) -> lane.abandon(target));
		}
	}

	/** Completes when it has been done on all of them, or they have ended. */
	private CompletableFuture<Void> onAllLanes(Consumer<Lane> action) {
		return CompletableFuture.allOf(this.lanes.stream()
			.map((lane) -> execute(lane, () -> action.accept(lane)))
			.toArray(CompletableFuture[]::new));
	}

	private void onOneLane(Runnable action) {
		execute(this.lanes.get(0), action);
	}

	private static CompletableFuture<Void> execute(Lane lane, Runnable action) {
		try {
			return CompletableFuture.runAsync(action, lane.loop()).exceptionally((failure) -> {
				logger.error("Failed on an event loop", failure);
				return null;
			});
		}
		catch (RejectedExecutionException ex) {
			// Closed already, and with it all it had.
			logger.debug("Event loop has ended", ex);
			return CompletableFuture.completedFuture(null);
		}
	}

	private void targetDrained(Target target) {
		WorkerId worker = target.worker();
		if (worker != null) {
			// Whoever made the change may hold a lock.
			onOneLane(() -> tellDrained(worker));
		}
	}

	private void tellDrained(WorkerId worker) {
		try {
			this.listener.targetDrained(worker);
		}
		catch (RuntimeException ex) {
			// The request that was the last one there has nothing to do with it.
			logger.error("Listener failed when told that worker {} is drained", worker, ex);
		}
	}

	private static WorkerSnapshot observe(WorkerSnapshot worker, @Nullable Target target) {
		return (target != null)
				? worker.withTraffic(target.inFlight(), target.requests().sum(), target.failures().sum()) : worker;
	}

}

package io.github.bootcluster.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.DispatcherSnapshot;
import io.github.bootcluster.TrafficReport;
import io.github.bootcluster.WorkerId;
import io.github.bootcluster.WorkerSnapshot;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.dispatch.DispatcherBindException;
import io.github.bootcluster.dispatch.RequestTracing;
import io.github.bootcluster.dispatch.TrafficSample;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A public port at which the workers listen themselves ({@code SO_REUSEPORT}): the system
 * shares connections out among them. The launcher only holds the port, by a socket that
 * is bound and does not listen, and so gets no connections: nobody else can have the port
 * while no worker listens, one that the system chose stays the same, and one that is
 * taken is found out at once. Linux lets no process of another user in.
 * <p>
 * A worker that leaves finishes by itself what it has; here nothing of that is known.
 */
final class SharedPort implements PublicPort {

	private static final Logger logger = LoggerFactory.getLogger(SharedPort.class);

	private final SocketChannel place;

	private final InetSocketAddress address;

	private final Consumer<WorkerId> drained;

	/** Leaving workers that were told of. Guarded by this. */
	private final Set<WorkerId> leaving = new HashSet<>();

	private SharedPort(SocketChannel place, InetSocketAddress address, Consumer<WorkerId> drained) {
		this.place = place;
		this.address = address;
		this.drained = drained;
	}

	/**
	 * Hold a port.
	 * @param address its address, or {@code null} for all
	 * @param port the port, 0 for any free one
	 * @param drained told of workers that may leave
	 * @throws LaunchException if this system cannot share a port
	 * @throws PortUnavailableException if the port is taken or not permitted
	 */
	static SharedPort open(@Nullable InetAddress address, int port, Consumer<WorkerId> drained) {
		requireLinux(System.getProperty("os.name"));
		InetSocketAddress wanted = (address != null) ? new InetSocketAddress(address, port)
				: new InetSocketAddress(port);
		try {
			refuseTaken(wanted);
			SocketChannel place = hold(wanted);
			SharedPort shared = new SharedPort(place, (InetSocketAddress) place.getLocalAddress(), drained);
			logger.info("Port {}{} is held for the workers to listen at: the system shares connections out",
					shared.port(), (address != null) ? " of " + address.getHostAddress() : "");
			return shared;
		}
		catch (IOException ex) {
			throw new PortUnavailableException(new DispatcherBindException(address, port, ex));
		}
	}

	static void requireLinux(String system) {
		if (!"Linux".equals(system)) {
			throw new LaunchException(
					"With cluster.scheduling-policy=none the system shares connections out among processes that listen at one port, which %s does not do as Linux does."
						.formatted(system),
					"Set cluster.scheduling-policy to round-robin or least-requests, or run the cluster on Linux.");
		}
	}

	/**
	 * Another launcher of the same user would share the port with this one, to the
	 * surprise of both: so somebody who does not share tries it first. Whoever of that
	 * user begins to share it between this and the next step is not found out.
	 */
	private static void refuseTaken(InetSocketAddress address) throws IOException {
		if (address.getPort() != 0) {
			try (ServerSocket trial = new ServerSocket()) {
				trial.setReuseAddress(true);
				trial.bind(address, 1);
			}
		}
	}

	private static SocketChannel hold(InetSocketAddress address) throws IOException {
		SocketChannel place = SocketChannel.open();
		try {
			place.setOption(StandardSocketOptions.SO_REUSEPORT, true);
			// What is left of connections of before does not matter. But Linux would take
			// it as leave for anybody to listen, as long as nobody does.
			place.setOption(StandardSocketOptions.SO_REUSEADDR, true);
			place.bind(address);
			place.setOption(StandardSocketOptions.SO_REUSEADDR, false);
			return place;
		}
		catch (IOException | RuntimeException ex) {
			place.close();
			throw ex;
		}
	}

	@Override
	public int port() {
		return this.address.getPort();
	}

	/** Where the workers shall listen. */
	InetSocketAddress address() {
		return this.address;
	}

	/** To finish what it has is part of a worker's own shutdown, which may begin. */
	@Override
	public void update(ClusterSnapshot snapshot) {
		Set<WorkerId> draining = snapshot.workers()
			.stream()
			.filter((worker) -> worker.state() == WorkerState.DRAINING)
			.map(WorkerSnapshot::id)
			.collect(Collectors.toSet());
		Set<WorkerId> newlyDraining = new HashSet<>(draining);
		synchronized (this) {
			newlyDraining.removeAll(this.leaving);
			this.leaving.retainAll(draining);
			this.leaving.addAll(newlyDraining);
		}
		newlyDraining.forEach(this.drained);
	}

	/** The port is all that is known. */
	@Override
	public ClusterSnapshot observe(ClusterSnapshot snapshot) {
		return snapshot.withTraffic(DispatcherSnapshot.none(port()), snapshot.workers());
	}

	@Override
	public TrafficSample sample() {
		return TrafficSample.NONE;
	}

	@Override
	public TrafficReport report() {
		return TrafficReport.NONE;
	}

	@Override
	public void admin(InetSocketAddress address) {
		throw new IllegalStateException("Nobody serves the launcher's endpoints at a port that workers share");
	}

	/** No request passes here. */
	@Override
	public void traceWith(RequestTracing tracing) {
		logger.warn("The launcher's tracer sees no requests: with cluster.scheduling-policy=none none pass it");
	}

	/** What is in flight is the workers' to finish, and their end is waited for. */
	@Override
	public CompletionStage<Void> quiesce() {
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletionStage<Void> ping() {
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public void close() {
		try {
			this.place.close();
		}
		catch (IOException ex) {
			logger.warn("Port {} could not be given back: {}", port(), ex.getMessage());
		}
	}

}

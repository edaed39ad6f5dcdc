package io.github.bootcluster.dispatch;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.accesslog.AccessLogEntry.Server;

/**
 * Something requests are sent to: a worker, or the launcher's own admin context.
 */
final class Target {

	private final @Nullable WorkerId worker;

	private final InetSocketAddress address;

	/**
	 * As logs call it, or {@code null} where its process is not known. Written by the
	 * thread that updates the dispatcher, read anywhere.
	 */
	private volatile @Nullable Server server;

	private final LongAdder requests = new LongAdder();

	private final LongAdder failures = new LongAdder();

	private final Pulse pulse = new Pulse();

	/** Written under the balancer's lock, read anywhere. */
	private volatile State state = State.PAUSED;

	/** Written under the balancer's lock, read anywhere. */
	private volatile int inFlight;

	/**
	 * Requests that joined another one here. Written under the balancer's lock, read
	 * anywhere.
	 */
	private volatile long joined;

	/** Guarded by the balancer's lock. */
	private boolean resting;

	/** Guarded by the balancer's lock. */
	private boolean drainPending;

	/**
	 * Its slow start, once that has begun, for good: there is no second one. Guarded by
	 * the balancer's lock.
	 */
	private SlowStart.@Nullable Progress progress;

	private Target(@Nullable WorkerId worker, InetSocketAddress address, @Nullable Server server) {
		this.worker = worker;
		this.address = address;
		this.server = server;
	}

	/** A worker: always on this machine, never reachable from another. */
	static Target of(WorkerId worker, int port, @Nullable Server server) {
		return new Target(worker, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), server);
	}

	/** A worker of which no more is known. */
	static Target of(WorkerId worker, int port) {
		return of(worker, port, null);
	}

	static Target admin(InetSocketAddress address) {
		return new Target(null, address, new Server(null, ProcessHandle.current().pid()));
	}

	@Nullable WorkerId worker() {
		return this.worker;
	}

	InetSocketAddress address() {
		return this.address;
	}

	@Nullable Server server() {
		return this.server;
	}

	void knownAs(@Nullable Server server) {
		this.server = server;
	}

	State state() {
		return this.state;
	}

	int inFlight() {
		return this.inFlight;
	}

	/** Grows whenever a request comes to a target that has one already. */
	long joined() {
		return this.joined;
	}

	LongAdder requests() {
		return this.requests;
	}

	LongAdder failures() {
		return this.failures;
	}

	Pulse pulse() {
		return this.pulse;
	}

	// What follows is for the balancer alone, with its lock held.

	void enter(State state) {
		this.state = state;
		if (state == State.DRAINING) {
			this.drainPending = true;
		}
	}

	void register() {
		if (this.inFlight > 0) {
			this.joined = this.joined + 1;
		}
		this.inFlight = this.inFlight + 1;
	}

	void deregister() {
		this.inFlight = this.inFlight - 1;
	}

	boolean isResting() {
		return this.resting;
	}

	void rest(boolean resting) {
		this.resting = resting;
	}

	SlowStart.@Nullable Progress progress() {
		return this.progress;
	}

	void progress(SlowStart.Progress progress) {
		this.progress = progress;
	}

	/** Whether its drain ended just now; answers {@code true} at most once. */
	boolean endDrain() {
		boolean ended = this.drainPending && this.inFlight == 0;
		if (ended) {
			this.drainPending = false;
		}
		return ended;
	}

	@Override
	public String toString() {
		return ((this.worker != null) ? "worker " + this.worker : "admin context") + " at port "
				+ this.address.getPort();
	}

	/**
	 * Where a target is in its life.
	 *
	 * <pre>
	 * PAUSED ◄──► ROUTABLE ──► DRAINING ──► GONE
	 *    └───────────┴─────────────────────►─┘
	 * </pre>
	 */
	enum State {

		/** Gets no requests for now; its idle connections are kept. */
		PAUSED,

		/** Gets requests. */
		ROUTABLE,

		/** Finishes what it has; gets no more, ever. */
		DRAINING,

		/** Does not exist any more; not reversible. */
		GONE;

		/** Whether connections to it are worth keeping for later requests. */
		boolean keepsIdleConnections() {
			return this == PAUSED || this == ROUTABLE;
		}

	}

}

package io.github.bootcluster.dispatch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;

/**
 * One event loop and what lives on it: connections of clients and, for them alone,
 * connections to targets. Nothing crosses from one lane to another.
 */
final class Lane {

	private final EventLoop loop;

	private final ConnectionPool pool;

	private final RequestHeads heads = new RequestHeads();

	/** Of the bodies kept for another attempt. */
	private final ByteBudget replayBudget;

	/** Belongs to the event loop. */
	private final Set<ClientConnection> clients = new HashSet<>();

	private Lane(EventLoop loop, ConnectionPool pool, ByteBudget replayBudget) {
		this.loop = loop;
		this.pool = pool;
		this.replayBudget = replayBudget;
	}

	static Lane open(EventLoop loop, Class<? extends SocketChannel> channelType, ByteBufAllocator allocator,
			Limits limits, long replayBytes) {
		ConnectionPool pool = new ConnectionPool(loop, channelType, allocator, limits);
		long interval = Math.max(1, limits.idleNanos() / 4);
		loop.scheduleWithFixedDelay(pool::closeAged, interval, interval, TimeUnit.NANOSECONDS);
		return new Lane(loop, pool, new ByteBudget(replayBytes));
	}

	EventLoop loop() {
		return this.loop;
	}

	ConnectionPool pool() {
		return this.pool;
	}

	RequestHeads heads() {
		return this.heads;
	}

	ByteBudget replayBudget() {
		return this.replayBudget;
	}

	void add(ClientConnection client) {
		this.clients.add(client);
	}

	void remove(ClientConnection client) {
		this.clients.remove(client);
	}

	/**
	 * A target does not exist any more. What it had answered may still be on its way
	 * through the system, so connections in use get a moment to end by themselves. Where
	 * an answer has begun they get all the time its client needs: its end, whole or not,
	 * comes behind it.
	 */
	void abandon(Target target) {
		this.pool.closeIdle(target);
		this.loop.schedule(() -> this.pool.closeUnanswered(target), Limits.ABANDON_NANOS, TimeUnit.NANOSECONDS);
	}

	/** Close connections of clients that wait for no answer. */
	void closeIdleClients() {
		new ArrayList<>(this.clients).forEach(ClientConnection::closeIfIdle);
	}

	void closeAll() {
		new ArrayList<>(this.clients).forEach(ClientConnection::cut);
		this.pool.closeAll();
	}

}

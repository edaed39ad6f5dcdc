package io.github.bootcluster.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to all targets. Belongs to that loop.
 */
final class ConnectionPool {

	private final Bootstrap bootstrap;

	private final EventLoop loop;

	private final long idleNanos;

	private final Map<Target, Deque<TargetConnection>> idle = new HashMap<>();

	private final Set<TargetConnection> open = new HashSet<>();

	ConnectionPool(EventLoop loop, Class<? extends SocketChannel> channelType, ByteBufAllocator allocator,
			Limits limits) {
		this.loop = loop;
		this.idleNanos = limits.idleNanos();
		this.bootstrap = new Bootstrap().group(loop)
			.channel(channelType)
			.option(ChannelOption.ALLOCATOR, allocator)
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, limits.connectMillis())
			// A target that hung up on the body may have answered before, which is still
			// to be read.
			.option(ChannelOption.AUTO_CLOSE, false);
	}

	/** An idle connection, the one used last, or {@code null}. */
	@Nullable TargetConnection take(Target target) {
		Deque<TargetConnection> connections = this.idle.get(target);
		while (connections != null) {
			TargetConnection connection = connections.pollFirst();
			if (connection == null) {
				break;
			}
			// Aged ones are not worth the risk: the target may be closing them just now.
			if (connection.isUsable() && System.nanoTime() - connection.idleSince() < this.idleNanos) {
				return connection;
			}
			connection.close();
		}
		return null;
	}

	/** A connection yet to be opened. */
	TargetConnection create(Target target, TargetConnection.User user) {
		return new TargetConnection(target, this, user);
	}

	/** Open a connection; its user is told. */
	void open(TargetConnection connection) {
		this.open.add(connection);
		ChannelFuture connecting = this.bootstrap.clone().handler(new ChannelInitializer<Channel>() {

			@Override
			protected void initChannel(Channel channel) {
				channel.pipeline().addLast(connection);
			}

		}).connect(connection.target().address());
		if (connecting.cause() == null) {
			connection.opening(connecting.channel());
		}
		connecting.addListener((future) -> {
			if (future.isSuccess()) {
				connecting.channel().closeFuture().addListener((closed) -> remove(connection));
				connection.opened();
			}
			else {
				this.open.remove(connection);
				// Out of the caller's way, who may still be in open().
				this.loop.execute(() -> connection.notOpened(future.cause()));
			}
		});
	}

	/** Keep a connection for later. */
	void put(TargetConnection connection) {
		Target target = connection.target();
		if (target.state().keepsIdleConnections()) {
			this.idle.computeIfAbsent(target, (key) -> new ArrayDeque<>()).addFirst(connection);
		}
		else {
			connection.close();
		}
	}

	/** A connection is no concern of the pool any more: whoever uses it closes it. */
	void handOver(TargetConnection connection) {
		this.open.remove(connection);
	}

	private void remove(TargetConnection connection) {
		this.open.remove(connection);
		Deque<TargetConnection> connections = this.idle.get(connection.target());
		if (connections != null) {
			connections.remove(connection);
		}
	}

	/** Close those to a target nobody uses. */
	void closeIdle(Target target) {
		Deque<TargetConnection> connections = this.idle.remove(target);
		if (connections != null) {
			connections.forEach(TargetConnection::close);
		}
	}

	/** Close those to a target on which no answer has begun; their users learn of it. */
	void closeUnanswered(Target target) {
		closeIf((connection) -> connection.target() == target && !connection.isAnswering());
	}

	void closeAll() {
		this.idle.clear();
		closeIf((connection) -> true);
	}

	/** Close those that were idle for too long. */
	void closeAged() {
		long now = System.nanoTime();
		for (Iterator<Deque<TargetConnection>> all = this.idle.values().iterator(); all.hasNext();) {
			Deque<TargetConnection> connections = all.next();
			List<TargetConnection> aged = connections.stream()
				.filter((connection) -> now - connection.idleSince() >= this.idleNanos)
				.toList();
			connections.removeAll(aged);
			aged.forEach(TargetConnection::close);
			if (connections.isEmpty()) {
				all.remove();
			}
		}
	}

	private void closeIf(Predicate<TargetConnection> condition) {
		new ArrayList<>(this.open).stream().filter(condition).forEach(TargetConnection::close);
	}

}

package io.github.bootcluster.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import org.jspecify.annotations.Nullable;

/**
 * Holds an answer back for as long as another target could still give it: until it is
 * complete, or has become too large or too late for that. What goes past here, the client
 * has seen. Belongs to the event loop of its client's connection.
 */
final class CommitWindow {

	/** Most bytes held. */
	static final int MAX_BYTES = 64 * 1024;

	/** Most pieces held: each may keep the whole buffer alive it was read into. */
	static final int MAX_PIECES = 64;

	/** How long an answer is held whose end is not in sight. */
	static final Duration MAX_DELAY = Duration.ofMillis(5);

	private final Channel client;

	private final List<ByteBuf> held = new ArrayList<>(4);

	private int heldBytes;

	private boolean open;

	private @Nullable ChannelFuture lastWrite;

	private @Nullable ScheduledFuture<?> timer;

	CommitWindow(Channel client) {
		this.client = client;
	}

	/** Hold what is written from now on. */
	void open() {
		this.open = true;
	}

	/** Whether the client has seen something. */
	boolean isCommitted() {
		return this.lastWrite != null;
	}

	/** The last thing the client got, or {@code null} if that was nothing. */
	@Nullable ChannelFuture lastWrite() {
		return this.lastWrite;
	}

	/** Write a piece of the answer, which is taken over. */
	void write(ByteBuf piece) {
		if (!this.open) {
			this.lastWrite = this.client.write(piece);
			return;
		}
		this.held.add(piece);
		this.heldBytes += piece.readableBytes();
		if (this.heldBytes > MAX_BYTES || this.held.size() > MAX_PIECES) {
			commit();
		}
	}

	/** Nothing more has arrived for now, and nobody knows how long the answer will be. */
	void holdBriefly() {
		if (this.open && this.timer == null) {
			this.timer = this.client.eventLoop().schedule(() -> {
				commit();
				this.client.flush();
			}, MAX_DELAY.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	/** Let go of all that is held, and hold nothing any more. */
	void commit() {
		close();
		for (ByteBuf piece : this.held) {
			write(piece);
		}
		this.held.clear();
	}

	/** Throw away what is held: another target will answer, or nobody. */
	void discard() {
		close();
		this.held.forEach(ByteBuf::release);
		this.held.clear();
		this.heldBytes = 0;
	}

	private void close() {
		this.open = false;
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

}

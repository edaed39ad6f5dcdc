package io.github.bootcluster.dispatch;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the body of a request does not dribble in: it would hold its place at a
 * worker for as long as it likes. Only those spans of time count in which it was the
 * client's turn from beginning to end. Belongs to the event loop of its connection.
 */
final class BodyPace {

	private final EventLoop loop;

	private final long spanNanos;

	/** Fewest bytes in a span. */
	private final long minBytes;

	private final BooleanSupplier clientsTurn;

	private final Runnable tooSlow;

	private boolean wasClientsTurn;

	private long bytes;

	private @Nullable ScheduledFuture<?> timer;

	/**
	 * The pace of one body, from now on.
	 * @param spanNanos how long slowness is watched before it is judged
	 * @param clientsTurn whether the client could send more
	 * @param tooSlow what to do about it; called once at most
	 */
	BodyPace(EventLoop loop, long spanNanos, BooleanSupplier clientsTurn, Runnable tooSlow) {
		this.loop = loop;
		this.spanNanos = spanNanos;
		this.minBytes = Math.max(1, (long) (Limits.MIN_BODY_RATE * (spanNanos / 1e9)));
		this.clientsTurn = clientsTurn;
		this.tooSlow = tooSlow;
		begin();
	}

	/** A part of the body has arrived. */
	void received(int bytes) {
		this.bytes += bytes;
	}

	/** It is not the client's turn. */
	void paused() {
		this.wasClientsTurn = false;
	}

	/** The body has ended, or is not wanted any more. */
	void end() {
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

	private void begin() {
		this.bytes = 0;
		this.wasClientsTurn = this.clientsTurn.getAsBoolean();
		this.timer = this.loop.schedule(this::judge, this.spanNanos, TimeUnit.NANOSECONDS);
	}

	private void judge() {
		this.timer = null;
		if (this.wasClientsTurn && this.bytes < this.minBytes && this.clientsTurn.getAsBoolean()) {
			this.tooSlow.run();
		}
		else {
			begin();
		}
	}

}

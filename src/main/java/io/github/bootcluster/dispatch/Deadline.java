package io.github.bootcluster.dispatch;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * The one thing a client connection is waiting for and until when. Moved several times
 * per request, so moving it later costs no more than a clock reading: the timer that is
 * already running finds out when it fires. All state belongs to the event loop.
 */
final class Deadline {

	private final EventLoop loop;

	private @Nullable Runnable action;

	private long expiresAt;

	private @Nullable ScheduledFuture<?> timer;

	private long timerFiresAt;

	Deadline(EventLoop loop) {
		this.loop = loop;
	}

	/** Replace whatever was waited for. */
	void set(long nanos, Runnable action) {
		this.action = action;
		this.expiresAt = System.nanoTime() + nanos;
		if (this.timer != null) {
			if (this.timerFiresAt - this.expiresAt <= 0) {
				return;
			}
			this.timer.cancel(false);
		}
		schedule(nanos);
	}

	/** Wait for nothing. */
	void clear() {
		this.action = null;
	}

	/** Wait for nothing ever again. */
	void cancel() {
		clear();
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

	private void schedule(long nanos) {
		this.timerFiresAt = this.expiresAt;
		this.timer = this.loop.schedule(this::fired, nanos, TimeUnit.NANOSECONDS);
	}

	private void fired() {
		this.timer = null;
		Runnable due = this.action;
		if (due == null) {
			return;
		}
		long remaining = this.expiresAt - System.nanoTime();
		if (remaining > 0) {
			schedule(remaining);
			return;
		}
		this.action = null;
		due.run();
	}

}

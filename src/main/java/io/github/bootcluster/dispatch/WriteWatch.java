package io.github.bootcluster.dispatch;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * Tells a peer that takes what is written to it slowly from one that takes nothing.
 * Belongs to the event loop of its connection.
 */
final class WriteWatch {

	private final Channel channel;

	private final Deadline deadline;

	private final long nanos;

	private final Runnable stalled;

	/** What waited when something was last taken, once that is known. */
	private long unwritten = Long.MAX_VALUE;

	private WriteWatch(Channel channel, Deadline deadline, long nanos, Runnable stalled) {
		this.channel = channel;
		this.deadline = deadline;
		this.nanos = nanos;
		this.stalled = stalled;
	}

	/**
	 * Expect a peer to take something of what waits for it, again and again.
	 * @param deadline is set, and may be moved or cleared by its owner to end the watch
	 * @param nanos time in which something must be taken
	 * @param stalled what to do when it was not
	 */
	static void begin(Channel channel, Deadline deadline, long nanos, Runnable stalled) {
		WriteWatch watch = new WriteWatch(channel, deadline, nanos, stalled);
		deadline.set(nanos, watch::judge);
		// Whoever writes just now has more to write.
		channel.eventLoop().execute(watch::measure);
	}

	private void judge() {
		long before = this.unwritten;
		measure();
		if (this.unwritten < before) {
			this.deadline.set(this.nanos, this::judge);
		}
		else {
			this.stalled.run();
		}
	}

	private void measure() {
		ChannelOutboundBuffer buffer = this.channel.unsafe().outboundBuffer();
		this.unwritten = (buffer != null) ? buffer.totalPendingWriteBytes() : 0;
	}

}

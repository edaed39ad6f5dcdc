package io.github.bootcluster.dispatch;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * Tells a peer that takes what is written to it slowly from one that takes nothing. Used
 * on the event loop of its connection.
 */
final class WriteWatch {

	private WriteWatch() {
	}

	/**
	 * Expect a peer to take something of what waits for it, again and again.
	 * @param deadline is set, and may be moved or cleared by its owner to end the watch
	 * @param nanos time in which something must be taken
	 * @param stalled what to do when it was not
	 */
	static void begin(Channel channel, Deadline deadline, long nanos, Runnable stalled) {
		long before = unwrittenBytes(channel);
		deadline.set(nanos, () -> {
			if (unwrittenBytes(channel) < before) {
				begin(channel, deadline, nanos, stalled);
			}
			else {
				stalled.run();
			}
		});
	}

	private static long unwrittenBytes(Channel channel) {
		ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
		return (buffer != null) ? buffer.totalPendingWriteBytes() : 0;
	}

}

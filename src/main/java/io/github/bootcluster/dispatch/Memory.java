package io.github.bootcluster.dispatch;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.internal.SystemPropertyUtil;

/**
 * Where the bytes are that are on their way. One arena for each event loop, since nobody
 * else allocates. Measured against Netty's adaptive default: a twentieth less CPU time a
 * request.
 */
final class Memory {

	private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

	private static final int PAGE_SIZE = 8 * 1024;

	/**
	 * Pages of a chunk, as a power of two: 1 MiB, so that a small heap has room for it.
	 */
	private static final int MAX_ORDER = 7;

	/**
	 * The share of the heap that bodies kept for another attempt may take, as a divisor.
	 */
	private static final int REPLAY_SHARE = 8;

	private Memory() {
	}

	/** Bytes of all bodies together that are kept for another attempt. */
	static long replayBytes() {
		return Runtime.getRuntime().maxMemory() / REPLAY_SHARE;
	}

	/**
	 * How much is read of a client at a time. What a thousand of them send ahead, a read
	 * each, must fit into a small memory.
	 */
	static RecvByteBufAllocator clientReads() {
		return new AdaptiveRecvByteBufAllocator(512, 2 * 1024, 16 * 1024);
	}

	/**
	 * An allocator for that many event loops.
	 * @param onHeapToo whether buffers on the heap are used often, as Java's TLS does
	 */
	static PooledByteBufAllocator allocator(int loops, boolean onHeapToo) {
		return new PooledByteBufAllocator(true, onHeapToo ? loops : 0, loops, PAGE_SIZE, MAX_ORDER,
				PooledByteBufAllocator.defaultSmallCacheSize(), PooledByteBufAllocator.defaultNormalCacheSize(), false);
	}

	/**
	 * Netty follows one buffer in 128 through its life, in case somebody forgets one. The
	 * tests count what is left of all of them; in service it costs a stack trace a time.
	 */
	static void trustTests() {
		if (!SystemPropertyUtil.contains(LEAK_DETECTION)) {
			ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
		}
	}

}

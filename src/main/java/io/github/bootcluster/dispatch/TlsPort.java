package io.github.bootcluster.dispatch;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;

/**
 * TLS as all connections of a port share it. The arithmetic of handshakes has threads of
 * its own: it takes milliseconds each time, for which requests need not wait.
 */
final class TlsPort implements AutoCloseable {

	private static final long IDLE_THREAD_SECONDS = 30;

	private final Supplier<Tls> current;

	private final long handshakeMillis;

	private final ExecutorService handshakes;

	TlsPort(Supplier<Tls> current, Limits limits, int threads, ThreadFactory threadFactory) {
		this.current = current;
		this.handshakeMillis = TimeUnit.NANOSECONDS.toMillis(limits.headNanos());
		ThreadPoolExecutor executor = new ThreadPoolExecutor(threads, threads, IDLE_THREAD_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threadFactory);
		executor.allowCoreThreadTimeOut(true);
		this.handshakes = executor;
	}

	/** What a connection speaks whose handshake begins now. */
	Tls current() {
		return this.current.get();
	}

	/** The handler of a connection. */
	ChannelHandler newHandler(Tls tls, ByteBufAllocator allocator) {
		return tls.newHandler(allocator, this.handshakes, this.handshakeMillis);
	}

	/** Handshakes that have not ended never will. */
	@Override
	public void close() {
		this.handshakes.shutdownNow();
	}

}

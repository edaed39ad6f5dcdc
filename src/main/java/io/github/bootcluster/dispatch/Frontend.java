package io.github.bootcluster.dispatch;

import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;

import io.netty.channel.ChannelFuture;
import org.jspecify.annotations.Nullable;

import io.github.bootcluster.accesslog.AccessLog;

/**
 * What all connections of clients have in common.
 */
final class Frontend {

	private final Limits limits;

	private final Router router;

	private final TrustedProxies trustedProxies;

	private final String scheme;

	private final Traffic traffic;

	private final @Nullable AccessLog accessLog;

	private final CompletableFuture<Void> quiet = new CompletableFuture<>();

	/** Set once it is known, by any thread. */
	private volatile @Nullable RequestTracing tracing;

	/** Whether every answer is the last on its connection. */
	private volatile boolean quiescing;

	/** Whether the connections that were idle when that began are closed. */
	private volatile boolean swept;

	/** Whether every connection is closed, whatever it is busy with. */
	private volatile boolean closing;

	/**
	 * Create it.
	 * @param scheme what clients speak: {@code http} or {@code https}
	 */
	Frontend(Limits limits, Router router, TrustedProxies trustedProxies, String scheme, Traffic traffic,
			@Nullable AccessLog accessLog) {
		this.limits = limits;
		this.router = router;
		this.trustedProxies = trustedProxies;
		this.scheme = scheme;
		this.traffic = traffic;
		this.accessLog = accessLog;
	}

	Limits limits() {
		return this.limits;
	}

	Router router() {
		return this.router;
	}

	/** What the requests of a connection say about where they came from. */
	ForwardedHeaders forwardedHeaders(InetAddress peer) {
		return new ForwardedHeaders(peer, this.trustedProxies, this.scheme);
	}

	Traffic traffic() {
		return this.traffic;
	}

	/** Where requests are logged, or {@code null} if they are not. */
	@Nullable AccessLog accessLog() {
		return this.accessLog;
	}

	void traceWith(RequestTracing tracing) {
		this.tracing = tracing;
	}

	/** Begin to trace a request, if requests are traced and it is for a worker. */
	RequestTracing.@Nullable Span trace(UpstreamRequest request) {
		RequestTracing tracing = this.tracing;
		if (tracing == null || this.router.isForLauncher(request)) {
			return null;
		}
		return tracing.begin(new RequestTracing.Request(request.method().name(), request.path(), request::field));
	}

	boolean isQuiescing() {
		return this.quiescing;
	}

	void quiesce() {
		this.quiescing = true;
	}

	/** Whether it is us, not the clients, who end connections that are in use. */
	boolean isClosing() {
		return this.closing;
	}

	void close() {
		this.quiescing = true;
		this.closing = true;
	}

	void swept() {
		this.swept = true;
		completeIfQuiet();
	}

	/** Completes once the last request is answered after {@link #swept()}. */
	CompletableFuture<Void> quiet() {
		return this.quiet;
	}

	void exchangeBegins() {
		this.traffic.requests.increment();
		this.traffic.exchanges.incrementAndGet();
	}

	/**
	 * An exchange ends with what was written last, or at once if that was nothing. Not
	 * before: who closes everything once it is quiet must not cut an answer off.
	 */
	void exchangeEndsWith(@Nullable ChannelFuture lastWrite) {
		if (lastWrite == null || lastWrite.isDone()) {
			exchangeEnds();
		}
		else {
			lastWrite.addListener((written) -> exchangeEnds());
		}
	}

	private void exchangeEnds() {
		this.traffic.exchanges.decrementAndGet();
		completeIfQuiet();
	}

	private void completeIfQuiet() {
		if (this.swept && this.traffic.exchanges.get() == 0) {
			this.quiet.complete(null);
		}
	}

}

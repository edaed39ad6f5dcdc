package io.github.bootcluster.launcher;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.TrafficReport;
import io.github.bootcluster.dispatch.RequestTracing;
import io.github.bootcluster.dispatch.TrafficSample;

/**
 * The public port as its launcher has to do with it, whoever serves it. All methods may
 * be called on any thread.
 */
sealed interface PublicPort extends AutoCloseable permits DispatchedPort, SharedPort {

	/** The port, as bound. */
	int port();

	/**
	 * Follow the cluster. When a worker that is draining has nothing in flight any more,
	 * as far as can be known here, {@link Fact.Drained} follows.
	 */
	void update(ClusterSnapshot snapshot);

	/** The cluster with what is known here of its traffic. */
	ClusterSnapshot observe(ClusterSnapshot snapshot);

	/** How requests went so far, as far as that is known here. */
	TrafficSample sample();

	/** What has passed through, as far as that is known here. */
	TrafficReport report();

	/** Say where the launcher's own endpoints listen that are served at this port. */
	void admin(InetSocketAddress address);

	/** From now on each request that passes here is to be seen in a trace. */
	void traceWith(RequestTracing tracing);

	/**
	 * Take nothing new.
	 * @return completes when nothing is in flight any more that has to do with this
	 */
	CompletionStage<Void> quiesce();

	/** Completes if all is well. */
	CompletionStage<Void> ping();

	@Override
	void close();

}

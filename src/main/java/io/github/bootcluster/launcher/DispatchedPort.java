package io.github.bootcluster.launcher;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.ClusterSnapshot;
import io.github.bootcluster.TrafficReport;
import io.github.bootcluster.dispatch.Dispatcher;
import io.github.bootcluster.dispatch.RequestTracing;
import io.github.bootcluster.dispatch.TrafficSample;

/** A public port at which a dispatcher shares out requests. */
record DispatchedPort(Dispatcher dispatcher) implements PublicPort {

	@Override
	public int port() {
		return this.dispatcher.port();
	}

	@Override
	public void update(ClusterSnapshot snapshot) {
		this.dispatcher.update(snapshot);
	}

	@Override
	public ClusterSnapshot observe(ClusterSnapshot snapshot) {
		return this.dispatcher.observe(snapshot);
	}

	@Override
	public TrafficSample sample() {
		return this.dispatcher.sample();
	}

	@Override
	public TrafficReport report() {
		return this.dispatcher.report();
	}

	@Override
	public void admin(InetSocketAddress address) {
		this.dispatcher.admin(address);
	}

	@Override
	public void traceWith(RequestTracing tracing) {
		this.dispatcher.traceWith(tracing);
	}

	@Override
	public CompletionStage<Void> quiesce() {
		return this.dispatcher.quiesce();
	}

	@Override
	public CompletionStage<Void> ping() {
		return this.dispatcher.ping();
	}

	@Override
	public void close() {
		this.dispatcher.close();
	}

}

package io.github.bootcluster.dispatch;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.bootcluster.ClusterProperties;
import io.github.bootcluster.SchedulingPolicy;

/**
 * What a dispatcher must know before it starts.
 *
 * @param address local address of the public port, or {@code null} for all
 * @param port the public port, or 0 for one the system picks
 * @param policy how requests are shared out among the workers
 * @param dispatch limits and timeouts
 * @param threads number of event loops
 * @param adminPaths paths that belong to the launcher itself, such as {@code /actuator};
 * everything below them does too
 * @param tls what the public port's TLS is at the moment, asked with every new
 * connection, or {@code null} for plain text
 * @since 0.1.0
 */
public record DispatcherSettings(@Nullable InetAddress address, int port, SchedulingPolicy policy,
		ClusterProperties.Dispatch dispatch, int threads, List<String> adminPaths, @Nullable Supplier<Tls> tls) {

	public DispatcherSettings {
		if (port < 0 || port > 65535) {
			throw new IllegalArgumentException("A port is a number from 0 to 65535, not " + port);
		}
		if (policy == SchedulingPolicy.NONE) {
			throw new IllegalArgumentException("With the policy '" + policy + "' there is no dispatcher");
		}
		if (threads < 1) {
			throw new IllegalArgumentException("At least one event loop is needed, not " + threads);
		}
		adminPaths = List.copyOf(adminPaths);
	}

}

package io.github.bootcluster.dispatch;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

/**
 * The public port cannot be listened on: taken, not permitted, or no address of this
 * machine.
 *
 * @since 0.1.0
 */
public class DispatcherBindException extends RuntimeException {

	private final transient @Nullable InetAddress address;

	private final int port;

	public DispatcherBindException(@Nullable InetAddress address, int port, Throwable cause) {
		super("Cannot listen on %s port %d: %s".formatted(
				(address != null) ? "address " + address.getHostAddress() : "any address,", port, cause.getMessage()),
				cause);
		this.address = address;
		this.port = port;
	}

	/** The address that was asked for, or {@code null} for all. */
	public @Nullable InetAddress getAddress() {
		return this.address;
	}

	/** The port that was asked for. */
	public int getPort() {
		return this.port;
	}

}

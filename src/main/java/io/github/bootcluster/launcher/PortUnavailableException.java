package io.github.bootcluster.launcher;

import io.github.bootcluster.dispatch.DispatcherBindException;

/** The public port cannot be listened on. */
class PortUnavailableException extends LaunchException {

	/** Ports below are the system's, unless it says otherwise. */
	private static final int FIRST_UNPRIVILEGED = 1024;

	PortUnavailableException(DispatcherBindException cause) {
		super("The public port cannot be opened: %s".formatted(cause.getMessage()), advice(cause), cause);
	}

	private static String advice(DispatcherBindException cause) {
		if (!String.valueOf(cause.getMessage()).contains("Permission denied")) {
			return "Stop what listens there, or set server.port (and server.address) to a free one.";
		}
		if (cause.getPort() < FIRST_UNPRIVILEGED) {
			return "Ports below %d need a privilege: give the launcher CAP_NET_BIND_SERVICE, or set server.port to another."
				.formatted(FIRST_UNPRIVILEGED);
		}
		return "The system does not let this user listen there: set server.port (and server.address) to another.";
	}

}

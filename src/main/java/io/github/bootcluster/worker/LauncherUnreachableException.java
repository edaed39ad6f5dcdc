package io.github.bootcluster.worker;

import io.github.bootcluster.control.ControlAddress;

/**
 * The environment makes this process a worker, but its launcher does not answer or does
 * not know it.
 */
public class LauncherUnreachableException extends RuntimeException {

	private final ControlAddress address;

	LauncherUnreachableException(ControlAddress address, Throwable cause) {
		super("Worker %s has no launcher at %s".formatted(address.worker(), address.socket()), cause);
		this.address = address;
	}

	ControlAddress getAddress() {
		return this.address;
	}

}

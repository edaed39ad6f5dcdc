package io.github.bootcluster.worker;

/** The application's web server is none that can share its port with other workers. */
public class UnsharablePortException extends RuntimeException {

	private final String server;

	public UnsharablePortException(String server) {
		super("With cluster.scheduling-policy=none workers share a port, which %s cannot".formatted(server));
		this.server = server;
	}

	String getServer() {
		return this.server;
	}

}

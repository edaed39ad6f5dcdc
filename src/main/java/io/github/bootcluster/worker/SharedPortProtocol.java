package io.github.bootcluster.worker;

import org.apache.coyote.http11.Http11NioProtocol;

/**
 * Tomcat's HTTP/1.1 at a port that is shared with other workers. Public, with a
 * constructor of no arguments, since Tomcat makes it by its name; all that Spring Boot
 * configures of a connector is configured of this one, too.
 */
public final class SharedPortProtocol extends Http11NioProtocol {

	private final SharedPortEndpoint endpoint;

	public SharedPortProtocol() {
		this(new SharedPortEndpoint());
	}

	private SharedPortProtocol(SharedPortEndpoint endpoint) {
		super(endpoint);
		this.endpoint = endpoint;
	}

	/** Listen, or no more. */
	void accept(boolean accepting) {
		this.endpoint.accept(accepting);
	}

}

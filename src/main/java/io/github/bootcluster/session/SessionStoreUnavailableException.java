package io.github.bootcluster.session;

/**
 * The session store did not answer, or not in time: its database is down, cannot be
 * reached, or is too slow.
 *
 * @since 0.1.0
 */
public class SessionStoreUnavailableException extends RuntimeException {

	SessionStoreUnavailableException(RuntimeException cause) {
		super("The session store is not available: " + cause.getMessage(), cause);
	}

}

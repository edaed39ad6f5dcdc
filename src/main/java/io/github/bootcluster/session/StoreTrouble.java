package io.github.bootcluster.session;

import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;

/** Says once that the store is not available, and once that it is again. */
final class StoreTrouble {

	private static final Logger logger = LoggerFactory.getLogger(SharedSessionRepository.class);

	/** Set by any thread. */
	private final AtomicBoolean lasting = new AtomicBoolean();

	void begins(RuntimeException failure) {
		if (this.lasting.compareAndSet(false, true)) {
			logger.warn("The session store is not available; requests that need a session get 503: {}",
					NestedExceptionUtils.getMostSpecificCause(failure).toString());
		}
	}

	void ends() {
		// Read first: this is with every request.
		if (this.lasting.get() && this.lasting.compareAndSet(true, false)) {
			logger.info("The session store is available again");
		}
	}

}

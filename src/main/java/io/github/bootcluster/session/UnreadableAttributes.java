package io.github.bootcluster.session;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;

/**
 * Says of attributes that could not be read which they are: once each, for after a
 * release with another form of a class there may be one in every session.
 */
final class UnreadableAttributes {

	/** More names than an application has: they may come from requests. */
	private static final int MAX_NAMES = 1000;

	private static final Logger logger = LoggerFactory.getLogger(SharedSession.class);

	/** Used by all threads. */
	private final Set<String> reported = ConcurrentHashMap.newKeySet();

	void report(String name, RuntimeException failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		if (this.reported.size() < MAX_NAMES && this.reported.add(name)) {
			logger.warn("Session attribute '{}' cannot be read and is left out, in this session and, without further "
					+ "notice, in others: {}", name, cause.toString());
		}
		else {
			logger.debug("Session attribute '{}' cannot be read and is left out: {}", name, cause.toString());
		}
	}

}

package io.github.bootcluster.session;

import java.time.Duration;
import java.util.Map;

import org.springframework.session.IndexResolver;
import org.springframework.session.Session;

/**
 * By what a session can be found, as far as its attributes can be read: a session is
 * saved also with those that cannot.
 */
record ReadableIndexes(IndexResolver<Session> resolver,
		UnreadableAttributes unreadable) implements IndexResolver<Session> {

	@Override
	public Map<String, String> resolveIndexesFor(Session session) {
		return this.resolver.resolveIndexesFor(new SharedSession<>(session, false, Duration.ZERO, this.unreadable));
	}

}

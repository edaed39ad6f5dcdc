package io.github.bootcluster.session;

import java.util.Map;

import org.springframework.core.convert.ConversionException;
import org.springframework.core.serializer.support.SerializationFailedException;
import org.springframework.session.IndexResolver;
import org.springframework.session.Session;

/**
 * By what a session can be found, as far as its attributes can be read: a session is
 * saved also with those that cannot.
 */
final class ReadableIndexes implements IndexResolver<Session> {

	private final IndexResolver<Session> resolver;

	private final UnreadableAttributes unreadable;

	ReadableIndexes(IndexResolver<Session> resolver, UnreadableAttributes unreadable) {
		this.resolver = resolver;
		this.unreadable = unreadable;
	}

	@Override
	public Map<String, String> resolveIndexesFor(Session session) {
		try {
			return this.resolver.resolveIndexesFor(session);
		}
		catch (ConversionException | SerializationFailedException ex) {
			this.unreadable.report("of the principal", ex);
			return Map.of();
		}
	}

}

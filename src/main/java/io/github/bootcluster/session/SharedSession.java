package io.github.bootcluster.session;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.core.convert.ConversionException;
import org.springframework.core.serializer.support.SerializationFailedException;
import org.springframework.session.Session;

/**
 * A session of a store that several processes use, perhaps of different releases.
 * Confined to the request that loaded it, as every session of Spring Session is.
 *
 * @param <S> the session it is a view of
 */
final class SharedSession<S extends Session> implements Session {

	/** So that a session that is in use never comes near the end of its time unseen. */
	private static final int GRAINS_PER_TIMEOUT = 10;

	private final S session;

	/** Whether the store does not know it yet. */
	private boolean isNew;

	private final Duration grain;

	private final UnreadableAttributes unreadable;

	private Instant lastAccessed;

	/** Whether the store knows it by another id. */
	private boolean idChanged;

	private boolean timeoutChanged;

	private final Set<String> changedAttributes = new HashSet<>();

	SharedSession(S session, boolean isNew, Duration grain, UnreadableAttributes unreadable) {
		this.session = session;
		this.isNew = isNew;
		this.grain = grain;
		this.unreadable = unreadable;
		this.lastAccessed = session.getLastAccessedTime();
	}

	/** What is saved. */
	S session() {
		return this.session;
	}

	@Override
	public String getId() {
		return this.session.getId();
	}

	/** What the store does not know; nothing if it does not know the session at all. */
	SessionChanges changes() {
		return this.isNew ? new SessionChanges(false, false, Set.of())
				: new SessionChanges(this.idChanged, this.timeoutChanged, this.changedAttributes);
	}

	/** The store knows all of it. */
	void saved() {
		this.isNew = false;
		this.idChanged = false;
		this.timeoutChanged = false;
		this.changedAttributes.clear();
	}

	@Override
	public String changeSessionId() {
		this.idChanged = true;
		return this.session.changeSessionId();
	}

	/**
	 * {@code null} also for an attribute that no class of this release can hold. It stays
	 * where it is, for workers of another release may read it.
	 */
	@Override
	public <T> @Nullable T getAttribute(String name) {
		try {
			return this.session.getAttribute(name);
		}
		catch (ConversionException | SerializationFailedException ex) {
			this.unreadable.report(name, ex);
			return null;
		}
	}

	@Override
	public Set<String> getAttributeNames() {
		return this.session.getAttributeNames();
	}

	@Override
	public void setAttribute(String name, Object value) {
		store();
		this.changedAttributes.add(name);
		this.session.setAttribute(name, value);
	}

	@Override
	public void removeAttribute(String name) {
		if (getAttributeNames().contains(name)) {
			store();
			this.changedAttributes.add(name);
			this.session.removeAttribute(name);
		}
	}

	/**
	 * Write the session's own row, which comes before its attributes in a transaction:
	 * requests that save at once then wait for each other there, and not crosswise.
	 */
	private void store() {
		this.session.setLastAccessedTime(this.lastAccessed);
	}

	@Override
	public Instant getCreationTime() {
		return this.session.getCreationTime();
	}

	/** Stored with an attribute, else only if what is stored has become too old. */
	@Override
	public void setLastAccessedTime(Instant time) {
		this.lastAccessed = time;
		if (!time.isBefore(this.session.getLastAccessedTime().plus(effectiveGrain()))) {
			store();
		}
	}

	private Duration effectiveGrain() {
		Duration timeout = getMaxInactiveInterval();
		if (timeout.isNegative()) {
			return this.grain;
		}
		Duration largest = timeout.dividedBy(GRAINS_PER_TIMEOUT);
		return (this.grain.compareTo(largest) <= 0) ? this.grain : largest;
	}

	@Override
	public Instant getLastAccessedTime() {
		return this.lastAccessed;
	}

	@Override
	public void setMaxInactiveInterval(Duration interval) {
		store();
		this.timeoutChanged = true;
		this.session.setMaxInactiveInterval(interval);
	}

	@Override
	public Duration getMaxInactiveInterval() {
		return this.session.getMaxInactiveInterval();
	}

	@Override
	public boolean isExpired() {
		return this.session.isExpired();
	}

}

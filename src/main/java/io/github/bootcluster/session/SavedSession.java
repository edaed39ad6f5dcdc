package io.github.bootcluster.session;

import org.jspecify.annotations.Nullable;

import org.springframework.session.Session;

/**
 * The session that the request of this thread has just saved. Spring Session saves it
 * when the answer begins and again when the request ends, and in between looks for it
 * once more, though nobody asks: it gets the same, without a statement. Whoever looks for
 * it after that asks the store. And if it could not be saved, Spring Session would try so
 * often, too.
 *
 * @param <S> the sessions of the store
 */
final class SavedSession<S extends Session> {

	private final ThreadLocal<@Nullable Slot<S>> request = new ThreadLocal<>();

	/** A request begins; sessions saved without one are not kept. */
	void begin() {
		this.request.set(new Slot<>());
	}

	/** The request ends: the next one of this thread is somebody else's. */
	void end() {
		this.request.remove();
	}

	void put(SharedSession<S> session) {
		Slot<S> slot = this.request.get();
		if (slot != null) {
			slot.session = session;
		}
	}

	/** The session of that id, once. */
	@Nullable SharedSession<S> take(String id) {
		Slot<S> slot = this.request.get();
		SharedSession<S> session = (slot != null) ? slot.session : null;
		if (slot != null) {
			slot.session = null;
		}
		return (session != null && session.getId().equals(id) && !session.isExpired()) ? session : null;
	}

	/** The store did not answer when the request wanted to save a session. */
	void failed(SessionStoreUnavailableException failure) {
		Slot<S> slot = this.request.get();
		if (slot != null) {
			slot.failure = failure;
		}
	}

	/**
	 * Whether there is a point in saving now.
	 * @throws SessionStoreUnavailableException if there was none just before: whoever
	 * waited for that shall not wait again for as long
	 */
	void check() {
		Slot<S> slot = this.request.get();
		if (slot != null && slot.failure != null) {
			throw new SessionStoreUnavailableException(slot.failure);
		}
	}

	private static final class Slot<S extends Session> {

		private @Nullable SharedSession<S> session;

		private @Nullable SessionStoreUnavailableException failure;

	}

}

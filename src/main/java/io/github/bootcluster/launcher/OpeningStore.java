package io.github.bootcluster.launcher;

import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.SessionStoreHealth;
import io.github.bootcluster.session.SessionStore;
import org.jspecify.annotations.Nullable;

/** A session store that may not be open yet. Safe for use by any thread. */
final class OpeningStore implements SessionStoreHealth {

	private final CompletableFuture<SessionStore> store;

	OpeningStore(CompletableFuture<SessionStore> store) {
		this.store = store;
	}

	/** {@code starting} before it is open. */
	@Override
	public String type() {
		SessionStore open = openOrNull();
		return (open != null) ? open.type() : "starting";
	}

	@Override
	public @Nullable String trouble() {
		SessionStore open = openOrNull();
		return (open != null) ? open.trouble() : "It is not open yet.";
	}

	@Override
	public Status status() {
		SessionStore open = openOrNull();
		return (open != null) ? open.status() : Status.OPENING;
	}

	private @Nullable SessionStore openOrNull() {
		return this.store.isCompletedExceptionally() ? null : this.store.getNow(null);
	}

}

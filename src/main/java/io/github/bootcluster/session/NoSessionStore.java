package io.github.bootcluster.session;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Opens nothing: programs that are not this application cannot use a store of ours. */
final class NoSessionStore implements SessionStore {

	@Override
	public String type() {
		return "none";
	}

	@Override
	public @Nullable String trouble() {
		return null;
	}

	@Override
	public Map<String, String> workerProperties() {
		return Map.of();
	}

	@Override
	public void close() {
		// Nothing is open.
	}

}

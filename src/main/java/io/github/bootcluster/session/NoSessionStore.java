package io.github.bootcluster.session;

import java.util.Map;

/** Opens nothing: programs that are not this application cannot use a store of ours. */
final class NoSessionStore implements SessionStore {

	@Override
	public String type() {
		return "none";
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

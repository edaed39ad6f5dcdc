package io.github.bootcluster.session;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;

/** Unmodifiable properties that do not end up in a log by accident. */
class StoreProperties extends AbstractMap<String, String> {

	/**
	 * What every worker is told, whatever the store: the launcher prepares the tables, so
	 * that it happens once and not N times.
	 */
	static final Map<String, String> COMMON = Map.of("spring.session.jdbc.initialize-schema", "never");

	private final Map<String, String> properties;

	StoreProperties(Map<String, String> properties) {
		this.properties = Map.copyOf(properties);
	}

	@Override
	public Set<Entry<String, String>> entrySet() {
		return this.properties.entrySet();
	}

	@Override
	public String toString() {
		return this.properties.keySet().toString();
	}

}

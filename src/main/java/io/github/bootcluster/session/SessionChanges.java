package io.github.bootcluster.session;

import java.util.Set;

/**
 * What a request has changed of a session that the store knows.
 *
 * @param id whether it has given it another id
 * @param timeout whether it has given it a timeout
 * @param attributes names of the attributes it has set or removed
 */
record SessionChanges(boolean id, boolean timeout, Set<String> attributes) {

	SessionChanges {
		attributes = Set.copyOf(attributes);
	}

}

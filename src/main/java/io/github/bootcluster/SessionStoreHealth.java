package io.github.bootcluster;

import org.jspecify.annotations.Nullable;

/**
 * Whether the session store can be used.
 *
 * @since 0.1.0
 */
public interface SessionStoreHealth {

	/**
	 * Kind of store for the operator's eyes: {@code embedded-h2}, or the sub-protocol of
	 * the user's own JDBC URL such as {@code postgresql}, or {@code none}.
	 */
	String type();

	/**
	 * What is wrong with it, in a sentence that anybody may read, or {@code null} if
	 * nothing is. Finding it out may take some seconds while a database server does not
	 * answer; who asks meanwhile gets what was found out before.
	 */
	@Nullable String trouble();

	/**
	 * How it is, in a word. Does not make who asks wait: it may be what was so before.
	 */
	default Status status() {
		return (trouble() != null) ? Status.UNAVAILABLE : Status.UP;
	}

	/** How a session store can be. */
	enum Status {

		/** The launcher has yet to open it. */
		OPENING,

		/** Nothing is wrong with it, as far as is known. */
		UP,

		/** It cannot be used; {@link SessionStoreHealth#trouble()} says why. */
		UNAVAILABLE

	}

}

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

}

package io.github.bootcluster;

/**
 * What this process is in its cluster. Decided once, before the application context
 * exists.
 *
 * @since 0.1.0
 */
public enum Role {

	/**
	 * Owns the public port, starts and supervises the workers; runs none of the
	 * application.
	 */
	LAUNCHER,

	/** One copy of the application, started by a launcher. */
	WORKER,

	/** An ordinary Spring Boot process, not part of any cluster. */
	STANDALONE

}

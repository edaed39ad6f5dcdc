package io.github.bootcluster;

/**
 * State of a cluster as a whole.
 *
 * @since 0.1.0
 */
public enum ClusterState {

	/** First launch: not every slot had a worker ready yet. */
	STARTING,

	/** As many workers ready as desired. */
	RUNNING,

	/** Fewer workers ready than desired, after the first launch. */
	DEGRADED,

	/** Workers are being replaced by those of a new generation. */
	RELOADING,

	/** Shutting down; not reversible. */
	STOPPING

}

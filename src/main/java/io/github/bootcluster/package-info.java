/**
 * The vocabulary every other package shares: what a cluster, a worker and their states
 * are, and how they are configured. Values only, no I/O and no threads. Applications
 * enter at {@link io.github.bootcluster.Cluster}.
 */
@NullMarked
package io.github.bootcluster;

import org.jspecify.annotations.NullMarked;

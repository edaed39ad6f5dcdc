/**
 * What operators read of a cluster, made from snapshots alone. Enter at
 * {@link io.github.bootcluster.actuate.ClusterEndpoint}.
 */
@NullMarked
package io.github.bootcluster.actuate;

import org.jspecify.annotations.NullMarked;

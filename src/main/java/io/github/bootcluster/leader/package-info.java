/**
 * What only one process of a cluster does, its leader: methods that are
 * {@link io.github.bootcluster.leader.LeaderOnly} or
 * {@link io.github.bootcluster.leader.ClusterScheduled}, and whatever an application runs
 * by {@link io.github.bootcluster.leader.Leadership}.
 */
@NullMarked
package io.github.bootcluster.leader;

import org.jspecify.annotations.NullMarked;

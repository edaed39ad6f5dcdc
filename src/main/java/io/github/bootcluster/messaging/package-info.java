/**
 * Messages between the members of a cluster. An application enters at
 * {@link io.github.bootcluster.messaging.ClusterMessaging} and
 * {@link io.github.bootcluster.messaging.ClusterListener}; a member's own end is a
 * {@link io.github.bootcluster.messaging.MessagingNode}, and what stands between the
 * members, in the launcher, is the {@link io.github.bootcluster.messaging.PostOffice}.
 */
@NullMarked
package io.github.bootcluster.messaging;

import org.jspecify.annotations.NullMarked;

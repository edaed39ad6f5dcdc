/**
 * The reverse proxy behind the public port: takes HTTP/1.1 requests, shares them out
 * among the workers and hides the death of a worker wherever HTTP permits. Enter at
 * {@link io.github.bootcluster.dispatch.Dispatcher}.
 *
 * <pre>
 * ClientConnection ── one at a time ──► Exchange ── one per attempt ──► TargetConnection
 *  order, deadlines      │                │  └ RetryRule                 head, body, pool
 *  RequestRules          │                └ Balancer (shared by all event loops)
 *  UpstreamRequest       └ Answer ─► CommitWindow ─► the client
 * </pre>
 *
 * Both connections of an exchange live on one event loop (a {@code Lane}), so that all of
 * the above is plain single-threaded code; the balancer alone is locked.
 */
@NullMarked
package io.github.bootcluster.dispatch;

import org.jspecify.annotations.NullMarked;

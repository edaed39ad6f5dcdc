/**
 * The store that keeps HTTP sessions outside of the workers, so that any worker can serve
 * any session and a session outlives both its worker and the launcher. The launcher
 * enters at {@link io.github.bootcluster.session.SessionStore#open}; workers get to know
 * its {@linkplain io.github.bootcluster.session.SessionStore#workerProperties()
 * properties}, and their leader has the
 * {@link io.github.bootcluster.session.SessionCleanup}.
 */
@NullMarked
package io.github.bootcluster.session;

import org.jspecify.annotations.NullMarked;

/**
 * How a launcher talks to systemd, if that started it: readiness, state, watchdog. Knows
 * the protocol, not what is told. Enter at
 * {@link io.github.bootcluster.systemd.ServiceManager}.
 */
@NullMarked
package io.github.bootcluster.systemd;

import org.jspecify.annotations.NullMarked;

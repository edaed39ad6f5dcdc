/**
 * Starts, watches and replaces workers. Facts (a process exited, a message came, an
 * operator asked) reach one {@link io.github.bootcluster.launcher.Supervisor}, which owns
 * all state, gives {@link io.github.bootcluster.launcher.Orders} and publishes snapshots;
 * it knows events and a clock, never HTTP. Entered at
 * {@link io.github.bootcluster.launcher.Launcher}.
 */
@NullMarked
package io.github.bootcluster.launcher;

import org.jspecify.annotations.NullMarked;

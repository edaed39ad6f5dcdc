/**
 * The launcher's console: what workers and the launcher itself write, whole lines one
 * after another, each telling whose it is. Enter at
 * {@link io.github.bootcluster.console.Console}.
 *
 * <pre>
 * a worker's pipe ─► OutputPump: LineSplitter ─► Events ─► OutputForm ─┐
 *                      └► OutputTail                                  ├─► OutputBuffer ─► one thread ─► Outlet
 * System.out, System.err of the launcher ─► LauncherStream ───────────┘   bounded, fair
 * </pre>
 */
@NullMarked
package io.github.bootcluster.console;

import org.jspecify.annotations.NullMarked;

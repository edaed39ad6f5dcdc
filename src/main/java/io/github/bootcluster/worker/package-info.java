/**
 * The worker's half of a cluster: joins the launcher before the application starts, says
 * when it is ready and that it lives, and ends with the launcher.
 */
@NullMarked
package io.github.bootcluster.worker;

import org.jspecify.annotations.NullMarked;

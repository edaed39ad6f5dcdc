/**
 * A page over the endpoint's JSON: its files, and a stream that tells it once a second
 * what is new. Enter at {@link io.github.bootcluster.dashboard.DashboardServlet}.
 */
@NullMarked
package io.github.bootcluster.dashboard;

import org.jspecify.annotations.NullMarked;

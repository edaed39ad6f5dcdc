/**
 * Brings events of workers to the listeners of application contexts, in a launcher and in
 * its workers alike. Enter by {@link io.github.bootcluster.event.EventDelivery}.
 */
@NullMarked
package io.github.bootcluster.event;

import org.jspecify.annotations.NullMarked;

/**
 * The demonstration: an ordinary web application that shows what the cluster does. A
 * sibling of the library, not part of it.
 */
@NullMarked
package io.github.bootcluster.sample;

import org.jspecify.annotations.NullMarked;

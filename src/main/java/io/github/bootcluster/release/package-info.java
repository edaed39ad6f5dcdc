/**
 * Immutable copies of the program that workers run, so that a build or an overwritten jar
 * never reaches a running worker. Enter by
 * {@link io.github.bootcluster.release.Releases}.
 */
@NullMarked
package io.github.bootcluster.release;

import org.jspecify.annotations.NullMarked;

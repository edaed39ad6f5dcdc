/**
 * What is scraped: the meters of the cluster and those of all its workers, as one text. A
 * worker reads its registry, the launcher keeps the book, in which no counter ever steps
 * back.
 */
@NullMarked
package io.github.bootcluster.metrics;

import org.jspecify.annotations.NullMarked;

/**
 * All wiring: decides what a process is and puts the parts together. Nothing imports this
 * package; Spring Boot enters it.
 */
@NullMarked
package io.github.bootcluster.autoconfigure;

import org.jspecify.annotations.NullMarked;

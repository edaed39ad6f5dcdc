/**
 * How a launcher and its workers talk: messages over a Unix domain socket in the
 * cluster's home. This package knows messages and sockets, never what the messages mean.
 * The launcher enters at {@link io.github.bootcluster.control.ControlServer}, a worker at
 * {@link io.github.bootcluster.control.ControlClient}.
 */
@NullMarked
package io.github.bootcluster.control;

import org.jspecify.annotations.NullMarked;

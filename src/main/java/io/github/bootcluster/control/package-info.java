/**
 * How a launcher and its workers talk: messages over a Unix domain socket in the
 * cluster's home. Operators' processes use it, too. This package knows messages and
 * sockets, never what the messages mean. The launcher enters at
 * {@link io.github.bootcluster.control.ControlServer}, a worker at
 * {@link io.github.bootcluster.control.ControlClient}, an operator's process at
 * {@link io.github.bootcluster.control.OperatorClient}.
 */
@NullMarked
package io.github.bootcluster.control;

import org.jspecify.annotations.NullMarked;

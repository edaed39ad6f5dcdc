/**
 * The command line for operators of a running cluster. Their process enters at
 * {@link io.github.bootcluster.ctl.ClusterCtl}: it reads the arguments, asks the launcher
 * and prints what that says. The launcher enters at
 * {@link io.github.bootcluster.ctl.OperatorDesk}, which does the work, tables included:
 * its JVM is warm, the operator's has just been started.
 */
@NullMarked
package io.github.bootcluster.ctl;

import org.jspecify.annotations.NullMarked;

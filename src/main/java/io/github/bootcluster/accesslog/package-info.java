/**
 * The access log: a line for every request the dispatcher had, in a file that is put
 * aside when it is full or its day is over. Enter at
 * {@link io.github.bootcluster.accesslog.AccessLog}.
 *
 * <pre>
 * event loops ── AccessLog, bounded ──► one thread: AccessLogWriter ─► RotatingFile
 *                 full: counted                       └ LineFormat
 * </pre>
 */
@NullMarked
package io.github.bootcluster.accesslog;

import org.jspecify.annotations.NullMarked;

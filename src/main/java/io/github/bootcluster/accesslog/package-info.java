/**
 * The access log: a line for every request the dispatcher had, in a file that is put
 * aside when it is full or its day is over. Enter at
 * {@link io.github.bootcluster.accesslog.AccessLog}.
 *
 * <pre>
 * event loops ── AccessLog, bounded ──► one thread: AccessLogWriter ─► RotatingFile
 *                 full: counted                       └ LineFormat
 * </pre>
 *
 * The files are our own, on the JDK alone, for what a logging library would be asked for
 * here is what it does not tell: Logback's rolling appender swallows a failed write and
 * everything until it recovers, so that nobody can count what is missing; its history is
 * days and bytes, not files; and an application that logs with something else has no
 * Logback.
 */
@NullMarked
package io.github.bootcluster.accesslog;

import org.jspecify.annotations.NullMarked;

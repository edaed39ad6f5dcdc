/**
 * HTTP/1.1 messages as a proxy sees them: bytes that are understood completely, changed
 * in a few places and passed on. Knows the syntax of
 * <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a> at its strictest, and
 * neither connections nor targets. Internal: no class in here is meant for applications.
 *
 * <pre>
 * bytes ──► Head (RequestHead, ResponseHead, Trailers) ──► Fields ──► bytes
 *       └─► BodyReader ──► pieces of the body, its end
 * </pre>
 *
 * A library's codec was measured first. It turns each field into objects and those into
 * bytes again, and still has to be watched for what it lets pass; reading a head in place
 * costs a fraction and checks every byte once.
 */
@NullMarked
package io.github.bootcluster.http;

import org.jspecify.annotations.NullMarked;

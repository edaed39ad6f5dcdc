package io.github.bootcluster.accesslog;

import java.time.Instant;

import io.github.bootcluster.accesslog.AccessLogEntry.Outcome;
import io.github.bootcluster.accesslog.AccessLogEntry.Request;
import io.github.bootcluster.accesslog.AccessLogEntry.Server;

/** Entries to log. */
final class Entries {

	static final long TIME = Instant.parse("2026-11-22T17:57:15.062Z").toEpochMilli();

	private Entries() {
	}

	static AccessLogEntry get(String target) {
		return of(new Request("192.0.2.7", "GET", target, "HTTP/1.1", "http://a/", "curl/8.5"));
	}

	static AccessLogEntry of(Request request) {
		return new AccessLogEntry(TIME, request, "0af7", Outcome.ANSWERED, 200, 17, new Server(2, 4711), 1, 1_234_567,
				2_000_001_999);
	}

}

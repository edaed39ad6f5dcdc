package io.github.bootcluster.accesslog;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

import org.jspecify.annotations.Nullable;

/**
 * A JSON object on each line. What is not known is left out. Written by hand: the object
 * is flat, its names are ours and its values are escaped as in the other format.
 */
final class JsonFormat implements LineFormat {

	private static final String ESCAPE = "\\u00";

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX")
		.withZone(ZoneOffset.UTC);

	@Override
	public void render(AccessLogEntry entry, StringBuilder out) {
		AccessLogEntry.Request request = entry.request();
		begin(entry.time(), out);
		text("client", request.client(), out);
		if (request.method() != null) {
			text("method", request.method(), out);
			text("target", request.target(), out);
			text("protocol", request.protocol(), out);
		}
		else {
			text("requestLine", request.target(), out);
		}
		number("status", entry.status(), out);
		number("bytes", entry.bytes(), out);
		text("referer", request.referer(), out);
		text("userAgent", request.userAgent(), out);
		text("requestId", entry.requestId(), out);
		AccessLogEntry.Server server = entry.server();
		if (server != null) {
			if (server.slot() != null) {
				number("slot", server.slot(), out);
			}
			number("pid", server.pid(), out);
		}
		if (entry.upstreamNanos() >= 0) {
			seconds("upstreamSeconds", entry.upstreamNanos(), out);
		}
		seconds("totalSeconds", entry.totalNanos(), out);
		number("retries", entry.retries(), out);
		text("outcome", entry.outcome().toString(), out);
		out.append("}\n");
	}

	@Override
	public void renderMissing(long count, long time, StringBuilder out) {
		begin(time, out);
		number("missing", count, out);
		out.append("}\n");
	}

	private static void begin(long time, StringBuilder out) {
		out.append("{\"time\":\"");
		TIME.formatTo(Instant.ofEpochMilli(time), out);
		out.append('"');
	}

	private static void text(String name, @Nullable String value, StringBuilder out) {
		if (value != null) {
			name(name, out).append('"');
			SafeText.write(value, ESCAPE, out);
			out.append('"');
		}
	}

	private static void number(String name, long value, StringBuilder out) {
		name(name, out).append(value);
	}

	private static void seconds(String name, long nanos, StringBuilder out) {
		SafeText.writeSeconds(nanos, name(name, out));
	}

	private static StringBuilder name(String name, StringBuilder out) {
		return out.append(",\"").append(name).append("\":");
	}

}

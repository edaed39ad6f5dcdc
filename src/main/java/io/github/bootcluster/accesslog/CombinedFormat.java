package io.github.bootcluster.accesslog;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The combined log format, with names and values after it, where most of what reads the
 * former does not look.
 *
 * @see <a href="https://httpd.apache.org/docs/2.4/logs.html#combined">Combined log
 * format</a>
 */
final class CombinedFormat implements LineFormat {

	private static final String ESCAPE = "\\x";

	private final DateTimeFormatter time;

	/** The latest second and how it reads: many requests share one. */
	private long second = Long.MIN_VALUE;

	private String secondText = "";

	CombinedFormat(ZoneId zone) {
		this.time = DateTimeFormatter.ofPattern("'['dd/MMM/uuuu:HH:mm:ss Z']'", Locale.ENGLISH).withZone(zone);
	}

	@Override
	public void render(AccessLogEntry entry, StringBuilder out) {
		AccessLogEntry.Request request = entry.request();
		out.append(request.client()).append(" - - ").append(time(entry.time())).append(" \"");
		if (request.method() != null) {
			write(request.method(), out).append(' ');
		}
		write(request.target(), out);
		if (request.protocol() != null) {
			write(request.protocol(), out.append(' '));
		}
		out.append("\" ");
		writeStatus(entry.status(), out);
		out.append(' ').append(entry.bytes()).append(" \"");
		write(request.referer(), out).append("\" \"");
		write(request.userAgent(), out).append('"');
		writeOurs(entry, out);
		out.append('\n');
	}

	@Override
	public void renderMissing(long count, long time, StringBuilder out) {
		out.append("# ").append(time(time)).append(" requests missing here: ").append(count).append('\n');
	}

	private static void writeOurs(AccessLogEntry entry, StringBuilder out) {
		AccessLogEntry.Server server = entry.server();
		out.append(" slot=").append((server != null && server.slot() != null) ? server.slot().toString() : "-");
		out.append(" pid=").append((server != null) ? Long.toString(server.pid()) : "-").append(" upstream=");
		if (entry.upstreamNanos() >= 0) {
			SafeText.writeSeconds(entry.upstreamNanos(), out);
		}
		else {
			out.append('-');
		}
		SafeText.writeSeconds(entry.totalNanos(), out.append(" total="));
		out.append(" retries=").append(entry.retries()).append(" id=");
		write(entry.requestId(), out).append(" outcome=").append(entry.outcome());
	}

	/** Three digits always. */
	private static void writeStatus(int status, StringBuilder out) {
		out.append((status == 0) ? "000" : Integer.toString(status));
	}

	private static StringBuilder write(@Nullable String value, StringBuilder out) {
		SafeText.write((value != null) ? value : "-", ESCAPE, out);
		return out;
	}

	private String time(long millis) {
		long second = Math.floorDiv(millis, 1000);
		if (second != this.second) {
			this.second = second;
			this.secondText = this.time.format(Instant.ofEpochSecond(second));
		}
		return this.secondText;
	}

}

package io.github.bootcluster.accesslog;

import java.time.ZoneId;

import io.github.bootcluster.ClusterProperties;

/**
 * How an entry becomes a line of printable ASCII, its line end included. Used by one
 * thread.
 */
interface LineFormat {

	void render(AccessLogEntry entry, StringBuilder out);

	/**
	 * Say that entries are missing.
	 * @param count how many, since the last such line
	 * @param time when this is said, in milliseconds since 1970
	 */
	void renderMissing(long count, long time, StringBuilder out);

	/**
	 * The format of that name.
	 * @param zone where the reader's clock is set
	 */
	static LineFormat of(ClusterProperties.AccessLog.Format format, ZoneId zone) {
		return switch (format) {
			case COMBINED -> new CombinedFormat(zone);
			case JSON -> new JsonFormat();
		};
	}

}

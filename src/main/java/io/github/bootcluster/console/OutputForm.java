package io.github.bootcluster.console;

import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.util.List;

import io.github.bootcluster.LogOrigin;
import org.jspecify.annotations.Nullable;

/** How events appear on the console. Safe for use by any thread. */
interface OutputForm {

	/**
	 * Find the form.
	 * @param structuredFormat that of the launcher's own log entries, or {@code null} or
	 * empty if they are plain text
	 */
	static OutputForm of(@Nullable String structuredFormat) {
		return (structuredFormat == null || structuredFormat.isBlank()) ? new PlainForm()
				: new JsonForm(Entries.of(structuredFormat), Clock.systemUTC());
	}

	/**
	 * Write an event as whole lines.
	 * @param event its lines, without their ends
	 * @param origin whose it is
	 */
	void write(List<byte[]> event, LogOrigin origin, ByteArrayOutputStream out);

}

package io.github.bootcluster.ctl;

import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

import io.github.bootcluster.ClusterTimeline;
import io.github.bootcluster.TimelineEntry;
import io.github.bootcluster.actuate.EventsDescriptor.EventDescriptor;

/** Prints what happened, and goes on with what happens. */
final class EventStream {

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
		.withZone(ZoneId.systemDefault());

	private final CtlCommand.Events command;

	private final ClusterTimeline timeline;

	private final Printer printer;

	EventStream(CtlCommand.Events command, ClusterTimeline timeline, Printer printer) {
		this.command = command;
		this.timeline = timeline;
		this.printer = printer;
	}

	void run() throws IOException {
		List<TimelineEntry> entries = this.timeline.after(0);
		long latest = print(entries.subList(Math.max(0, entries.size() - this.command.lines()), entries.size()),
				(entries.isEmpty()) ? 0 : entries.get(entries.size() - 1).number());
		while (this.command.follow()) {
			this.printer.pause();
			latest = print(this.timeline.after(latest), latest);
		}
	}

	private long print(List<TimelineEntry> entries, long latest) throws IOException {
		for (TimelineEntry entry : entries) {
			if (this.command.json()) {
				this.printer.json(EventDescriptor.of(entry));
			}
			else {
				this.printer.print("%s  %-8s  %s\n".formatted(TIME.format(entry.at()), entry.kind(),
						this.printer.foreign(entry.message())));
			}
		}
		return entries.isEmpty() ? latest : entries.get(entries.size() - 1).number();
	}

}

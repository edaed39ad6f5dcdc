package io.github.bootcluster.console;

import java.io.ByteArrayOutputStream;
import java.util.List;

import io.github.bootcluster.LogOrigin;

/** Brings the events of one process into their form and hands them over to be written. */
final class EventWriter implements EventSink {

	private static final int TYPICAL_LINE = 128;

	private final OutputForm form;

	private final Outlet outlet;

	private final OutputBuffer.Feed feed;

	/** Written by the one that seats workers, read by any. */
	private volatile LogOrigin origin;

	EventWriter(OutputForm form, OutputBuffer buffer, Outlet outlet, LogOrigin origin) {
		this.form = form;
		this.outlet = outlet;
		this.origin = origin;
		this.feed = buffer.open(outlet, this::notice);
	}

	@Override
	public void write(List<Events.Event> events) {
		write(events, this.outlet);
	}

	/** As few pieces as possible, none much larger than one event. */
	void write(List<Events.Event> events, Outlet outlet) {
		int lines = events.stream().mapToInt(Events.Event::size).sum();
		if (lines == 0 || this.feed.dropsNow(lines)) {
			return;
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.min(lines * TYPICAL_LINE, OutputBuffer.BATCH));
		int linesSoFar = 0;
		for (Events.Event event : events) {
			this.form.write(event.lines(), this.origin, bytes);
			linesSoFar += event.size();
			if (bytes.size() >= OutputBuffer.BATCH) {
				put(bytes, linesSoFar, outlet);
				linesSoFar = 0;
			}
		}
		if (linesSoFar > 0) {
			put(bytes, linesSoFar, outlet);
		}
	}

	@Override
	public void seated(int slot) {
		this.origin = this.origin.inSlot(slot);
	}

	@Override
	public void close() {
		this.feed.close();
	}

	private void put(ByteArrayOutputStream bytes, int lines, Outlet outlet) {
		this.feed.put(new Piece(outlet, bytes.toByteArray(), lines));
		bytes.reset();
	}

	/** The line that tells of missing ones. Called by the console's thread. */
	private byte[] notice(long missing) {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		this.form.write(List.of(OutputBuffer.notice(missing)), this.origin, line);
		return line.toByteArray();
	}

}

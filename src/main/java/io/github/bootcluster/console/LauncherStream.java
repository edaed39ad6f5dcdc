package io.github.bootcluster.console;

import java.io.OutputStream;

/**
 * What the launcher itself writes to one of its streams. What is written in one go stays
 * together, as logging systems write an entry with its stack trace; a line is held back
 * until its end comes.
 */
final class LauncherStream extends OutputStream {

	private final EventWriter writer;

	private final Outlet outlet;

	/** Guarded by this, as is the splitter. */
	private final Events events = new Events();

	private final LineSplitter lines = new LineSplitter(this.events::add);

	LauncherStream(EventWriter writer, Outlet outlet) {
		this.writer = writer;
		this.outlet = outlet;
	}

	@Override
	public void write(int value) {
		write(new byte[] { (byte) value }, 0, 1);
	}

	@Override
	public synchronized void write(byte[] bytes, int offset, int length) {
		this.lines.add(bytes, offset, length);
		this.writer.write(this.events.takeAll(), this.outlet);
	}

	/** Write also a line whose end has not come. */
	synchronized void finish() {
		this.lines.end();
		this.writer.write(this.events.takeAll(), this.outlet);
	}

}

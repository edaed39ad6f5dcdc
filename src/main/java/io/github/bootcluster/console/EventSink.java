package io.github.bootcluster.console;

import java.util.List;

/** Takes the events of one process. */
interface EventSink extends AutoCloseable {

	/** For what a process writes that nobody wants to read. */
	EventSink NONE = new EventSink() {

		@Override
		public void write(List<Events.Event> events) {
			// They are kept elsewhere, if at all.
		}

		@Override
		public void seated(int slot) {
			// Nobody is told.
		}

		@Override
		public void close() {
			// Nothing is held.
		}

	};

	/** Take events. May keep who calls for a bounded time. */
	void write(List<Events.Event> events);

	/** The process has got a slot. May be called by any thread. */
	void seated(int slot);

	/** There will be no more. */
	@Override
	void close();

}

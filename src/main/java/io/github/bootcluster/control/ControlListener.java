package io.github.bootcluster.control;

import io.github.bootcluster.WorkerId;
import io.github.bootcluster.control.ControlMessage.FromLauncher;
import io.github.bootcluster.control.ControlMessage.FromWorker;

/**
 * Told what happens on the connections of a {@link ControlServer}. Called by the thread
 * of each connection, in order per worker; must not block.
 */
public interface ControlListener {

	/**
	 * A worker proved who it is and can be sent messages.
	 * @param connection the way to it
	 */
	void connected(WorkerId worker, Connection connection);

	/** A worker sent a message. */
	void received(WorkerId worker, FromWorker message);

	/** The connection of a worker ended, from whichever side. */
	void disconnected(WorkerId worker);

	/** The way to a worker. */
	interface Connection {

		/**
		 * Send a message, without waiting.
		 * @return whether it was taken; {@code false} if the worker is gone
		 */
		boolean send(FromLauncher message);

		/**
		 * Bytes that were taken and that the worker has not read yet, but the last few.
		 */
		long backlog();

	}

}

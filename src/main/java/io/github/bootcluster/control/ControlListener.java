package io.github.bootcluster.control;

import java.util.function.Predicate;

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
	 * @param connection sends one to it without waiting; {@code false} if it is gone
	 */
	void connected(WorkerId worker, Predicate<FromLauncher> connection);

	/** A worker sent a message. */
	void received(WorkerId worker, FromWorker message);

	/** The connection of a worker ended, from whichever side. */
	void disconnected(WorkerId worker);

}

package io.github.bootcluster.control;

import java.io.IOException;

import io.github.bootcluster.control.ControlMessage.Ask;

/**
 * Answers operators. Each is served by a thread of its own, which may take its time.
 */
@FunctionalInterface
public interface OperatorListener {

	/**
	 * An operator asks. The connection is closed when this returns.
	 * @param operator who it is, for the log
	 * @throws IOException if the operator is gone
	 */
	void asked(String operator, Ask ask, Connection connection) throws IOException;

	/** The way to an operator. Used by the thread that serves it. */
	interface Connection {

		/**
		 * Send a part of the answer, and wait for it to be taken.
		 * @throws IOException if the operator is gone
		 */
		void send(OperatorReply reply) throws IOException;

		/** Whether the operator has left without waiting for the end. */
		boolean isGone() throws IOException;

	}

}

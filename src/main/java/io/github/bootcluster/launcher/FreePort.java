package io.github.bootcluster.launcher;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Collection;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a port for a program that cannot choose one and tell. Between the choice and the
 * program's use of it somebody else may take it: then the program ends, and its
 * replacement gets another one.
 */
final class FreePort {

	private static final Logger logger = LoggerFactory.getLogger(FreePort.class);

	private static final int TRIES = 100;

	private FreePort() {
	}

	/**
	 * Choose a port that is free on all addresses of this machine.
	 * @param reserved ports that are free only because their programs are still starting
	 * @throws IOException if there is none
	 */
	static int choose(Collection<Integer> reserved) throws IOException {
		for (int i = 0; i < TRIES; i++) {
			int port = anyPort();
			if (!reserved.contains(port)) {
				return port;
			}
		}
		throw new IOException("no free port was found for it");
	}

	/** Whether nobody has it, on any address of this machine. */
	static boolean isFree(int port) {
		try (Socket socket = new Socket()) {
			// Connections of before that wait for their end do not matter.
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(port));
			return true;
		}
		catch (IOException ex) {
			logger.debug("Port {} is not free: {}", port, ex.getMessage());
			return false;
		}
	}

	private static int anyPort() throws IOException {
		// Bound only, never listening: nobody can connect in the meantime.
		try (Socket socket = new Socket()) {
			socket.bind(new InetSocketAddress(0));
			return socket.getLocalPort();
		}
	}

}

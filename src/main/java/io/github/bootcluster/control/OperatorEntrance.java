package io.github.bootcluster.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.concurrent.Semaphore;

import io.github.bootcluster.control.ControlMessage.Ask;
import io.github.bootcluster.control.OperatorReply.End;
import io.github.bootcluster.control.OperatorReply.Text;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets operators in: those whom the system lets reach the socket and knows as its owner,
 * or as root, and not too many at once.
 */
final class OperatorEntrance {

	private static final Logger logger = LoggerFactory.getLogger(OperatorEntrance.class);

	/** Served at once. Each takes a thread, and those that follow something keep it. */
	static final int MAX_OPERATORS = 16;

	/** The statuses of an operator's process that was not let in, or not served. */
	private static final int FAILED = 1;

	private static final int REFUSED = 4;

	private static final String ROOT = "root";

	private final OperatorListener listener;

	/** Who made the socket, or {@code null} where files have no owners. */
	private final @Nullable UserPrincipal owner;

	private final Semaphore free = new Semaphore(MAX_OPERATORS);

	OperatorEntrance(Path socket, OperatorListener listener) throws IOException {
		this.listener = listener;
		this.owner = ownerOf(socket);
	}

	/** Serve one that asks. Blocks until it is served. */
	void serve(Ask ask, SocketChannel channel) {
		OperatorConnection connection = new OperatorConnection(channel);
		try {
			UserPrincipal user = userOf(channel);
			if (!isAllowed(user)) {
				logger.warn("Command line of user {}, pid {}: turned away, since this launcher is that of user {}",
						nameOf(user), ask.pid(), nameOf(this.owner));
				refuse(channel, "The launcher takes commands from its own user and from root only.");
			}
			else if (!this.free.tryAcquire()) {
				end(connection, "The launcher serves %d command lines already: end one of them, or try again later."
					.formatted(MAX_OPERATORS), FAILED);
			}
			else {
				serve(ask, user, connection);
			}
		}
		catch (IOException ex) {
			logger.debug("A command line (pid {}) left before it was answered: {}", ask.pid(), ex.getMessage());
		}
	}

	/** Tell a caller that it is not served, and why. */
	static void refuse(SocketChannel channel, String why) {
		try {
			end(new OperatorConnection(channel), why, REFUSED);
		}
		catch (IOException ex) {
			logger.debug("A caller that is turned away has left: {}", ex.getMessage());
		}
	}

	private void serve(Ask ask, @Nullable UserPrincipal user, OperatorConnection connection) throws IOException {
		try {
			this.listener.asked("command line, user %s, pid %d".formatted(nameOf(user), ask.pid()), ask, connection);
		}
		catch (RuntimeException | Error ex) {
			logger.error("A command line (pid {}) could not be served", ask.pid(), ex);
			end(connection, "The launcher could not do this; its log says why.", FAILED);
		}
		finally {
			this.free.release();
		}
	}

	private static void end(OperatorConnection connection, String message, int status) throws IOException {
		connection.send(new Text(true, message + "\n"));
		connection.send(new End(status));
	}

	private boolean isAllowed(@Nullable UserPrincipal user) {
		// Where the system does not tell, the permissions of socket and directory have
		// been all there is to pass.
		return user == null || this.owner == null || user.equals(this.owner) || ROOT.equals(user.getName());
	}

	private static @Nullable UserPrincipal ownerOf(Path socket) throws IOException {
		try {
			return Files.getOwner(socket);
		}
		catch (UnsupportedOperationException ex) {
			return null;
		}
	}

	private static @Nullable UserPrincipal userOf(SocketChannel channel) throws IOException {
		try {
			return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
		}
		catch (UnsupportedOperationException | NoClassDefFoundError ex) {
			// Not on this system, or a Java without the module jdk.net.
			return null;
		}
	}

	private static String nameOf(@Nullable UserPrincipal user) {
		return (user != null) ? user.getName() : "unknown";
	}

}

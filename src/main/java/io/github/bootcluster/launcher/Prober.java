package io.github.bootcluster.launcher;

import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.net.UnknownHostException;

import org.jspecify.annotations.Nullable;

/** Finds out whether a program is ready to serve at a port of 127.0.0.1. */
interface Prober {

	/** For connecting, and again for the head of an answer. */
	int TIMEOUT_MILLIS = 1500;

	/**
	 * Ask once. Blocks for a few seconds at most.
	 * @throws NotReadyException if it answers that it is not ready
	 * @throws IOException if it does not answer; its message tells the operator why
	 */
	void probe(int port) throws IOException;

	/** By the given path or, without one, by connecting. */
	static Prober of(@Nullable String readinessPath) {
		Prober prober = (readinessPath != null) ? new Get(readinessPath) : new Connect();
		return (port) -> {
			try {
				prober.probe(port);
			}
			catch (ConnectException ex) {
				throw new IOException(("nothing listens at 127.0.0.1:%d; it must serve at the port that "
						+ "the environment variable PORT holds, or {port} in its arguments is replaced by")
					.formatted(port), ex);
			}
			catch (SocketTimeoutException ex) {
				throw new IOException("no answer at 127.0.0.1:%d within %d ms".formatted(port, TIMEOUT_MILLIS), ex);
			}
		};
	}

	private static InetAddress loopback() throws UnknownHostException {
		return InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 });
	}

	/** It is alive, but not ready. */
	class NotReadyException extends IOException {

		NotReadyException(String message) {
			super(message);
		}

	}

	/** Ready is what accepts connections. */
	final class Connect implements Prober {

		@Override
		public void probe(int port) throws IOException {
			try (Socket socket = new Socket(Proxy.NO_PROXY)) {
				socket.connect(new InetSocketAddress(loopback(), port), TIMEOUT_MILLIS);
				refuseItself(socket);
			}
		}

		/**
		 * Where nobody listens, the system may by chance give a socket the very port it
		 * connects to, and it is connected to itself. It must not keep that port from the
		 * program, which it would for a minute if it were closed in an orderly way.
		 */
		static void refuseItself(Socket socket) throws IOException {
			if (socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress())) {
				socket.setSoLinger(true, 0);
				throw new ConnectException("connected to itself");
			}
		}

	}

	/** Ready is what answers a GET with success or a redirect. */
	final class Get implements Prober {

		private final String path;

		Get(String path) {
			this.path = path;
		}

		@Override
		public void probe(int port) throws IOException {
			URL url = URI.create("http://127.0.0.1:" + port + this.path).toURL();
			HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
			connection.setConnectTimeout(TIMEOUT_MILLIS);
			connection.setReadTimeout(TIMEOUT_MILLIS);
			connection.setInstanceFollowRedirects(false);
			connection.setUseCaches(false);
			connection.setRequestProperty("Connection", "close");
			try {
				int status = connection.getResponseCode();
				if (status < 200 || status > 399) {
					throw new NotReadyException(
							"GET %s at 127.0.0.1:%d was answered with %s".formatted(this.path, port, describe(status)));
				}
			}
			finally {
				connection.disconnect();
			}
		}

		private static String describe(int status) {
			return (status > 0) ? Integer.toString(status) : "something that is not HTTP";
		}

	}

}

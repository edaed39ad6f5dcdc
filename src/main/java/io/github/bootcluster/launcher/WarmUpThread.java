package io.github.bootcluster.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import io.github.bootcluster.WorkerId;
import org.jspecify.annotations.Nullable;

/**
 * Sends one worker its warm-up, over a connection that is kept alive. It goes round the
 * paths, so that each has had its share when time runs out, and none may take the others'
 * time: one that does not answer within its share is asked no more.
 */
final class WarmUpThread extends Thread {

	private static final String USER_AGENT = "boot-cluster warm-up";

	private final WorkerId worker;

	private final int port;

	private final WarmUpRequests requests;

	/** By {@link System#nanoTime()}. */
	private final long deadline;

	private volatile boolean ended;

	/** Written by this thread, read by any. */
	private volatile @Nullable HttpURLConnection connection;

	WarmUpThread(WorkerId worker, int port, WarmUpRequests requests) {
		super("cluster-warm-up-" + worker);
		setDaemon(true);
		this.worker = worker;
		this.port = port;
		this.requests = requests;
		this.deadline = System.nanoTime() + requests.settings().timeout().toNanos();
	}

	/** Send no more, and do not wait for the answer that is outstanding. */
	void end() {
		this.ended = true;
		HttpURLConnection open = this.connection;
		if (open != null) {
			// That waits for a read of the body to come back, which whoever ends the
			// warm-up must not.
			Thread closer = new Thread(open::disconnect, getName() + "-end");
			closer.setDaemon(true);
			closer.start();
		}
	}

	@Override
	public void run() {
		int answered = 0;
		try {
			answered = sendAll();
		}
		finally {
			close();
			this.requests.ended(this.worker, answered);
		}
	}

	private int sendAll() {
		int answered = 0;
		int rounds = this.requests.settings().requests();
		List<String> paths = new ArrayList<>(this.requests.settings().paths());
		for (int round = 1; round <= rounds; round++) {
			int left = paths.size();
			for (Iterator<String> path = paths.iterator(); path.hasNext(); left--) {
				long share = (this.deadline - System.nanoTime()) / 1_000_000 / left;
				if (this.ended || share <= 0) {
					return answered;
				}
				if (send(path.next(), round == 1, (int) Math.min(share, Integer.MAX_VALUE))) {
					answered++;
				}
				else {
					path.remove();
				}
			}
		}
		return answered;
	}

	/**
	 * Send a request.
	 * @param first whether the path has yet to show that it answers; one that has is no
	 * failure when time runs out
	 * @return whether there was an answer
	 */
	private boolean send(String path, boolean first, int timeoutMillis) {
		try {
			int status = get(path, timeoutMillis);
			if (status >= 400) {
				this.requests.answeredWith(path, status);
			}
			return true;
		}
		catch (SocketTimeoutException ex) {
			if (first && !this.ended) {
				this.requests.failed(path, "no complete answer within " + Seconds.of(Duration.ofMillis(timeoutMillis)));
			}
			return false;
		}
		catch (IOException | RuntimeException ex) {
			if (!this.ended) {
				this.requests.failed(path, ex.toString());
			}
			return false;
		}
	}

	private int get(String path, int timeoutMillis) throws IOException {
		long limit = System.nanoTime() + Duration.ofMillis(timeoutMillis).toNanos();
		HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + this.port + path)
			.toURL()
			.openConnection(Proxy.NO_PROXY);
		connection.setConnectTimeout(timeoutMillis);
		connection.setReadTimeout(timeoutMillis);
		connection.setInstanceFollowRedirects(false);
		connection.setRequestProperty("User-Agent", USER_AGENT);
		connection.setRequestProperty("Accept", "*/*");
		connection.connect();
		this.connection = connection;
		if (this.ended) {
			// It was not there to be closed.
			throw new IOException("The warm-up has ended");
		}
		try {
			return read(connection, limit);
		}
		catch (IOException ex) {
			connection.disconnect();
			throw ex;
		}
	}

	/**
	 * Read an answer to its end, after which its connection is used again. The stream is
	 * not closed: that would keep the connection from being closed in the end.
	 */
	private int read(HttpURLConnection connection, long limit) throws IOException {
		int status = connection.getResponseCode();
		if (status < 0) {
			throw new IOException("the answer is not HTTP");
		}
		InputStream body = (status >= 400) ? connection.getErrorStream() : connection.getInputStream();
		byte[] buffer = new byte[8192];
		while (body != null && body.read(buffer) >= 0) {
			if (this.ended || System.nanoTime() - limit > 0) {
				throw new SocketTimeoutException("The answer does not end");
			}
		}
		return status;
	}

	/** A connection that is left open would keep some programs from ending. */
	private void close() {
		HttpURLConnection last = this.connection;
		if (last != null) {
			last.disconnect();
		}
	}

}

package io.github.bootcluster.dispatch;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A client that sends exactly the bytes it is told to. */
public final class RawClient implements AutoCloseable {

	private static final int TIMEOUT_MILLIS = 15_000;

	private final Socket socket;

	private final InputStream in;

	public RawClient(int port) throws IOException {
		this(port, 0);
	}

	/**
	 * A client whose system takes little on its behalf.
	 * @param receiveBuffer bytes it takes, or 0 for as many as usual
	 */
	RawClient(int port, int receiveBuffer) throws IOException {
		this(connect(port, receiveBuffer));
	}

	RawClient(Socket connected) throws IOException {
		this.socket = connected;
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(TIMEOUT_MILLIS);
		this.in = new BufferedInputStream(this.socket.getInputStream());
	}

	private static Socket connect(int port, int receiveBuffer) throws IOException {
		Socket socket = new Socket();
		if (receiveBuffer > 0) {
			socket.setReceiveBufferSize(receiveBuffer);
		}
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		return socket;
	}

	public RawClient send(String raw) throws IOException {
		return send(raw.getBytes(StandardCharsets.ISO_8859_1));
	}

	RawClient send(byte[] raw) throws IOException {
		out().write(raw);
		out().flush();
		return this;
	}

	RawClient get(String path) throws IOException {
		return send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
	}

	OutputStream out() throws IOException {
		return this.socket.getOutputStream();
	}

	InputStream in() {
		return this.in;
	}

	/** Send nothing more, but go on reading. */
	RawClient endOutput() throws IOException {
		this.socket.shutdownOutput();
		return this;
	}

	public Response read() throws IOException {
		return read(true);
	}

	/** Read an answer, past those that say it will follow. */
	Response readFinal() throws IOException {
		Response response = read();
		while (response.status() < 200) {
			response = read();
		}
		return response;
	}

	/** Read an answer that has no body, as one to HEAD. */
	public Response readBodiless() throws IOException {
		return read(false);
	}

	String readHead() throws IOException {
		return Wire.readHead(this.in);
	}

	/** Whether the other side has ended the connection, one way or the other. */
	boolean isEnded() {
		try {
			return this.in.read() < 0;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	/** Whether anything arrives within that time. */
	boolean awaitInput(Duration time) throws IOException {
		this.socket.setSoTimeout((int) time.toMillis());
		this.in.mark(1);
		try {
			this.in.read();
			this.in.reset();
			return true;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
		finally {
			this.socket.setSoTimeout(TIMEOUT_MILLIS);
		}
	}

	/** All that still comes, however it ends. */
	String readToEnd() throws IOException {
		ByteArrayOutputStream rest = new ByteArrayOutputStream();
		this.in.transferTo(rest);
		return rest.toString(StandardCharsets.ISO_8859_1);
	}

	void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	private Response read(boolean bodyFollows) throws IOException {
		String head = Wire.readHead(this.in);
		if (head == null) {
			throw new EOFException("No answer");
		}
		return read(head, bodyFollows);
	}

	/** Read the rest of an answer whose head has been read. */
	Response read(String head, boolean bodyFollows) throws IOException {
		String trailers = "";
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		int status = Integer.parseInt(head.substring(9, 12));
		if (bodyFollows && status >= 200 && status != 204 && status != 304) {
			List<String> length = Wire.headers(head, "content-length");
			if (!Wire.headers(head, "transfer-encoding").isEmpty()) {
				trailers = Wire.readChunked(this.in, body);
			}
			else if (!length.isEmpty()) {
				body.write(this.in.readNBytes(Integer.parseInt(length.get(0))));
			}
			else {
				this.in.transferTo(body);
			}
		}
		return new Response(status, head, body.toString(StandardCharsets.ISO_8859_1), trailers);
	}

	/** An answer as a client gets it. */
	public record Response(int status, String head, String body, String trailers) {

		public String header(String name) {
			List<String> values = Wire.headers(this.head, name);
			return values.isEmpty() ? null : String.join("|", values);
		}

	}

}

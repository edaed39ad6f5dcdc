import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps connections to a proxy open that are mostly idle: one after the other sends a
 * request, at most 200 a second, as browsers that have been left open do. Ends when it is
 * killed, when the proxy closes a connection, or after ten minutes.
 */
public final class IdleConnections {

	private static final long PAUSE_MILLIS = 5;

	private IdleConnections() {
	}

	/** Takes a port and a number of connections; says "open" when they are. */
	public static void main(String[] args) throws IOException, InterruptedException {
		InetSocketAddress proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
		int number = Integer.parseInt(args[1]);
		ByteBuffer request = ByteBuffer
			.wrap("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		ByteBuffer answer = ByteBuffer.allocate(4096);
		List<SocketChannel> connections = new ArrayList<>();
		while (connections.size() < number) {
			SocketChannel connection = SocketChannel.open(proxy);
			connections.add(connection);
			exchange(connection, request, answer);
		}
		System.out.println("open");
		long end = System.nanoTime() + Duration.ofMinutes(10).toNanos();
		for (int next = 0; System.nanoTime() - end < 0; next = (next + 1) % number) {
			exchange(connections.get(next), request, answer);
			Thread.sleep(PAUSE_MILLIS);
		}
	}

	/** Answers are so small here that they arrive in one piece. */
	private static void exchange(SocketChannel connection, ByteBuffer request, ByteBuffer answer) throws IOException {
		connection.write(request.rewind());
		if (connection.read(answer.clear()) < 0) {
			throw new EOFException("The proxy closed a kept-alive connection.");
		}
	}

}

package io.github.bootcluster.dispatch;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/**
 * Finds out whether a client that has ended its side of the connection still waits for
 * its answer or is gone: both look the same until something is sent. What can be sent
 * without harm is that the answer will follow; the system of a client that is gone
 * refuses it, and the next one fails. A quick answer comes before the first of them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-15.2">RFC 9110, section
 * 15.2</a>
 */
final class HalfClose {

	private static final Duration INTERVAL = Duration.ofMillis(100);

	private static final int PROBES = 2;

	private static final byte[] PROBE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

	private HalfClose() {
	}

	/**
	 * Probe a client. A failure closes its connection.
	 * @param allowed whether the client still waits for the same answer and has seen
	 * nothing of it
	 */
	static void probe(Channel client, BooleanSupplier allowed) {
		schedule(client, allowed, PROBES);
	}

	private static void schedule(Channel client, BooleanSupplier allowed, int left) {
		client.eventLoop().schedule(() -> {
			if (left > 0 && client.isActive() && allowed.getAsBoolean()) {
				client.writeAndFlush(Unpooled.wrappedBuffer(PROBE));
				schedule(client, allowed, left - 1);
			}
		}, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
	}

}

package io.github.bootcluster.dispatch;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bodies that are larger than all the memory their {@link Dispatcher} has. Their size may
 * be set by the system property {@code big.mebibytes}.
 */
class BigBodiesIT {

	/** Heap, and as much again outside of it. */
	private static final int MEGABYTES = 64;

	private static final long LENGTH = Long.getLong("big.mebibytes", 256) * 1024 * 1024;

	private static final int[] CHUNKS = { 1, 1000, 65_536, 300_007 };

	private static final byte[] BLOCK = new byte[1024 * 1024 + 7];

	private static FakeTarget target;

	private static DispatcherProcess dispatcher;

	@BeforeAll
	static void start() throws Exception {
		new Random(42).nextBytes(BLOCK);
		target = FakeTarget.running((connection) -> {
			for (String head = Wire.readHead(connection.in()); head != null; head = Wire.readHead(connection.in())) {
				if (head.startsWith("POST")) {
					connection.answer(receive(connection.in(), head));
				}
				else {
					boolean chunked = head.startsWith("GET /chunked");
					connection.write("HTTP/1.1 200 OK\r\n" + framing(chunked) + "\r\n");
					send(connection.out(), chunked);
				}
			}
		});
		dispatcher = DispatcherProcess.start(MEGABYTES, target.port());
	}

	@AfterAll
	static void stop() throws Exception {
		dispatcher.close();
		target.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void uploadArrivesWhole(boolean chunked) throws Exception {
		try (RawClient client = new RawClient(dispatcher.port())) {
			long begin = System.nanoTime();
			client.send("POST / HTTP/1.1\r\nHost: a\r\n" + framing(chunked) + "\r\n");
			String sent = send(client.out(), chunked);
			assertThat(client.read().body()).isEqualTo(sent);
			report("upload", chunked, begin);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void downloadArrivesWhole(boolean chunked) throws Exception {
		try (RawClient client = new RawClient(dispatcher.port())) {
			long begin = System.nanoTime();
			client.get(chunked ? "/chunked" : "/fixed");
			String received = receive(client.in(), client.readHead());
			assertThat(received).isEqualTo(send(OutputStream.nullOutputStream(), false));
			report("download", chunked, begin);
		}
	}

	private static void report(String what, boolean chunked, long begin) throws IOException {
		Duration time = Duration.ofNanos(System.nanoTime() - begin);
		System.out.printf("%s of %d MiB, %s: %.1f s; the dispatcher's peak resident set is %d MiB%n", what,
				LENGTH >> 20, chunked ? "chunked" : "fixed length", time.toMillis() / 1e3,
				dispatcher.peakResident() >> 20);
	}

	private static String framing(boolean chunked) {
		return chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + LENGTH + "\r\n";
	}

	/** Send a body; return its length and checksum. */
	private static String send(OutputStream socket, boolean chunked) throws IOException {
		OutputStream out = new BufferedOutputStream(socket, 64 * 1024);
		CRC32C checksum = new CRC32C();
		int position = 0;
		long left = LENGTH;
		for (int i = 0; left > 0; i++) {
			int length = (int) Math.min(Math.min(CHUNKS[i % CHUNKS.length], BLOCK.length - position), left);
			if (chunked) {
				out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
			}
			out.write(BLOCK, position, length);
			if (chunked) {
				out.write('\r');
				out.write('\n');
			}
			checksum.update(BLOCK, position, length);
			position = (position + length) % BLOCK.length;
			left -= length;
		}
		if (chunked) {
			out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		}
		out.flush();
		return LENGTH + " " + checksum.getValue();
	}

	/** Receive a body; return its length and checksum. */
	private static String receive(InputStream in, String head) throws IOException {
		boolean chunked = !Wire.headers(head, "transfer-encoding").isEmpty();
		long left = chunked ? Long.MAX_VALUE : Long.parseLong(Wire.headers(head, "content-length").get(0));
		InputStream body = chunked ? Wire.chunked(in) : in;
		CRC32C checksum = new CRC32C();
		long length = 0;
		byte[] buffer = new byte[64 * 1024];
		while (left > 0) {
			int read = body.read(buffer, 0, (int) Math.min(buffer.length, left));
			if (read < 0) {
				break;
			}
			checksum.update(buffer, 0, read);
			length += read;
			left -= read;
		}
		return length + " " + checksum.getValue();
	}

}

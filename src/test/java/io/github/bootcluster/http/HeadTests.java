package io.github.bootcluster.http;

import java.nio.charset.StandardCharsets;

import io.github.bootcluster.http.MessageException.Fault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** {@link Head}: its limits are the same however the bytes arrive. */
class HeadTests {

	private static final String REST = "\r\nHost: a\r\n\r\n";

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 8191, 8192, 8193, 8194, 8195, 100_000 })
	void firstLineMayBeAsLongAsTheLimit(int piece) throws Exception {
		for (String ahead : new String[] { "", "\r\n", "\r\n".repeat(4096) }) {
			assertThat(read(ahead + line(RequestHead.MAX_LINE) + REST, piece)).isTrue();
			assertRefused(Fault.START_LINE_TOO_LONG, ahead + line(RequestHead.MAX_LINE + 1) + REST, piece);
		}
		assertRefused(Fault.START_LINE_TOO_LONG, "\r\n".repeat(4097) + line(RequestHead.MAX_LINE) + REST, piece);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 16_383, 16_384, 16_385, 100_000 })
	void fieldsMayBeAsLargeAsTheLimit(int piece) throws Exception {
		int most = RequestHead.MAX_FIELD_BYTES - "X: \r\n\r\n".length();
		String begin = line(RequestHead.MAX_LINE) + "\r\nX: ";
		assertThat(read(begin + "a".repeat(most) + "\r\n\r\n", piece)).isTrue();
		assertRefused(Fault.FIELDS_TOO_LARGE, begin + "a".repeat(most + 1) + "\r\n\r\n", piece);
	}

	private static void assertRefused(Fault fault, String text, int piece) {
		assertThatExceptionOfType(MessageException.class).isThrownBy(() -> read(text, piece))
			.satisfies((ex) -> assertThat(ex.fault()).isEqualTo(fault));
	}

	private static boolean read(String text, int piece) throws MessageException {
		RequestHead head = new RequestHead();
		ByteBuf all = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
		while (all.isReadable() && !head.isComplete()) {
			head.read(all.readSlice(Math.min(piece, all.readableBytes())));
		}
		return head.isComplete() && !all.isReadable();
	}

	private static String line(int length) {
		return "GET /" + "a".repeat(length - "GET / HTTP/1.1".length()) + " HTTP/1.1";
	}

}

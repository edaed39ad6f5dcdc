package io.github.bootcluster.control;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import io.github.bootcluster.control.ControlMessage.Heartbeat;
import io.github.bootcluster.control.Mail.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** {@link Mail} as bytes. */
class MailTests {

	@ParameterizedTest
	@EnumSource(Kind.class)
	void isTheSameAfterItsTravel(Kind kind) throws Exception {
		byte[] content = "{\"text\":\"ü\"}".getBytes(StandardCharsets.UTF_8);
		Mail mail = new Mail(kind, Long.MAX_VALUE, -7, "com.example.Größe", content);
		Mail read = (Mail) ControlCodec.decode(frameOf(mail));
		assertThat(read).usingRecursiveComparison().isEqualTo(mail);
	}

	@Test
	void canBeAsLargeAsAMessageMayBe() throws Exception {
		byte[] content = new byte[ControlCodec.MAX_LENGTH - Mail.MAX_OVERHEAD];
		Mail read = (Mail) ControlCodec.decode(frameOf(new Mail(Kind.MESSAGE, 1, 1, "x".repeat(4000), content)));
		assertThat(read.content()).hasSameSizeAs(content);
	}

	@Test
	void typeOfAbsurdLengthFailsAtTheSender() {
		Mail mail = new Mail(Kind.MESSAGE, 1, 1, "x".repeat(5000), new byte[0]);
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> ControlCodec.encode(mail))
			.withMessageContaining("5000 bytes");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\0", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "\uff00", "0123456789abcdef0\uffffab" })
	void garbageIsUnreadableAndNothingElse(String rest) {
		byte[] bytes = (rest).getBytes(StandardCharsets.ISO_8859_1);
		byte[] frame = new byte[bytes.length + 1];
		frame[0] = Mail.MARK;
		System.arraycopy(bytes, 0, frame, 1, bytes.length);
		assertThatExceptionOfType(UnreadableMessageException.class).isThrownBy(() -> ControlCodec.decode(frame));
	}

	@Test
	void randomBytesAreUnreadableOrMail() {
		Random random = new Random(1);
		for (int i = 0; i < 100_000; i++) {
			byte[] frame = new byte[1 + random.nextInt(60)];
			random.nextBytes(frame);
			frame[0] = Mail.MARK;
			try {
				assertThat(ControlCodec.decode(frame)).isInstanceOf(Mail.class);
			}
			catch (UnreadableMessageException ex) {
				assertThat(ex).hasMessageContaining("Unreadable control message");
			}
		}
	}

	@Test
	void textFormDoesNotTellTheContent() {
		assertThat(new Mail(Kind.REPLY, 1, 2, "T", "s3cret".getBytes(StandardCharsets.UTF_8)).toString())
			.doesNotContain("s3cret")
			.contains("6 bytes");
	}

	/** However the stream is cut into pieces. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 7, 64, 100_000 })
	void framesAreReadWhateverTheReadsReturn(int piece) throws Exception {
		ByteBuffer stream = ByteBuffer.allocate(1_000_000);
		Random random = new Random(2);
		int count = 200;
		for (int i = 0; i < count; i++) {
			stream.put(ControlCodec.encode(new Mail(Kind.MESSAGE, 1, i, "T", new byte[random.nextInt(4000)])));
			stream.put(ControlCodec.encode(new Heartbeat()));
		}
		byte[] bytes = new byte[stream.position()];
		stream.flip().get(bytes);
		FrameReader reader = new FrameReader(Channels.newChannel(new ByteArrayInputStream(bytes) {

			@Override
			public synchronized int read(byte[] target, int offset, int length) {
				return super.read(target, offset, Math.min(length, piece));
			}

		}));
		for (int i = 0; i < count; i++) {
			assertThat(((Mail) ControlCodec.decode(reader.read())).id()).isEqualTo(i);
			assertThat(ControlCodec.decode(reader.read())).isEqualTo(new Heartbeat());
		}
		assertThatExceptionOfType(IOException.class).isThrownBy(reader::read).withMessageContaining("closed");
	}

	private static byte[] frameOf(Mail mail) {
		ByteBuffer encoded = ControlCodec.encode(mail);
		byte[] frame = new byte[encoded.getInt()];
		encoded.get(frame);
		assertThat(encoded.hasRemaining()).isFalse();
		return frame;
	}

}

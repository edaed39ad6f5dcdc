package io.github.bootcluster.http;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Writes a body in chunks.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, section
 * 7.1</a>
 */
public final class Chunks {

	/** Most bytes that are cheaper to copy than to send from a place of their own. */
	private static final int COPIED = 1024;

	private static final int MAX_SIZE_LINE = 10;

	private static final ByteBuf LINE_END = Unpooled
		.unreleasableBuffer(Unpooled.directBuffer(2).writeByte(Syntax.CR).writeByte(Syntax.LF).asReadOnly());

	private static final byte[] LAST = "0\r\n".getBytes(StandardCharsets.US_ASCII);

	private Chunks() {
	}

	/**
	 * Write a piece of a body as a chunk.
	 * @param data the piece, which is taken over; nothing is written if it is empty
	 * @param sink takes what is to be sent
	 */
	public static void write(ByteBuf data, ByteBufAllocator allocator, Consumer<ByteBuf> sink) {
		int length = data.readableBytes();
		if (length == 0) {
			data.release();
			return;
		}
		if (length <= COPIED) {
			ByteBuf chunk = allocator.buffer(length + MAX_SIZE_LINE + 2);
			writeSizeLine(length, chunk);
			chunk.writeBytes(data).writeByte(Syntax.CR).writeByte(Syntax.LF);
			data.release();
			sink.accept(chunk);
			return;
		}
		ByteBuf sizeLine = allocator.buffer(MAX_SIZE_LINE);
		writeSizeLine(length, sizeLine);
		sink.accept(sizeLine);
		sink.accept(data);
		sink.accept(LINE_END.duplicate());
	}

	/** Write the end of a body. */
	public static ByteBuf end(@Nullable Fields trailers, ByteBufAllocator allocator) {
		ByteBuf end = allocator.buffer(LAST.length + 2 + ((trailers != null) ? trailers.length() : 0));
		end.writeBytes(LAST);
		if (trailers != null) {
			trailers.writeTo(end);
		}
		return end.writeByte(Syntax.CR).writeByte(Syntax.LF);
	}

	private static void writeSizeLine(int length, ByteBuf out) {
		int digits = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 3) / 4;
		for (int i = digits - 1; i >= 0; i--) {
			out.writeByte(Character.forDigit((length >>> (4 * i)) & 0xF, 16));
		}
		out.writeByte(Syntax.CR).writeByte(Syntax.LF);
	}

}

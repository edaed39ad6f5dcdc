package io.github.bootcluster.http;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of a body. Used for one body after the other; not safe for use by several
 * threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6">RFC 9112, section 6</a>
 */
public final class BodyReader {

	/** Larger ones are no honest sizes. */
	private static final int MAX_SIZE_DIGITS = 15;

	private final ChunkExtensions extensions = new ChunkExtensions();

	private State state = State.ENDED;

	/** Bytes that are left of the body or of the chunk. */
	private long remaining;

	private int sizeDigits;

	private @Nullable Trailers trailers;

	/** Begin with another body. */
	public void begin(Framing framing) {
		this.remaining = 0;
		this.sizeDigits = 0;
		this.extensions.clear();
		this.trailers = null;
		if (framing instanceof Framing.Fixed fixed) {
			this.remaining = fixed.length();
			this.state = (fixed.length() == 0) ? State.ENDED : State.FIXED;
		}
		else if (framing instanceof Framing.Chunked) {
			this.state = State.SIZE;
		}
		else {
			this.state = (framing instanceof Framing.UntilClose) ? State.UNTIL_CLOSE : State.ENDED;
		}
	}

	/** Whether the end of the body has been read. */
	public boolean isEnded() {
		return this.state == State.ENDED;
	}

	/** Whether the end of the connection is that of the body. */
	public boolean endsWithConnection() {
		return this.state == State.UNTIL_CLOSE;
	}

	/** What came after the body and may pass, or {@code null} if nothing did. */
	public @Nullable Fields trailers() {
		return (this.trailers != null) ? this.trailers.fields() : null;
	}

	/**
	 * Read on.
	 * @param in the bytes; those up to the end of the body are taken from it, none beyond
	 * @param sink takes the pieces of the body, and must release them
	 * @return whether the body has ended
	 * @throws MessageException if it is malformed
	 */
	public boolean read(ByteBuf in, Consumer<ByteBuf> sink) throws MessageException {
		while (this.state != State.ENDED && in.isReadable()) {
			switch (this.state) {
				case FIXED, DATA -> {
					int length = (int) Math.min(in.readableBytes(), this.remaining);
					this.remaining -= length;
					if (this.remaining == 0) {
						this.state = (this.state == State.FIXED) ? State.ENDED : State.DATA_CR;
					}
					sink.accept(in.readRetainedSlice(length));
				}
				case UNTIL_CLOSE -> sink.accept(in.readRetainedSlice(in.readableBytes()));
				case AFTER_LAST -> beginTrailers(in);
				case TRAILERS -> readTrailers(in);
				default -> readFraming(in.readByte());
			}
		}
		return this.state == State.ENDED;
	}

	// https://www.rfc-editor.org/rfc/rfc9112#section-7.1. White space around the size is
	// grammatical only ahead of an extension, and a known way to make two servers differ.
	private void readFraming(byte b) throws MessageException {
		switch (this.state) {
			case SIZE -> readSize(b);
			case EXTENSION -> {
				if (b == Syntax.CR && this.extensions.mayEnd()) {
					this.state = State.SIZE_LF;
				}
				else {
					this.extensions.read(b);
				}
			}
			case SIZE_LF -> {
				require(b, Syntax.LF);
				this.sizeDigits = 0;
				this.extensions.outweighedBy(this.remaining);
				this.state = (this.remaining == 0) ? State.AFTER_LAST : State.DATA;
			}
			case DATA_CR -> {
				require(b, Syntax.CR);
				this.state = State.DATA_LF;
			}
			case DATA_LF -> {
				require(b, Syntax.LF);
				this.state = State.SIZE;
			}
			case END_LF -> {
				require(b, Syntax.LF);
				this.state = State.ENDED;
			}
			default -> throw new IllegalStateException("Nothing to read one by one in state " + this.state);
		}
	}

	private void readSize(byte b) throws MessageException {
		int digit = Syntax.hexDigit(b);
		if (digit >= 0 && this.sizeDigits < MAX_SIZE_DIGITS) {
			this.sizeDigits++;
			this.remaining = this.remaining * 16 + digit;
		}
		else if (b == Syntax.CR && this.sizeDigits > 0) {
			this.state = State.SIZE_LF;
		}
		else if (b == ';' && this.sizeDigits > 0) {
			this.extensions.begin();
			this.state = State.EXTENSION;
		}
		else {
			throw MessageException.malformed("size of a chunk is not valid");
		}
	}

	/** Nearly always there are none. */
	private void beginTrailers(ByteBuf in) {
		if (in.getByte(in.readerIndex()) == Syntax.CR) {
			in.skipBytes(1);
			this.state = State.END_LF;
		}
		else {
			this.trailers = new Trailers();
			this.state = State.TRAILERS;
		}
	}

	private void readTrailers(ByteBuf in) throws MessageException {
		if (this.trailers != null && this.trailers.read(in)) {
			this.trailers.fields().dropNotAfterBody();
			this.state = State.ENDED;
		}
	}

	private static void require(byte found, byte expected) throws MessageException {
		if (found != expected) {
			throw MessageException.malformed("chunk does not end where it should");
		}
	}

	private enum State {

		FIXED, UNTIL_CLOSE, SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, AFTER_LAST, END_LF, TRAILERS, ENDED

	}

}

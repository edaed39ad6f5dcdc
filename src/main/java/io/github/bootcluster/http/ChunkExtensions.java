package io.github.bootcluster.http;

import org.jspecify.annotations.Nullable;

/**
 * What follows the size of a chunk behind a semicolon. Nobody uses it, so it is checked
 * and thrown away: where two servers differ about its end, one of them sees a chunk that
 * the other does not.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1.1">RFC 9112, section
 * 7.1.1</a>
 */
final class ChunkExtensions {

	/** Most bytes of extensions beyond those of data. */
	private static final int MAX_EXCESS = 1024;

	private State state = State.BEFORE_NAME;

	private long excess;

	/** Begin with another body. */
	void clear() {
		this.excess = 0;
	}

	/** A semicolon has been read. */
	void begin() {
		this.state = State.BEFORE_NAME;
	}

	/** A chunk of that size has been announced. */
	void outweighedBy(long size) {
		this.excess = Math.max(0, this.excess - size);
	}

	/** Whether the line may end here. */
	boolean mayEnd() {
		return this.state.mayEnd;
	}

	/** Read a byte of a line before its end. */
	void read(byte b) throws MessageException {
		State next = next(b);
		if (next == null || ++this.excess > MAX_EXCESS) {
			throw MessageException.malformed("extension of a chunk is not valid");
		}
		this.state = next;
	}

	// White space outside quotes is "bad white space", which no sender may generate.
	private @Nullable State next(byte b) {
		return switch (this.state) {
			case BEFORE_NAME -> Syntax.isToken(b) ? State.NAME : null;
			case NAME -> Syntax.isToken(b) ? State.NAME : (b == '=') ? State.BEFORE_VALUE : another(b);
			case BEFORE_VALUE -> Syntax.isToken(b) ? State.VALUE : (b == '"') ? State.QUOTED : null;
			case VALUE -> Syntax.isToken(b) ? State.VALUE : another(b);
			case QUOTED -> (b == '"') ? State.AFTER_QUOTES : (b == '\\') ? State.ESCAPED : text(b);
			case ESCAPED -> text(b);
			case AFTER_QUOTES -> another(b);
		};
	}

	private static @Nullable State another(byte b) {
		return (b == ';') ? State.BEFORE_NAME : null;
	}

	private static @Nullable State text(byte b) {
		return Syntax.isText(b) ? State.QUOTED : null;
	}

	private enum State {

		BEFORE_NAME(false), NAME(true), BEFORE_VALUE(false), VALUE(true), QUOTED(false), ESCAPED(false),
		AFTER_QUOTES(true);

		private final boolean mayEnd;

		State(boolean mayEnd) {
			this.mayEnd = mayEnd;
		}

	}

}

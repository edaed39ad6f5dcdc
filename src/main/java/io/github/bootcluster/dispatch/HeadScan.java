package io.github.bootcluster.dispatch;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.ByteProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the bytes of a request's head for what Netty's decoder lets pass: folded
 * fields, white space other than the two single blanks of a request line, lone carriage
 * returns, control characters, too many fields. Where two servers disagree on such bytes,
 * one of them sees a request the other does not.
 */
final class HeadScan implements ByteProcessor {

	private static final byte CR = '\r';

	private static final byte LF = '\n';

	private boolean any;

	private boolean inFirstLine = true;

	private boolean lineEmpty = true;

	private byte previous;

	private int blanks;

	private int fields;

	private @Nullable Exception fault;

	/** Continue with bytes the decoder has consumed. */
	void accept(ByteBuf buffer, int from, int to) {
		buffer.forEachByte(from, to - from, this);
	}

	/** Whether a part of a head has been seen. */
	boolean hasAny() {
		return this.any;
	}

	/** The first thing found to be wrong, or {@code null}. */
	@Nullable Exception fault() {
		return this.fault;
	}

	/** Begin with another head. */
	void reset() {
		this.any = false;
		this.inFirstLine = true;
		this.lineEmpty = true;
		this.previous = 0;
		this.blanks = 0;
		this.fields = 0;
		this.fault = null;
	}

	@Override
	public boolean process(byte current) {
		// Empty lines ahead of a request are not part of it.
		this.any |= current != CR && current != LF;
		if (this.previous == CR && current != LF) {
			fail("carriage return without line feed");
		}
		if (current == LF) {
			endLine();
		}
		else if (current != CR) {
			if (this.inFirstLine) {
				checkFirstLine(current);
			}
			else {
				checkField(current);
			}
			this.lineEmpty = false;
		}
		this.previous = current;
		return true;
	}

	private void endLine() {
		if (this.previous != CR) {
			fail("line feed without carriage return");
		}
		if (this.inFirstLine) {
			// Empty lines ahead of a request are tolerated:
			// https://www.rfc-editor.org/rfc/rfc9112#section-2.2
			if (!this.lineEmpty) {
				this.inFirstLine = false;
				if (this.blanks != 2) {
					fail("request line of other than three parts");
				}
			}
		}
		else if (!this.lineEmpty && ++this.fields > Limits.REQUEST_FIELDS && this.fault == null) {
			this.fault = new TooLongHttpHeaderException("More than " + Limits.REQUEST_FIELDS + " fields");
		}
		this.lineEmpty = true;
	}

	// https://www.rfc-editor.org/rfc/rfc9112#section-3: SP only, and one at a time
	private void checkFirstLine(byte current) {
		if (current == ' ') {
			this.blanks++;
			if (this.lineEmpty || this.previous == ' ') {
				fail("blank out of place in the request line");
			}
		}
		else if (isControl(current)) {
			fail("control character in the request line");
		}
	}

	// https://www.rfc-editor.org/rfc/rfc9112#section-5.2: obs-fold
	private void checkField(byte current) {
		if (this.lineEmpty && (current == ' ' || current == '\t')) {
			fail("folded field");
		}
		else if (current != '\t' && isControl(current)) {
			fail("control character in a field");
		}
	}

	private static boolean isControl(byte current) {
		return (current >= 0 && current < ' ') || current == 0x7F;
	}

	private void fail(String what) {
		if (this.fault == null) {
			this.fault = new IllegalArgumentException(what);
		}
	}

}

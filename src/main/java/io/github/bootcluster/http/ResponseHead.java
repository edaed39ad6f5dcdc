package io.github.bootcluster.http;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;

/**
 * The head of an answer. Its syntax is sound once it is complete; whether it makes sense
 * is for others to say.
 */
public final class ResponseHead extends Head {

	/** Workers set cookies more freely than clients do. */
	private static final int MAX_FIELD_BYTES = 64 * 1024;

	private static final int MAX_FIELDS = 500;

	private static final int MAX_LINE = 8 * 1024;

	private static final int STATUS_LENGTH = 3;

	private static final byte[] VERSION = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);

	private int status;

	private int statusFrom;

	private int lineTo;

	private boolean http10;

	public ResponseHead() {
		super(MAX_LINE, MAX_FIELD_BYTES, MAX_FIELDS);
	}

	/** The status, from 100 to 999. */
	public int status() {
		return this.status;
	}

	/** Whether another head will follow it. */
	public boolean isInterim() {
		return this.status < 200;
	}

	public boolean isHttp10() {
		return this.http10;
	}

	/**
	 * Whether there is no body whatever the fields say.
	 * @param method what the request asked for
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112, section
	 * 6.3</a>
	 */
	public boolean isBodiless(Method method) {
		return isInterim() || this.status == 204 || this.status == 304 || method.equals(Method.HEAD);
	}

	/** Whether the connection may be used for another request. */
	public boolean isKeepAlive() {
		if (!fields().has(FieldName.CONNECTION)) {
			return !this.http10;
		}
		return !fields().lists(FieldName.CONNECTION, Word.CLOSE)
				&& (!this.http10 || fields().lists(FieldName.CONNECTION, Word.KEEP_ALIVE));
	}

	/** Write the first line, as HTTP/1.1. */
	public void writeStatusLine(ByteBuf out) {
		out.writeBytes(VERSION);
		out.writeBytes(bytes(), this.statusFrom, this.lineTo - this.statusFrom);
		if (this.lineTo == this.statusFrom + STATUS_LENGTH) {
			out.writeByte(' ');
		}
		out.writeByte(Syntax.CR).writeByte(Syntax.LF);
	}

	// https://www.rfc-editor.org/rfc/rfc9112#section-4
	@Override
	void startLine(int from, int to) throws MessageException {
		byte[] bytes = bytes();
		int version = Version.read(bytes, from, to);
		if (version != 10 && version != 11) {
			throw MessageException.malformed("status line without a known version");
		}
		this.http10 = version == 10;
		this.statusFrom = from + Version.LENGTH + 1;
		this.lineTo = to;
		int reasonFrom = this.statusFrom + STATUS_LENGTH;
		if (reasonFrom > to || bytes[this.statusFrom - 1] != ' ' || (reasonFrom < to && bytes[reasonFrom] != ' ')) {
			throw MessageException.malformed("status line without a status");
		}
		this.status = 0;
		for (int i = this.statusFrom; i < reasonFrom; i++) {
			if (!Syntax.isDigit(bytes[i])) {
				throw MessageException.malformed("status that is no number");
			}
			this.status = this.status * 10 + bytes[i] - '0';
		}
		if (this.status < 100) {
			throw MessageException.malformed("status below 100");
		}
		for (int i = reasonFrom; i < to; i++) {
			if (!Syntax.isText(bytes[i])) {
				throw MessageException.malformed("control character in the status line");
			}
		}
	}

}

package io.github.bootcluster.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.netty.buffer.ByteBuf;

/**
 * What comes before a body, or after it, line by line as it arrives. Every byte is
 * checked once; one that does not belong ends the reading. Can be used again after
 * {@link #clear()}. Not safe for use by several threads.
 */
public abstract sealed class Head permits RequestHead, ResponseHead, Trailers {

	private static final int INITIAL_CAPACITY = 1024;

	/** Length of a line end in bytes. */
	private static final int LINE_END = 2;

	/** Most bytes taken at once: what follows the head need not be copied. */
	private static final int PORTION = 2 * 1024;

	/** Longest array that is kept for another head: few need more. */
	private static final int KEPT_CAPACITY = 4 * 1024;

	private final int maxStartLine;

	private final int maxFieldBytes;

	private final int maxFields;

	private final Fields fields;

	private byte[] bytes = new byte[INITIAL_CAPACITY];

	/** How many bytes have been taken. */
	private int size;

	/** Up to where there is no line feed that has not been dealt with. */
	private int scanned;

	/** Where the line begins that is being read. */
	private int lineFrom;

	/** Where the first line begins. */
	private int firstLineFrom;

	/** Where the fields begin, or -1 while the first line is being read. */
	private int fieldsFrom;

	private boolean complete;

	/**
	 * A head to be read.
	 * @param maxStartLine longest first line in bytes, or 0 where there is none
	 */
	Head(int maxStartLine, int maxFieldBytes, int maxFields) {
		this.maxStartLine = maxStartLine;
		this.maxFieldBytes = maxFieldBytes;
		this.maxFields = maxFields;
		this.fields = new Fields(this.bytes);
		begin();
	}

	/** The fields read so far. */
	public final Fields fields() {
		return this.fields;
	}

	/** Whether all of it has been read. */
	public final boolean isComplete() {
		return this.complete;
	}

	/** Whether any of it has been read. Empty lines ahead of it are not a part. */
	public final boolean hasBegun() {
		return this.fieldsFrom > 0 || (this.size > this.lineFrom && this.bytes[this.lineFrom] != Syntax.CR);
	}

	/** Whether the first line has been read and makes sense. */
	public final boolean hasFirstLine() {
		return this.fieldsFrom >= 0;
	}

	/**
	 * The first line as far as it was read, whether it makes sense or not, as Latin-1.
	 * @param maxLength most bytes of it that are of interest
	 */
	public final String firstLine(int maxLength) {
		int end = Math.min(this.size, this.firstLineFrom + maxLength);
		int to = this.firstLineFrom;
		while (to < end && this.bytes[to] != Syntax.CR && this.bytes[to] != Syntax.LF) {
			to++;
		}
		return new String(this.bytes, this.firstLineFrom, to - this.firstLineFrom, StandardCharsets.ISO_8859_1);
	}

	/**
	 * Read on.
	 * @param in the bytes; those up to the end of the head are taken from it, none beyond
	 * @return whether the head is complete
	 * @throws MessageException if it never will be
	 */
	public final boolean read(ByteBuf in) throws MessageException {
		while (!this.complete && in.isReadable()) {
			int before = this.size;
			int length = Math.min(in.readableBytes(), Math.min(PORTION, room()));
			if (length == 0) {
				throw tooLarge();
			}
			ensureCapacity(this.size + length);
			in.getBytes(in.readerIndex(), this.bytes, this.size, length);
			this.size += length;
			readLines();
			in.skipBytes(this.size - before);
		}
		return this.complete;
	}

	private void readLines() throws MessageException {
		for (int lineFeed = nextLineFeed(); lineFeed >= 0; lineFeed = nextLineFeed()) {
			endLine(lineFeed);
			if (this.complete) {
				this.size = this.scanned;
				return;
			}
		}
	}

	/** Make ready for another one. */
	public void clear() {
		if (this.bytes.length > KEPT_CAPACITY) {
			this.bytes = new byte[INITIAL_CAPACITY];
			this.fields.moved(this.bytes);
		}
		begin();
	}

	/**
	 * Read the first line.
	 * @param from where it begins
	 * @param to where it ends; its line end is not part of it
	 */
	abstract void startLine(int from, int to) throws MessageException;

	/** Whether empty lines ahead of the first line are no fault. */
	boolean toleratesEmptyLines() {
		return false;
	}

	final byte[] bytes() {
		return this.bytes;
	}

	private void begin() {
		this.size = 0;
		this.scanned = 0;
		this.lineFrom = 0;
		this.firstLineFrom = 0;
		this.fieldsFrom = (this.maxStartLine > 0) ? -1 : 0;
		this.complete = false;
		this.fields.clear();
	}

	/**
	 * How many bytes more may be taken before the part that is being read is too large:
	 * the first line, not counting its end, or all fields with their ends. Empty lines
	 * ahead are no part of the first line as long as they take no more than it may.
	 */
	private int room() {
		int limit = (this.fieldsFrom >= 0) ? this.fieldsFrom + this.maxFieldBytes
				: Math.min(this.firstLineFrom, this.maxStartLine) + this.maxStartLine + LINE_END;
		return limit - this.size;
	}

	private void ensureCapacity(int capacity) {
		if (capacity > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(capacity, 2 * this.bytes.length));
			this.fields.moved(this.bytes);
		}
	}

	private int nextLineFeed() {
		byte[] bytes = this.bytes;
		int end = this.size;
		for (int i = this.scanned; i < end; i++) {
			if (bytes[i] == Syntax.LF) {
				this.scanned = i + 1;
				return i;
			}
		}
		this.scanned = end;
		return -1;
	}

	private void endLine(int lineFeed) throws MessageException {
		int from = this.lineFrom;
		int to = lineFeed - 1;
		if (to < from || this.bytes[to] != Syntax.CR) {
			throw MessageException.malformed("line feed without carriage return");
		}
		this.lineFrom = lineFeed + 1;
		if (this.fieldsFrom < 0) {
			// https://www.rfc-editor.org/rfc/rfc9112#section-2.2
			if (to > from || !toleratesEmptyLines()) {
				startLine(from, to);
				this.fieldsFrom = this.lineFrom;
			}
			else {
				this.firstLineFrom = this.lineFrom;
			}
		}
		else if (to > from) {
			field(from, to);
		}
		else {
			this.complete = true;
		}
	}

	// https://www.rfc-editor.org/rfc/rfc9112#section-5
	private void field(int from, int to) throws MessageException {
		byte[] bytes = this.bytes;
		if (this.fields.size() == this.maxFields) {
			throw tooLarge();
		}
		int nameTo = from;
		while (nameTo < to && Syntax.isToken(bytes[nameTo])) {
			nameTo++;
		}
		if (nameTo == from || nameTo == to || bytes[nameTo] != ':') {
			throw MessageException
				.malformed(Syntax.isBlank(bytes[from]) ? "folded field" : "field without a valid name");
		}
		int valueFrom = nameTo + 1;
		while (valueFrom < to && Syntax.isBlank(bytes[valueFrom])) {
			valueFrom++;
		}
		int valueTo = to;
		while (valueTo > valueFrom && Syntax.isBlank(bytes[valueTo - 1])) {
			valueTo--;
		}
		for (int i = valueFrom; i < valueTo; i++) {
			if (!Syntax.isText(bytes[i])) {
				throw MessageException.malformed("control character in a field");
			}
		}
		this.fields.add(from, nameTo, valueFrom, valueTo);
	}

	private MessageException tooLarge() {
		return (this.fieldsFrom < 0)
				? new MessageException(MessageException.Fault.START_LINE_TOO_LONG, "first line is too long")
				: new MessageException(MessageException.Fault.FIELDS_TOO_LARGE, "fields are too many or too large");
	}

}

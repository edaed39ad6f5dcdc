package io.github.bootcluster.http;

/**
 * How the end of a body is found. A message of which two servers might find different
 * ends has no framing: it is refused, never repaired.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112, section
 * 6.3</a>
 */
public sealed interface Framing {

	/** There is no body. */
	Framing NONE = new None();

	/** It comes in chunks, the last of which is empty. */
	Framing CHUNKED = new Chunked();

	/** It ends with the connection. */
	Framing UNTIL_CLOSE = new UntilClose();

	/** A number of that many digits fits into 64 bits. */
	int MAX_LENGTH_DIGITS = 18;

	/**
	 * The framing of a request.
	 * @throws MessageException if it is ambiguous, or not one to be spoken
	 */
	static Framing of(RequestHead head) throws MessageException {
		Fields fields = head.fields();
		if (fields.has(FieldName.TRANSFER_ENCODING)) {
			return transferEncoding(fields, head.isHttp10());
		}
		return fields.has(FieldName.CONTENT_LENGTH) ? fixed(fields) : NONE;
	}

	/**
	 * The framing of an answer.
	 * @param method what the request asked for
	 * @throws MessageException if it is ambiguous, or not one to be spoken
	 */
	static Framing of(ResponseHead head, Method method) throws MessageException {
		Fields fields = head.fields();
		Framing framing;
		if (fields.has(FieldName.TRANSFER_ENCODING)) {
			framing = transferEncoding(fields, head.isHttp10());
		}
		else {
			framing = fields.has(FieldName.CONTENT_LENGTH) ? fixed(fields) : UNTIL_CLOSE;
		}
		return head.isBodiless(method) ? NONE : framing;
	}

	private static Framing transferEncoding(Fields fields, boolean http10) throws MessageException {
		if (fields.has(FieldName.CONTENT_LENGTH)) {
			throw MessageException.malformed("Content-Length and Transfer-Encoding exclude each other.");
		}
		if (http10) {
			throw MessageException.malformed("HTTP/1.0 knows no Transfer-Encoding.");
		}
		if (fields.count(FieldName.TRANSFER_ENCODING) > 1 || !fields.is(FieldName.TRANSFER_ENCODING, Word.CHUNKED)) {
			throw MessageException.malformed("The only Transfer-Encoding accepted is 'chunked'.");
		}
		return CHUNKED;
	}

	private static Framing fixed(Fields fields) throws MessageException {
		if (fields.count(FieldName.CONTENT_LENGTH) > 1) {
			throw MessageException.malformed("Content-Length must be there only once.");
		}
		long length = fields.number(FieldName.CONTENT_LENGTH, MAX_LENGTH_DIGITS);
		if (length < 0) {
			throw MessageException.malformed("Content-Length must be one number.");
		}
		return (length == 0) ? Fixed.EMPTY : new Fixed(length);
	}

	/** There is no body. */
	record None() implements Framing {

	}

	/**
	 * The body has a known length.
	 *
	 * @param length in bytes
	 */
	record Fixed(long length) implements Framing {

		private static final Fixed EMPTY = new Fixed(0);

	}

	/** The body comes in chunks. */
	record Chunked() implements Framing {

	}

	/** The body ends with the connection. */
	record UntilClose() implements Framing {

	}

}
